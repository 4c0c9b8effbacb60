"""The one Django app: what is stored in the relational database."""
