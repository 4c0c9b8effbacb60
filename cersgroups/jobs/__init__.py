"""Re-entrant jobs, named by a record's id, and the worker that runs them."""
