"""`python -m cersgroups` is the same as `cersgroups`."""

from cersgroups.cli.main import run

run()
