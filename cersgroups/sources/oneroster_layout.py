"""The files of OneRoster 1.1 and 1.2 that are read, with the columns of the specification.

Source: OneRoster 1.1 Final CSV Tables and the OneRoster 1.2 CSV Binding (1EdTech); the demographics and the
files for results, resources and classes' categories are not needed and never opened.
"""

from typing import Literal

Version = Literal["1.1", "1.2"]

_RECORD = "sourcedId status dateLastModified"

_COMMON = {
    "orgs": f"{_RECORD} name type identifier parentSourcedId",
    "academicSessions": f"{_RECORD} title type startDate endDate parentSourcedId schoolYear",
    "courses": f"{_RECORD} schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes",
    "classes": f"{_RECORD} title grades courseSourcedId classCode classType location schoolSourcedId "
    "termSourcedIds subjects subjectCodes periods",
    "enrollments": f"{_RECORD} classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate",
}

_USERS: dict[Version, dict[str, str]] = {
    "1.1": {
        "users": f"{_RECORD} enabledUser orgSourcedIds role username userIds givenName familyName "
        "middleName identifier email sms phone agentSourcedIds grades password",
    },
    "1.2": {
        "users": f"{_RECORD} enabledUser username userIds givenName familyName middleName identifier "
        "email sms phone agentSourcedIds grades password userMasterIdentifier preferredGivenName "
        "preferredMiddleName preferredFamilyName primaryOrgSourcedId pronouns",
        "roles": f"{_RECORD} userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId",
    },
}

COLUMNS: dict[Version, dict[str, tuple[str, ...]]] = {
    version: {name: tuple(columns.split()) for name, columns in {**_COMMON, **own}.items()}
    for version, own in _USERS.items()
}
"""By version and file; the order does not matter here."""

MINOR_COLUMNS = {"resourceSourcedIds", "pronouns"}
"""Columns of users that came or went between 1.2.0 and 1.2.1: neither missing nor unknown."""

NEEDED_FILES = ("orgs", "academicSessions", "users")
"""Without these there is no roster."""

WANTED_FILES = ("classes", "enrollments", "courses")
"""Without these there is one, but with fewer groups."""

NEEDED_COLUMNS = {
    "orgs": ("sourcedId", "name", "type"),
    "academicSessions": ("sourcedId", "startDate", "endDate"),
    "courses": ("sourcedId", "title"),
    "classes": ("sourcedId", "schoolSourcedId", "termSourcedIds"),
    "enrollments": ("classSourcedId", "userSourcedId", "role"),
    "users": ("sourcedId", "givenName", "familyName"),
    "roles": ("userSourcedId", "role", "orgSourcedId"),
}
"""Columns without which a file tells nothing."""

READ_FILES = (*NEEDED_COLUMNS,)

NOT_NEEDED_FILES = frozenset(
    name.casefold()
    for name in [
        "demographics",
        "userProfiles",
        "userResources",
        "classResources",
        "courseResources",
        "resources",
        "results",
        "categories",
        "lineItems",
        "lineItemLearningObjectiveIds",
        "lineItemScoreScales",
        "resultLearningObjectiveIds",
        "resultScoreScales",
        "scoreScales",
    ]
)
"""Files of the specification that say nothing about groups."""

MARKS = frozenset({"manifest", "orgs", "users", "academicsessions", "classes", "roles"})
"""Files that only a OneRoster export has (courses and enrollments are tables of a roster folder too)."""
