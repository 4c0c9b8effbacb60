"""What can stop a command or a page, as sentences.

    Stop
    |- DataStop                the data stops it (exit status 1)
    |  '- EditConflict         somebody else has changed it meanwhile
    '- RequestStop             the request is wrong (exit status 2)
       |- NotThere             it is not there, or is of another LEA
       |- PermissionRefused    this person may not do it
       |- StateConflict        not as things are now
       |- TokenRefused         the API token does not let anybody in
       '- TooOften             the API token was used too often

Every message says what is wrong, where (file, line, value) and what to do.
"""


class Stop(Exception):  # noqa: N818 - a stop is told to a person, it is no fault of the software
    """A person must do something first; `str(stop)` tells what. `status` is the exit status."""

    status = 1


class DataStop(Stop):
    """The roster, the mapping or the file cannot be used as it is."""

    status = 1


class EditConflict(DataStop):
    """Somebody else has changed the record since it was shown; nothing was written."""


class RequestStop(Stop):
    """The request cannot be meant: an unknown key, another school year, a path that is not there."""

    status = 2


class NotThere(RequestStop):
    """There is no such record for this person's LEA: it was deleted, or never was."""


class PermissionRefused(RequestStop):
    """The person's level, schools or ownership do not allow it."""


class StateConflict(RequestStop):
    """The request does not go with how things are now: something else must be done, or end, first."""


class TokenRefused(RequestStop):
    """The API token is missing, unknown, expired or revoked, or its person does not belong to the LEA any more."""


class TooOften(RequestStop):
    """The API token was used more often than it may be; `seconds` until it may be used again."""

    def __init__(self, sentence: str, seconds: int) -> None:
        super().__init__(sentence)
        self.seconds = seconds
