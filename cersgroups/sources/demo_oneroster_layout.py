"""The files of OneRoster CSV 1.1 and 1.2 and their columns, in the order of the specification.

Sources: OneRoster 1.1 CSV tables (1EdTech, August 2023) and OneRoster 1.2.1 CSV binding.
"""

VERSIONS = ("1.1", "1.2")

_BASE = ("sourcedId", "status", "dateLastModified")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _columns(names: str) -> tuple[str, ...]:
    return _BASE + _words(names)


_COMMON = {
    "orgs": _columns("name type identifier parentSourcedId"),
    "academicSessions": _columns("title type startDate endDate parentSourcedId schoolYear"),
    "courses": _columns("schoolYearSourcedId title courseCode grades orgSourcedId subjects subjectCodes"),
    "classes": _columns(
        "title grades courseSourcedId classCode classType location schoolSourcedId termSourcedIds "
        "subjects subjectCodes periods"
    ),
    "enrollments": _columns("classSourcedId schoolSourcedId userSourcedId role primary beginDate endDate"),
}
_USERS_1_1 = _columns(
    "enabledUser orgSourcedIds role username userIds givenName familyName middleName identifier email sms "
    "phone agentSourcedIds grades password"
)
_USERS_1_2 = _columns(
    "enabledUser username userIds givenName familyName middleName identifier email sms phone agentSourcedIds "
    "grades password userMasterIdentifier preferredGivenName preferredMiddleName preferredFamilyName "
    "primaryOrgSourcedId pronouns"
)
_ROLES = _columns("userSourcedId roleType role beginDate endDate orgSourcedId userProfileSourcedId")

COLUMNS: dict[str, dict[str, tuple[str, ...]]] = {
    "1.1": {**_COMMON, "users": _USERS_1_1},
    "1.2": {**_COMMON, "users": _USERS_1_2, "roles": _ROLES},
}
"""The files that a demo zip holds, by version."""

_KNOWN_1_1 = _words(
    "academicSessions categories classes classResources courses courseResources demographics enrollments "
    "lineItems orgs resources results users"
)
_KNOWN_1_2 = _words(
    "academicSessions categories classes classResources courses courseResources demographics enrollments "
    "lineItemLearningObjectiveIds lineItems lineItemScoreScales orgs resources resultLearningObjectiveIds "
    "results resultScoreScales roles scoreScales userProfiles userResources users"
)
KNOWN_FILES = {"1.1": _KNOWN_1_1, "1.2": _KNOWN_1_2}
"""The files that a manifest must speak of."""


def manifest(version: str) -> list[tuple[str, str]]:
    """The rows of manifest.csv: what we write is bulk, the rest absent."""
    return [
        ("propertyName", "value"),
        ("manifest.version", "1.0"),
        ("oneroster.version", version),
        *((f"file.{name}", "bulk" if name in COLUMNS[version] else "absent") for name in KNOWN_FILES[version]),
        ("source.systemName", "cersgroups demo"),
        ("source.systemCode", "demo"),
    ]
