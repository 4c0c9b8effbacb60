"""The tables of the web pages."""
