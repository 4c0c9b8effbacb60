"""An audit entry in words: {{ entry.action|action_words }}, {{ entry.detail|told }}."""

from typing import Any

from django import template

from cersgroups.core.schedule import DAY_NAMES

register = template.Library()

ACTION_WORDS: dict[str, str] = {
    "create lea": "Set up the LEA",
    "make link for admin": "Made a link for one more admin, by the command line",
    "become admin by link": "Became an admin by a link of the command line",
    "sign in": "Signed in",
    "sign out": "Signed out",
    "idle session ended": "Was signed out for doing nothing",
    "sign-in failed": "Failed to sign in",
    "second factor failed": "Failed to prove a second factor",
    "change password": "Changed the password",
    "set password": "Set a password",
    "reset password": "Set a new password by the link of a mail",
    "switch on authenticator app": "Switched on an authenticator app",
    "switch off authenticator app": "Switched off the authenticator app",
    "add passkey": "Added a passkey",
    "rename passkey": "Renamed a passkey",
    "remove passkey": "Removed a passkey",
    "make recovery codes": "Made recovery codes",
    "discard recovery codes": "Discarded the recovery codes",
    "sign out everywhere else": "Signed out everywhere else",
    "change retention": "Changed how long data are kept",
    "clean up": "Removed what is kept no longer",
    "make backup": "Copied all data into a backup",
    "rotate key": "Sealed the stored secrets again",
    "restore backup": "Restored a backup",
    "change settings": "Changed the settings",
    "invite person": "Invited a person",
    "invite person again": "Invited a person again",
    "change rights": "Changed what a person may do",
    "remove person": "Removed a person",
    "sign out everywhere": "Signed a person out everywhere",
    "create profile": "Created a profile",
    "open profile": "Opened a profile",
    "read profile": "Read a profile",
    "change profile": "Changed a profile",
    "duplicate profile": "Duplicated a profile",
    "hand over profile": "Handed over a profile",
    "delete profile": "Deleted a profile",
    "export profile": "Exported a profile",
    "read gone students": "Saw which students of a list are gone",
    "upload roster": "Uploaded a roster",
    "inspect roster": "Had a mapping suggested",
    "convert roster again": "Had a roster converted again",
    "make roster current": "Made a roster current",
    "go back to roster": "Went back to an earlier roster",
    "roster ready": "Converted a roster",
    "roster held": "Held a roster",
    "roster failed": "Could not use a roster",
    "save source": "Saved a source",
    "save source by command": "Saved a source",
    "delete source": "Removed a source",
    "test source": "Tested a source",
    "test source by command": "Tested a source",
    "save sync schedule": "Saved when a roster is fetched",
    "save sync schedule by command": "Saved when a roster is fetched",
    "save side files": "Stored side files",
    "remove side files": "Removed side files",
    "sync": "Began to fetch a roster",
    "sync by command": "Began to fetch a roster",
    "cancel sync": "Stopped fetching a roster",
    "read finding of roster": "Read the rows of a roster’s finding",
    "download findings of roster": "Downloaded a roster’s findings",
    "create extract": "Began an extract",
    "extract done": "Finished an extract",
    "extract failed": "Could not make an extract",
    "read finding": "Read the rows of a finding",
    "download": "Downloaded a file",
    "create upload": "Began an upload",
    "retire groups": "Began to retire groups",
    "read difference": "Read what an upload changes",
    "read who sees a student": "Asked who sees a student",
    "agree to upload": "Agreed to an upload",
    "cancel upload": "Cancelled an upload",
    "mark upload as done by hand": "Said that files were uploaded by hand",
    "upload held": "Held an upload",
    "upload ready": "Prepared files to be uploaded by hand",
    "upload done": "Finished an upload",
    "upload accepted": "Sent an upload, which CERS accepted",
    "upload refused": "Sent an upload, which CERS refused",
    "upload stopped": "Stopped an upload",
    "upload failed": "Could not upload",
    "make API token": "Made an API token",
    "revoke API token": "Revoked an API token",
    "save credential": "Saved a credential",
    "delete credential": "Deleted a credential",
    "test credential": "Tested a credential",
    "save scheduled process": "Saved the scheduled process",
    "run scheduled process now": "Started the scheduled process by hand",
    "start run": "Started the scheduled process",
    "miss run": "Missed a run of the scheduled process",
    "run done": "Finished a run of the scheduled process",
    "run stopped": "Stopped a run of the scheduled process",
    "run failed": "Could not finish a run of the scheduled process",
    "run missed": "Told of a missed run of the scheduled process",
}
"""What was done, by the action's name in the log; another name is shown as it is."""


@register.filter
def action_words(action: str) -> str:
    """`Set up the LEA` for `create lea`."""
    return ACTION_WORDS.get(action, action.capitalize())


@register.filter
def told(detail: dict[str, Any]) -> str:
    """`name: English 7, schools: 990, 994`; what is None or blank is left out."""
    return "; ".join(
        f"{name.replace('_', ' ')}: {_text(name, value)}"
        for name, value in detail.items()
        if value not in (None, "", [])
    )


def _text(name: str, value: Any) -> str:
    if name == "days" and isinstance(value, list):  # of the week, by number
        return ", ".join(DAY_NAMES[day] for day in value)
    if name == "occurrence" and isinstance(value, str):  # core/schedule.py, actions/scheduled_run.py
        return "by hand" if value.startswith("now ") else value.replace("T", " ")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
