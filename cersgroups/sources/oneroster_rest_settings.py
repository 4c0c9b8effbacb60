"""What a person enters to reach a OneRoster server, and what can be wrong with it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar

import httpx

from cersgroups.core.error import RequestStop
from cersgroups.core.student_group import CDS_CODE
from cersgroups.sources import mapping
from cersgroups.sources.address import checked_address, host_of
from cersgroups.sources.exchange import Patience, Server
from cersgroups.sources.live import Field, Settings, whole_number
from cersgroups.sources.oauth1 import OAuth1
from cersgroups.sources.oauth2 import ClientCredentials
from cersgroups.sources.oneroster_layout import Version

NAME = "OneRoster"
"""What sentences call the server."""

_SIGN_INS = {"OAuth 2": "", "OAuth 1 (HMAC-SHA1)": "HMAC-SHA1", "OAuth 1 (HMAC-SHA256)": "HMAC-SHA256"}
_PATHS: dict[Version, str] = {"1.1": "v1p1", "1.2": "v1p2"}
_SCOPE = "https://purl.imsglobal.org/spec/or/{path}/scope/roster-core.readonly"
_CODE = re.compile(r"([^\s=]+)\s*=\s*(\S+)")


def cds_codes(text: str) -> dict[str, str]:
    """CDS codes by the school's sourcedId, from lines such as `994 = 37683380000994`. Raises RequestStop."""
    codes: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        match = _CODE.fullmatch(line)
        if not match or not CDS_CODE.fullmatch(match[2]):
            raise RequestStop(f"{line!r} is no school and code. Write such as 994 = 37683380000994 (14 digits).")
        if codes.setdefault(match[1], match[2]) != match[2]:
            raise RequestStop(f"the school {match[1]} stands there twice, with different codes. Keep one.")
    return codes


FIELDS = (
    Field("version", "Version", "Which version of OneRoster the server speaks.", default="1.1", choices=(*_PATHS,)),
    Field(
        "base_address",
        "Base address",
        "Up to where the names of the collections follow; it mostly ends in /ims/oneroster/v1p1 (version 1.1) or "
        "/ims/oneroster/rostering/v1p2 (version 1.2).",
        check=checked_address,
        host=host_of,
    ),
    Field("sign_in", "Sign-in", "Version 1.2 knows OAuth 2 only.", default="OAuth 2", choices=(*_SIGN_INS,)),
    Field(
        "token_address",
        "Token address",
        "Where OAuth 2 gives tokens; it mostly ends in /token.",
        required=False,
        check=checked_address,
        host=host_of,
    ),
    Field("client_id", "Client ID", "In OAuth 1 called the consumer key."),
    Field("client_secret", "Client secret", "In OAuth 1 called the consumer secret.", secret=True),
    Field(
        "limit",
        "Rows per request",
        "How many rows are asked for at once. Fewer are easier on the server, more are quicker.",
        default="5000",
        check=whole_number(1, 1_000_000),
    ),
    Field(
        "mapping",
        "Mapping",
        "Where the server keeps SSID, SEID, CDS codes and school numbers, and whether end dates are the last day, as a "
        "mapping file says it. What is left out is found by counting.",
        required=False,
        check=mapping.from_toml,
        lines=6,
    ),
    Field(
        "cds_codes",
        "CDS codes",
        "For servers that do not tell them (Aeries does not): one line for each school, such as 994 = 37683380000994, "
        "the school's sourcedId first.",
        required=False,
        check=cds_codes,
        lines=6,
    ),
)


@dataclass(frozen=True)
class Connection:
    """The settings as they are used. `cds_codes` are by the school's sourcedId."""

    version: Version
    base: str
    token_address: str
    signing: str
    client_id: str
    client_secret: str = field(repr=False)
    limit: int
    mapping: mapping.Mapping
    cds_codes: dict[str, str]

    @contextmanager
    def open(self, patience: Patience) -> "Iterator[tuple[Server, ClientCredentials | None]]":
        """The server, and where its tokens come from. The two share their cookies, as balanced servers need it."""
        secrets, cookies = [self.client_secret], CookieJar()
        if self.signing:
            with Server(NAME, self.base, auth=self._oauth1(), secrets=secrets, patience=patience) as server:
                yield server, None
            return
        with Server(f"{NAME} token", self.token_address, secrets=secrets, patience=patience, cookies=cookies) as tokens:
            scope = _SCOPE.format(path=_PATHS[self.version])
            auth = ClientCredentials(tokens, self.client_id, self.client_secret, scope, secrets, cookies)
            with Server(NAME, self.base, auth=auth, secrets=secrets, patience=patience, cookies=cookies) as server:
                yield server, auth

    def _oauth1(self) -> httpx.Auth:
        return OAuth1(self.client_id, self.client_secret, self.signing)


def connection(settings: Settings) -> Connection:
    """The settings, which must be complete. Raises RequestStop for what cannot be meant."""
    version: Version = "1.2" if settings["version"] == "1.2" else "1.1"
    signing = _SIGN_INS[settings["sign_in"]]
    places, codes = mapping.from_toml(settings["mapping"], "Mapping"), cds_codes(settings["cds_codes"])
    _check(version, signing, settings)
    if codes and places.cds:
        raise RequestStop("Both the mapping and CDS codes say where CDS codes come from. Clear one of the two.")
    return Connection(
        version=version,
        base=settings["base_address"],
        token_address=settings["token_address"],
        signing=signing,
        client_id=settings["client_id"],
        client_secret=settings["client_secret"],
        limit=int(settings["limit"]),
        mapping=places,
        cds_codes=codes,
    )


def judge(settings: Settings) -> None:
    """Raises RequestStop for settings that cannot be meant."""
    connection(settings)


def _check(version: Version, signing: str, settings: Settings) -> None:
    if signing and version == "1.2":
        raise RequestStop("Version 1.2 knows no OAuth 1. Choose OAuth 2, or version 1.1.")
    if not signing and not settings["token_address"]:
        raise RequestStop("Token address is missing. Enter where OAuth 2 gives tokens.")
    for other, path in _PATHS.items():
        if other != version and settings["base_address"].rstrip("/").endswith(f"/{path}"):
            raise RequestStop(f"The base address is of version {other}. Choose that version, or enter another address.")
