"""Student groups for CERS: a roster in, a checked file out."""

__version__ = "0.2.0"
