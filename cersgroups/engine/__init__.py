"""The only home of DuckDB: snapshot, options for the filters, extract."""
