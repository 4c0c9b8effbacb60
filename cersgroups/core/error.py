"""What can stop a command, as sentences.

    Stop
    |- DataStop       the data stops it (exit status 1)
    '- RequestStop    the request is wrong (exit status 2)

Every message says what is wrong, where (file, line, value) and what to do.
"""


class Stop(Exception):  # noqa: N818 - a stop is told to a person, it is no fault of the software
    """A person must do something first; `str(stop)` tells what. `status` is the exit status."""

    status = 1


class DataStop(Stop):
    """The roster, the mapping or the file cannot be used as it is."""

    status = 1


class RequestStop(Stop):
    """The request cannot be meant: an unknown key, another school year, a path that is not there."""

    status = 2
