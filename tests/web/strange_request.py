"""Strange requests for every address and every form of the pages, and what must hold whatever they bring.

test_strange_request.py sends them: a few for each address and person in `make test`, many in `make fuzz`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

from django.db import connection
from django.test import Client
from django.urls import resolve
from hypothesis import strategies as st

import cersgroups.web
from cersgroups.records.scope import lea_scope
from tests.records.test_row_security import TENANT_TABLES
from tests.web.address import SECRET, World, read_table

Pairs = list[tuple[str, str]]

STRANGE = (
    "\0", "", " ", "a\0b", "\ud800", "x" * 100_000, "9" * 50, "9" * 5_000, "-1", "0", "1.5", "1e309", "NaN", "²", "٣",
    "'; --", "<script>alert(1)</script>", "{{ 7|add:7 }}", "%s%(x)s{0}", "=1+1", "\r\nSet-Cookie: x=1", "\u202e\ufeff",
    "../../secret_key", "//evil.example/", "javascript:alert(1)", "http://[", "a@b@c", "on", "null", "{}", "[]",
    "[null]", '["\\u0000"]', '["\\ud800"]', '[1, {"a": []}, true]', '[1e400, NaN]', "[" * 100_000,
    f"[{'9' * 5_000}]",
    '["9999999999999999999"]', "0001-01-01", "9999-12-31", "2026-02-30", "24:61", "99999999999999999999", "2147483648",
)  # fmt: skip
"""What no form of ours sends."""

KNOWN = {200, 204, 301, 302, 400, 401, 403, 404, 405, 409, 413, 415, 422, 429}
OTHERS = {"ada": "Other Unified", "nobody": SECRET, "olga": SECRET}
"""What a person must never see: of another LEA, or, for nobody, of any."""

_READ = {
    "GET": re.compile(r"""\bGET(?:\.get|\.getlist)?[\[(]"(\w+)\""""),
    "POST": re.compile(r"""\b(?:POST|FILES|sent|data)(?:\.get|\.getlist)?[\[(]"(\w+)\""""),
}


@dataclass(frozen=True)
class Strange:
    """One request. `parts` are the places of the address that another value was put in."""

    who: str
    method: str
    url: str
    query: str
    body: bytes
    kind: str
    headers: dict[str, str]

    def send(self, client: Client) -> Any:
        return client.generic(
            self.method, self.url, self.body, content_type=self.kind, QUERY_STRING=self.query, headers=self.headers
        )


def text() -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(STRANGE), st.text(max_size=20), st.integers().map(str))


@st.composite
def requests(draw: st.DrawFn, world: World, who: str, method: str, route: str, fields: Pairs) -> Strange:
    """Any, for this address; `fields` are what its form would send."""
    lea = [("lea", str(world.people.by_name(who).lea_id))] if who != "nobody" else []
    query = draw(st.lists(st.tuples(asked_for("GET", fields), text()), max_size=3))
    body, kind = b"", "text/plain"
    if method == "POST":
        names = asked_for("POST", fields)
        told = [*(lea if draw(st.integers(0, 19)) != 1 else []), *changed(draw, fields, names)]
        body, kind = draw(st.sampled_from(_WRITERS))(told, draw)
    headers = draw(st.sampled_from(_HEADERS))
    return Strange(who, method, address(draw, world, route), encoded(query), body, kind, headers)


def changed(draw: st.DrawFn, fields: Pairs, names: st.SearchStrategy[str]) -> Pairs:
    """The fields, some with another value, left out or twice, and some that the form does not have."""
    found: Pairs = []
    for name, value in fields:
        what = draw(st.sampled_from(("strange", "keep", "keep", "strange", "drop", "twice")))
        found += {
            "keep": [(name, value)],
            "drop": [],
            "twice": [(name, value), (name, value)],
            "strange": [(name, draw(text()) if what == "strange" else "")],
        }[what]
    return found + draw(st.lists(st.tuples(st.one_of(names, text()), text()), max_size=2))


def address(draw: st.DrawFn, world: World, route: str) -> str:
    """The world's own, most often; else with a strange value in one of its places."""
    places = re.findall(r"<(int|str|slug):\w+>", route)
    if not places or draw(st.booleans()):
        return world.url(route).split("?")[0]
    strange = st.integers(0, 10**60).map(str)
    odd = text().filter(lambda value: len(value) < 6_000)
    whole = re.sub(
        r"<(int|str|slug):\w+>",
        lambda place: quoted(draw(strange if place[1] == "int" and draw(st.integers(0, 3)) else odd)),
        route,
    )
    return "/" + whole.replace("^", "").replace("$", "")


def quoted(value: str) -> str:
    return quote_from_bytes(raw(value), safe="")


def encoded(pairs: Pairs) -> str:
    return "&".join(f"{quoted(name)}={quoted(value)}" for name, value in pairs)


def raw(value: str) -> bytes:
    """Lone surrogates are no UTF-8, which a sender does not mind."""
    return value.encode("utf-8", "surrogatepass")


