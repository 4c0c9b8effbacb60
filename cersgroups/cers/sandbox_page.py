"""The page of the sandbox: what it holds, by LEA and school, and uploads with their answers. HTML without script."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby
from typing import Any
from urllib.parse import quote

_OPEN_GROUPS = 300
"""Up to so many groups are all on one page; of more, those of one school at a time."""

_MOST_GROUPS = 2_000
_MOST_UPLOADS = 50
_LEA_DIGITS = 7

_STYLE = """
:root { color-scheme: light dark; --line: #d5d9de; --soft: #5c6570; --ground: #fff; --card: #f6f7f9; --text: #1c2126;
  --good: #146c43; --bad: #b02a37; --link: #0a58ca }
@media (prefers-color-scheme: dark) { :root { --line: #3a4149; --soft: #a3adb8; --ground: #15181b; --card: #1f2429;
  --text: #e6e9ec; --good: #75d6a5; --bad: #f1939c; --link: #86b7fe } }
body { margin: 0 auto; padding: 1.5rem; max-width: 64rem; font: 1rem/1.5 system-ui, sans-serif;
  background: var(--ground); color: var(--text) }
h1 { font-size: 1.5rem; margin: 0 } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem }
h3 { font-size: 1rem; margin: 1.25rem 0 .25rem } a { color: var(--link) } p { margin: .25rem 0 }
.soft { color: var(--soft) } .good { color: var(--good) } .bad { color: var(--bad) }
details { border: 1px solid var(--line); border-radius: .4rem; background: var(--card); margin: .35rem 0 }
details details { background: var(--ground); margin: .35rem .75rem }
summary { padding: .4rem .75rem; cursor: pointer } dl { display: grid; grid-template-columns: 6rem 1fr;
  gap: .25rem .75rem; margin: .25rem .75rem .75rem } dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
.table { overflow-x: auto } table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line) }
th { color: var(--soft); font-weight: normal }
td.message { white-space: pre-wrap; overflow-wrap: anywhere; min-width: 14rem }
td.when { min-width: 6.5rem }
code { font-size: .875em }
"""

_OUTCOMES = {
    "loaded": "loaded",
    "skipped": "skipped: the same bytes were processed before",
    "rejected": "refused by the check",
    "load_failed": "accepted, but the load failed",
    "crash": "the check broke down",
    None: "waits to be loaded",
}
_GOOD = ("PROCESSED", "ACCEPTED")
_LONGEST_MESSAGE = 2_000


def page(state: dict[str, Any], school: str = "") -> str:
    """`state` as Store.state gives it; with `school`, the groups of that school only."""
    groups = state["groups"]
    title = f"School {school}" if school else "CERS sandbox"
    body = [
        f"<h1>{escape(title)}</h1>",
        '<p class="soft">A stand-in for the receiver, on this machine only. What is here went nowhere else.</p>',
        f"<p>{_counts(groups)} <a href='/state.json'>The same as JSON</a></p>",
        *(_school(school, groups) if school else _overview(state)),
    ]
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
    head += f"<style>{_STYLE}</style>"
    return f'<!doctype html><html lang="en"><head>{head}</head><body><main>{"".join(body)}</main></body></html>'


def _counts(groups: list[dict[str, Any]]) -> str:
    students = {student for group in groups for student in group["members"]}
    users = {user.lower() for group in groups for user in group["users"]}
    schools = {group["school"] for group in groups}
    return (
        f"It holds {_count(len(groups), 'group')} of {_count(len(schools), 'school')}, "
        f"with {_count(len(students), 'student')} and {_count(len(users), 'user')}."
    )


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _overview(state: dict[str, Any]) -> Iterator[str]:
    yield "<h2>Uploads</h2>"
    yield from _uploads(state["imports"])
    yield "<h2>Student groups</h2>"
    if not state["groups"]:
        yield "<p>No groups yet. Upload a file: what it says is then here.</p>"
    is_small = len(state["groups"]) <= _OPEN_GROUPS
    for lea, of_lea in groupby(state["groups"], key=lambda group: str(group["school"])[:_LEA_DIGITS]):
        yield f"<h3>LEA {escape(lea)}</h3>"
        for school, of_school in groupby(of_lea, key=lambda group: str(group["school"])):
            yield _school_line(school, list(of_school), with_groups=is_small)


def _school_line(school: str, groups: list[dict[str, Any]], *, with_groups: bool) -> str:
    said = f"School {escape(school)} <span class='soft'>{_count(len(groups), 'group')}</span>"
    if not with_groups:
        return f"<p><a href='/?school={quote(school)}'>{said}</a></p>"
    return f"<details open><summary>{said}</summary>{''.join(map(_group, groups))}</details>"


def _school(school: str, groups: Iterable[dict[str, Any]]) -> Iterator[str]:
    mine = [group for group in groups if group["school"] == school]
    yield "<p><a href='/'>All schools and uploads</a></p><h2>Student groups</h2>"
    yield from map(_group, mine[:_MOST_GROUPS])
    if len(mine) > _MOST_GROUPS:
        yield f"<p>and {len(mine) - _MOST_GROUPS:,} more, in the JSON.</p>"
    if not mine:
        yield "<p>This school has no groups here.</p>"


def _group(group: dict[str, Any]) -> str:
    subject, students, users = group["subject"] or "all subjects", group["members"], group["users"]
    note = f"{group['year']}, {subject}; students: {len(students)}, users: {len(users)}"
    rows = f"<dt>Students</dt><dd>{_listed(students)}</dd><dt>Users</dt><dd>{_listed(users)}</dd>"
    name = f"<strong>{escape(group['name'])}</strong> <span class='soft'>{escape(note)}</span>"
    return f"<details><summary>{name}</summary><dl>{rows}</dl></details>"


def _listed(texts: list[str]) -> str:
    return escape(", ".join(texts)) or "<span class='soft'>none</span>"


def _uploads(records: list[dict[str, Any]]) -> Iterator[str]:
    if not records:
        yield "<p>None yet.</p>"
        return
    heads = "".join(f"<th scope='col'>{head}</th>" for head in ("No.", "When (UTC)", "File", "By", "Status", "Message"))
    rows = "".join(map(_upload, records[:_MOST_UPLOADS]))
    yield "<div class='table' tabindex='0' role='region' aria-label='Uploads'>"
    yield f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    if len(records) > _MOST_UPLOADS:
        yield f"<p class='soft'>and {len(records) - _MOST_UPLOADS:,} older ones, in the JSON.</p>"


def _upload(record: dict[str, Any]) -> str:
    told = record["message"] or ""
    if record["reason"]:
        told = f"CERS gives no message. Why: {record['reason']}."
    told = told if len(told) <= _LONGEST_MESSAGE else f"{told[:_LONGEST_MESSAGE]} ..."
    tone = "good" if record["status"] in _GOOD else "bad"
    status = f"<span class='{tone}'>{escape(record['status'])}</span><br>"
    status += f"<span class='soft'>{_OUTCOMES[record['outcome']]}</span>"
    file = f"{escape(record['filename'])}<br><code class='soft'>{record['digest'][:8]}</code>"
    when = escape(record["created"][:19].replace("T", " "))
    cells = (file, escape(record["creator"]), status)
    first = f"<td>{record['id']}</td><td class='when'>{when}</td>"
    rest = "".join(f"<td>{cell}</td>" for cell in cells)
    return f"<tr>{first}{rest}<td class='message'>{escape(told)}</td></tr>"
