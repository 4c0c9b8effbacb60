"""The domain in plain Python: roster tables, profile, names, student group, findings."""
