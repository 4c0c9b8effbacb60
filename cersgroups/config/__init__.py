"""Settings and the entry points that tie the rooms together."""
