"""Student groups for CERS: a roster in, a checked file out."""

__version__ = "0.1.0"
