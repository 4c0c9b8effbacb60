"""Every page of the web application, from its URL resolver: what is asked for, and why the rest is no page.

A name that the resolver has and this file does not (or the other way round) stops the benchmark and fails a test.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import combinations, cycle, islice
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

Form = dict[str, Any]


@dataclass(frozen=True)
class Ids:
    """What page_stage.py made, for the addresses: ids of records, drafts by type of profile with their forms' content.

    `failed` is a roster: an uploaded export. `last_pages`: of the rows of a finding, by its code.
    `students`: SSIDs and student IDs of some.
    """

    snapshot: int
    extract: int
    person: int
    profile: int
    upload: int
    source: int
    failed: int
    extract_finding: str
    snapshot_finding: str
    last_pages: dict[str, int]
    drafts: dict[str, int]
    contents: dict[str, dict[str, Any]]
    lists: dict[str, list[str]]
    students: list[list[str]]


@dataclass(frozen=True)
class Page:
    """`forms` None: asked for with GET; else posted, each time with the next of them, so that no answer is a kept one.

    `nobody`: shown to whoever is not signed in.
    """

    name: str
    path: str
    nobody: bool = False
    forms: Callable[[], Iterator[Form]] | None = None


BY_ID = {
    "extract": "extract_id",
    "extract_row": "extract_id",
    "snapshot": "pk",
    "snapshot_progress": "pk",
    "person": "pk",
    "upload": "pk",
    "upload_difference": "pk",
    "hand_over_profile": "pk",
    "export_profile": "pk",
    "source": "pk",
    "source_settings": "pk",
    "source_now": "pk",
}
LOG = {
    "newest": "",
    "last page": "page=2000",
    "one person": "person=person7%40demo.example",
    "one action": "action=open+profile",
    "one day": "first=2026-11-01&last=2026-11-01",
    "searched": "thing=English+42",
    "searched in vain": "thing=no+such+thing",
}
"""Filters of the audit log, in which there are 100,000 entries (page_history.py)."""

OF_TYPES = ("draft_options", "draft_type", "draft_preview")
"""Asked for with a draft of each type."""

CHANGES = "changes something; what is shown then is a page of its own"
"""Of what answers no GET; a test asks."""

NO_PAGE = {
    **dict.fromkeys(
        ("choose_school", "choose_lea", "roster_back", "snapshot_make_current", "new_profile",
         "invite_person_again", "sign_out_person", "remove_person", "edit_profile", "duplicate_profile",
         "delete_profile", "draft_discard", "roster_upload", "create_upload", "upload_agree",
         "upload_cancel", "upload_mark", "retire_groups", "try_credential", "delete_credential",
         "run_scheduled_process", "roll_forward", "revoke_api_token", "check_source",
         "sync_source", "cancel_source_sync", "source_side_files", "source_schedule", "delete_source"),
        CHANGES,
    ),
    **dict.fromkeys(("home", "school_selection", "extract_options", "account_inactive"), "only leads to another page"),
    "socialaccount_login_error": "the answer to a failed sign-in",
    "draft_students": "a file of one's own: how long it takes is its length",
    "first_admin": "once in the life of an LEA",
    "api_openapi": "for programs",
    **dict.fromkeys(
        ("download_extract", "download_upload", "audit_log_csv", "held_users_csv", "snapshot_findings_csv"),
        "a file and no page: how long it takes follows its size",
    ),
    "credential": "as new_credential, filled in",
    **dict.fromkeys(
        ("account_signup", "account_email", "account_email_verification_sent", "account_confirm_email",
         "socialaccount_signup", "socialaccount_connections"),
        "closed (web/urls.py)",
    ),
    **dict.fromkeys(
        ("account_set_password", "account_confirm_login_code", "account_reset_password_from_key", "mfa_authenticate",
         "mfa_reauthenticate", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
         "mfa_download_recovery_codes", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn", "mfa_edit_webauthn",
         "mfa_login_webauthn", "openid_connect_login", "openid_connect_callback"),
        "a step of signing in that needs a link, a device or a provider",
    ),
}  # fmt: skip


def names() -> set[str]:
    """The names of all addresses in the resolver, but for the API's."""
    return {pattern.name for pattern in patterns() if pattern.name}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """All addresses of the resolver, but for the API's."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.namespace != "api":
            yield from patterns(pattern)


def pages(ids: Ids) -> list[Page]:
    """All pages. Raises RuntimeError for a name that is neither asked for nor excused."""
    found = [*_special(ids)]
    told = {page.name.split(":")[0] for page in found} | set(NO_PAGE)
    for name in sorted(names() - told):
        if name in BY_ID:
            record = vars(ids)
            found.append(Page(name, reverse(name, kwargs={BY_ID[name]: record.get(name.split("_")[0], ids.profile)})))
        else:
            found.append(Page(name, _plain(name), nobody=name == "account_login"))
    return sorted(found, key=lambda page: page.path)


def _plain(name: str) -> str:
    from django.urls import NoReverseMatch

    try:
        return reverse(name)
    except NoReverseMatch:
        raise RuntimeError(f"{name}: a new page? Say in tests/bench/page.py how it is asked for.") from None


def _special(ids: Ids) -> Iterator[Page]:
    yield Page("creating_files", f"{reverse('creating_files')}?batch={ids.extract}")
    for name, record, code in (
        ("finding_rows", ids.extract, ids.extract_finding),
        ("snapshot_finding", ids.snapshot, ids.snapshot_finding),
    ):
        url = reverse(name, args=[record, code])
        yield Page(name, url)
        yield Page(f"{name}: last page", f"{url}?page={ids.last_pages[code]}")
    mapping = reverse("snapshot_mapping", args=[ids.failed])
    yield Page("snapshot_mapping", mapping)
    yield Page("snapshot_mapping: sent with no such place", mapping, forms=lambda: cycle([{"ssid": "nowhere"}]))
    for place, what in enumerate(("by SSID", "by student ID")):
        numbers = [student[place] for student in ids.students]
        yield Page(f"held_student: {what}", reverse("held_student"), forms=partial(_numbers, numbers))
    yield from _asked("new_source", {"the kinds": "", "Aeries API": "kind=aeries_api"})
    yield from _asked("audit_log", LOG)
    one = ids.drafts["classes"]
    yield Page("draft_schools", reverse("draft_schools", args=[one]))
    yield Page(
        "draft_school_entries", reverse("draft_school_entries", args=[one]), forms=lambda: cycle([{"schools": "[]"}])
    )
    for type_, draft in ids.drafts.items():
        yield Page(f"draft_options: {type_}", reverse("draft_options", args=[draft]))
        for name in OF_TYPES[1:]:
            yield Page(f"{name}: {type_}", reverse(name, args=[draft]), forms=partial(_varied, ids, type_))
    for name in ("subject_areas", "courses", "teachers"):
        yield Page(
            f"draft_entries: {name}", reverse("draft_entries", args=[one, name]), forms=partial(_varied, ids, "classes")
        )


def _asked(name: str, queries: Mapping[str, str]) -> Iterator[Page]:
    """One page, asked for in several ways."""
    for what, query in queries.items():
        yield Page(f"{name}: {what}", f"{reverse(name)}?{query}")


def _varied(ids: Ids, type_: str) -> Iterator[Form]:
    """The form of the draft, each time with other choices, as somebody who is still choosing sends it."""
    content = ids.contents[type_]
    for departments, more in zip(
        _choices(ids.lists["departments"]), _choices(ids.lists["additional"][:12]), strict=False
    ):
        yield form_of({**content, "departments": departments, "additional": more})


def _numbers(numbers: list[str]) -> Iterator[Form]:
    return cycle([{"number": number} for number in numbers])


def _choices(values: list[str]) -> Iterator[list[str]]:
    """One value after another, then two, three, ..., without end."""
    yield from cycle([list(chosen) for n in (1, 2, 3) for chosen in islice(combinations(values, n), 200)] or [[]])


def form_of(content: Mapping[str, Any]) -> Form:
    """What the page would send for a draft's content."""
    lists = ("schools", "departments", "subject_areas", "courses", "teachers", "grades", "counselors",
             "student_groups", "additional")  # fmt: skip
    form = {"shown": content["type"], **{k: v for k, v in content.items() if v not in (None, False, "")}}
    return form | {name: json.dumps(content[name]) for name in lists}
