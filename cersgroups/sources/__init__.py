"""One file per kind of source; each turns what it reads into roster tables."""
