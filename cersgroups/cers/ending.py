"""Every way in which a request to the receiver can end, each with its sentence: the one table of them.

docs/receiver.md, "The API", shows the table and a test compares. Statuses are those of the receiver's import record.
"""

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["accepted", "processed", "refused", "lost", "not_sent"]
"""What became of a file.

accepted: taken, and being loaded. processed: loaded. refused: read, and nothing of it is loaded.
lost: it may be there or not; send the same bytes again. not_sent: certainly not there.
"""


@dataclass(frozen=True)
class Ending:
    """`when` is how it shows. `again`: whether the same request may succeed later with nobody doing anything.

    `sentence` says what happened and what to do; `{where}` is the name of the server.
    """

    code: str
    when: str
    outcome: Outcome
    again: bool
    sentence: str


ENDINGS: dict[str, Ending] = {}


def _ending(code: str, when: str, outcome: Outcome, sentence: str, *, again: bool = False) -> None:
    ENDINGS[code] = Ending(code, when, outcome, again, sentence)


_PAGE = "look at Student Groups in CERS"

# The status of the import record: in the answer to the file, and when it is asked for later.
_ending("ACCEPTED", "status ACCEPTED", "accepted", "CERS has accepted the file and is loading it.")
_ending("PROCESSED", "status PROCESSED", "processed", "CERS has loaded the file.")
_ending(
    "BAD_DATA",
    "status BAD_DATA (HTTP 202 too)",
    "refused",
    "CERS has refused the file because of its data; nothing of it was loaded. Correct the roster or "
    "the profile, make the file again and upload that.",
)
_ending(
    "BAD_FORMAT",
    "status BAD_FORMAT",
    "refused",
    "CERS cannot read the file; nothing of it was loaded. Build the file anew, and do not change it elsewhere.",
)
_ending(
    "INVALID",
    "status INVALID",
    "refused",
    "CERS calls the file invalid; nothing of it was loaded. Build the file anew; if it happens again, ask the "
    "CERS help desk.",
)
_ending(
    "UNAUTHORIZED",
    "status UNAUTHORIZED",
    "refused",
    "This credential may not send groups of a school in the file; nothing was loaded. Use the credential of "
    "that school's LEA, or take the school out.",
)
_ending(
    "UNKNOWN_SCHOOL",
    "status UNKNOWN_SCHOOL",
    "refused",
    "CERS does not know a school in the file; nothing was loaded. Check the schools' CDS codes.",
)
_ending(
    "PIPELINE_FAILURE",
    "status PIPELINE_FAILURE",
    "refused",
    "CERS broke down while loading the file; nothing of it counts as loaded. It can be sent again later; if "
    "it happens again, ask the CERS help desk.",
    again=True,
)
_ending(
    "unknown_status",
    "any other status",
    "accepted",
    f"CERS has taken the file and answers with a status that this version does not know. To be sure, {_PAGE}.",
)
_ending(
    "not_visible",
    "HTTP 401, 403 or 404 when the status is asked for",
    "accepted",
    f"CERS has accepted the file. It does not show this credential what became of it: to be sure, {_PAGE}.",
)
_ending(
    "status_unknown",
    "no answer, HTTP 429 or 5xx when the status is asked for",
    "accepted",
    "CERS has accepted the file, but {where} does not tell now what became of it. It can be asked again later.",
    again=True,
)

# The answer to the file is not of use, or there is none.
_ending(
    "answer_lost",
    "the connection ended after the file was sent",
    "lost",
    "The file was sent, but the connection to {where} ended before its answer. The same file must be sent "
    "again; that is harmless.",
    again=True,
)
_ending(
    "answer_late",
    "no answer within the time limit",
    "lost",
    "The file was sent, but {where} has not answered in time. The same file must be sent again; that is harmless.",
    again=True,
)
_ending(
    "answer_cut",
    "half an answer",
    "lost",
    "The file was sent, but the answer of {where} broke off. The same file must be sent again; that is harmless.",
    again=True,
)
_ending(
    "answer_unreadable",
    "HTTP 200 or 202 without JSON",
    "lost",
    "{where} gave an answer that is not the receiver's. Check the import address, and that no proxy or "
    "sign-in page stands between; then send the same file again.",
)
_ending(
    "digest_differs",
    "the digest is not that of the file",
    "lost",
    "{where} has received other bytes than were sent. Find out what changes the file on its way (a proxy, a "
    "filter), then send it again.",
)
_ending(
    "http_5xx",
    "HTTP 500, 502, 504 and other 5xx",
    "lost",
    "CERS answered with an error of its own, so the file may have arrived or not. The same file must be sent "
    "again; if it happens again, ask the CERS help desk.",
    again=True,
)