def _form(pairs: Pairs, _draw: st.DrawFn) -> tuple[bytes, str]:
    return encoded(pairs).encode(), "application/x-www-form-urlencoded"


def _multipart(pairs: Pairs, draw: st.DrawFn) -> tuple[bytes, str]:
    """Whatever names are drawn for files, with a name that leads elsewhere and a content that is none."""
    parts = []
    for name, value in pairs:
        file = ""
        if name in ("roster", "mapping", "file", "side", "students") or not draw(st.integers(0, 9)):
            file = f'; filename="{draw(st.sampled_from(_FILE_NAMES))}"'
        parts.append(
            b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (raw(name), raw(file), raw(value))
        )
    return b"".join(parts) + b"--x--\r\n", "multipart/form-data; boundary=x"


def _cut(pairs: Pairs, draw: st.DrawFn) -> tuple[bytes, str]:
    body, kind = _multipart(pairs, draw)
    return body[: draw(st.integers(0, min(len(body), 500)))], kind


def _other(pairs: Pairs, draw: st.DrawFn) -> tuple[bytes, str]:
    kinds = ("application/json", "multipart/form-data", "text/xml", "application/x-www-form-urlencoded; charset=utf-7")
    return encoded(pairs).encode(), draw(st.sampled_from(kinds))


_WRITERS = (_form, _form, _multipart, _multipart, _cut, _other)
_FILE_NAMES = (
    "../../secret_key",
    "a\0b.zip",
    "C:\\x.zip",
    "",
    ".",
    "x" * 3_000,
    "<script>.csv",
    "\ud800.zip",
    "a.zip",
    "a.toml",
)
_HEADERS: tuple[dict[str, str], ...] = (
    {}, {}, {}, {"HX-Request": "true"}, {"Accept-Language": "x" * 5_000}, {"Accept": "\0"},
    {"User-Agent": "\ud7ff" * 300}, {"Referer": "http://["}, {"Cookie": "session=\0; csrftoken=<script>"},
    {"If-None-Match": "*"}, {"Range": "bytes=-1"}, {"X-Forwarded-For": "no address"},
    {"If-Modified-Since": "Mon, 99 Foo 0000"},
)  # fmt: skip


def asked_for(method: str, fields: Pairs) -> st.SearchStrategy[str]:
    """A name that this form or some page asks a request for."""
    return st.sampled_from(sorted({name for name, _ in fields} | names_read(method)))


@cache
def names_read(method: str) -> frozenset[str]:
    """Every name that a page asks for, as the code says."""
    code = Path(cersgroups.web.__file__).parent.glob("*.py")
    return frozenset(name for file in code for name in _READ[method].findall(file.read_text()))


class _Forms(HTMLParser):
    """The forms of a page: where each goes, how, and what it would send."""

    def __init__(self, here: str) -> None:
        super().__init__()
        self.here, self.found = here, list[tuple[str, str, Pairs]]()
        self.select, self.form = "", ("GET", here, Pairs())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        for method in ("get", "post"):
            if f"hx-{method}" in has:
                self.found.append((method.upper(), has[f"hx-{method}"] or self.here, self.form[2]))
        if tag == "form":
            self.form = (has.get("method", "get").upper(), has.get("action") or self.here, [])
        if tag == "button" and has.get("type") != "button" and self.form[0] != "DIALOG":
            method, action, fields = self.form
            self.found.append((method, has.get("formaction") or action, fields))
        if tag == "select":
            self.select = has.get("name", "")
        named = has.get("name") if tag in ("input", "textarea", "button") else self.select if tag == "option" else ""
        if named:
            self.form[2].append((named, has.get("value", "")))


def forms_of(page: str, here: str) -> Iterable[tuple[str, str, Pairs]]:
    """By method and route. Raises Resolver404 for a form that goes nowhere."""
    parser = _Forms(here)
    parser.feed(page)
    for method, action, fields in parser.found:
        path = urlsplit(action).path or here
        yield method, resolve(path).route, fields


def all_forms(world: World, client: Client) -> dict[tuple[str, str], Pairs]:
    """Of every page that this person sees: the fields of each form, all that stand under one address together."""
    found: dict[tuple[str, str], Pairs] = {}
    for method, route in read_table():
        if method == "GET":
            answer = client.get(world.url(route))
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                here = urlsplit(world.url(route)).path
                for way, goes_to, fields in forms_of(answer.content.decode(), here):
                    known = found.setdefault((way, goes_to), [])
                    known += [field for field in dict.fromkeys(fields) if field not in known]
    return found


def rows_of(lea_id: int) -> str:
    """A digest of every row of the LEA."""
    tables = " UNION ALL ".join(
        f"SELECT string_agg(row::text, '' ORDER BY row::text) FROM {table} AS row" for table in TENANT_TABLES
    )
    with lea_scope(lea_id), connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(string_agg(text, '|')) FROM ({tables}) AS all_rows (text)")
        return str(cursor.fetchone()[0])


def shown_by(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return bytes(content).decode("utf-8", "replace")
