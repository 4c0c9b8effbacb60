"""The web pages: one of the three doors. Reads records, changes things through actions only."""