# HTTP statuses that say: the file was not taken.
_ending("http_3xx", "HTTP 3xx", "not_sent", "{where} points to another address. Correct the address in the settings.")
_ending(
    "http_400",
    "HTTP 400 and other 4xx",
    "not_sent",
    "{where} does not understand the request. Check the import address; if it is right, ask the CERS help desk.",
)
_ending(
    "http_401",
    "HTTP 401, also with a fresh token",
    "not_sent",
    "{where} does not accept the token. Check that token address and import address belong together, then test the "
    "credential.",
)
_ending(
    "http_403",
    "HTTP 403",
    "not_sent",
    "This account may not send student groups. Ask the LEA's CERS coordinator for the right to upload them "
    "(GROUP_WRITE).",
)
_ending("http_404", "HTTP 404 or 405", "not_sent", "{where} has nothing there. Correct the address in the settings.")
_ending(
    "http_413",
    "HTTP 413",
    "not_sent",
    "The file is larger than {where} takes (500 MB). Build it for fewer schools at a time.",
)
_ending(
    "http_429",
    "HTTP 429 after the retries",
    "not_sent",
    "{where} is getting too many requests and asks to wait. It can be tried later.",
    again=True,
)
_ending(
    "http_503",
    "HTTP 503 after the retries",
    "not_sent",
    "{where} is closed for the moment, for maintenance or overload. It can be tried later.",
    again=True,
)

# The connection, before anything was sent or before all of it was.
_ending(
    "name_not_found",
    "the server's name is not found",
    "not_sent",
    "The name {where} was not found. Check the address in the settings, and this server's connection to the internet.",
    again=True,
)
_ending(
    "refused",
    "the connection is refused",
    "not_sent",
    "{where} takes no connection. It may be closed for the moment, or a firewall stands between; it can be "
    "tried later.",
    again=True,
)
_ending(
    "no_connection",
    "no connection within the time limit",
    "not_sent",
    "{where} cannot be reached. It may be closed for the moment, or a firewall stands between; it can be tried later.",
    again=True,
)
_ending(
    "tls",
    "the certificate does not hold",
    "not_sent",
    "The certificate of {where} cannot be trusted, so nothing was sent. Check the address; if a filter of the "
    "LEA opens secure connections, it must leave {where} alone.",
)
_ending(
    "sending_cut",
    "the connection ended while the file was being sent",
    "not_sent",
    "The connection to {where} ended before the whole file was sent. It can be sent again.",
    again=True,
)
_ending(
    "unavailable",
    "no answer or HTTP 5xx to the check",
    "not_sent",
    "{where} does not answer as it should at the moment. It can be tried later.",
    again=True,
)
_ending(
    "file_unreadable",
    "the file cannot be read while it is sent",
    "not_sent",
    "The file could not be read to its end. Check the disk of this server, and build the file anew.",
)

# The token.
_ending(
    "invalid_client",
    "token: invalid_client",
    "not_sent",
    "{where} does not know this client. Correct the client id and the client secret.",
)
_ending(
    "invalid_grant",
    "token: invalid_grant",
    "not_sent",
    "{where} does not accept user name and password. They may have expired (after 365 days) or been "
    "regenerated for somebody else: get the current ones and enter them.",
)
_ending(
    "token_refused",
    "token: any other 4xx",
    "not_sent",
    "{where} gives no token for this kind of credential. Choose another kind (plain, Okta, client), or ask "
    "the CERS help desk which one it is.",
)
_ending(
    "token_address",
    "token: HTTP 3xx, 404 or 405",
    "not_sent",
    "There are no tokens at the token address on {where}. Correct it in the settings.",
)
_ending(
    "token_unreadable",
    "token: no JSON, or no token in it",
    "not_sent",
    "{where} answers, but not with a token. Check the token address, and that no proxy or sign-in page stands between.",
)
_ending(
    "token_unavailable",
    "token: no answer, HTTP 429 or 5xx",
    "not_sent",
    "{where}, which gives the token, does not answer as it should at the moment. It can be tried later.",
    again=True,
)
_ending(
    "not_the_receiver",
    "check: HTTP 200 without JSON of a user",
    "not_sent",
    "{where} answers, but not as the receiver does. Check the import address, and that no proxy or sign-in page "
    "stands between.",
)
_ending(
    "no_right",
    "check: GROUP_WRITE is missing",
    "not_sent",
    "The credential is accepted, but this account may not send student groups. Ask the LEA's CERS coordinator "
    "for the right to upload them (GROUP_WRITE).",
)


def table() -> str:
    """The table as Markdown, as docs/receiver.md shows it."""
    rows = ["| What comes | Outcome | Later by itself | What the person reads |", "|---|---|---|---|"]
    for each in ENDINGS.values():
        outcome, again = each.outcome.replace("_", " "), "yes" if each.again else "no"
        rows.append(f"| {each.when} | {outcome} | {again} | {each.sentence.format(where='SERVER')} |")
    return "\n".join(rows)
