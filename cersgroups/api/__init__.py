"""A door: the HTTP API for programs, at /api/. The actions and permissions of the pages, and nothing of its own."""
