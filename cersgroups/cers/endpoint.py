"""Where the receiver is reached: every address is a setting of the LEA."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from cersgroups.core.error import RequestStop
from cersgroups.core.loopback import is_loopback


@dataclass(frozen=True)
class Endpoints:
    """`token_url` is the whole address of the OAuth2 server's token page, `import_url` the import service's root.

    Raises RequestStop for an address that is none, or that would carry secrets over the network readable.
    """

    token_url: str
    import_url: str

    def __post_init__(self) -> None:
        for name, url in (("token address", self.token_url), ("import address", self.import_url)):
            _check(name, url)
        if "?" in self.import_url:
            raise RequestStop("The import address has a question mark. Write it without anything after the path.")

    def of_import_service(self, path: str) -> str:
        """The address of `path`, such as `/imports/user`."""
        return self.import_url.rstrip("/") + path


def host_of(url: str) -> str:
    """The name of the machine, for sentences: never a path, query or password."""
    return httpx.URL(url).host


def is_of_this_machine(url: str) -> bool:
    """Whether `url` never leaves this machine."""
    return is_loopback(host_of(url))


def _check(name: str, url: str) -> None:
    try:
        parsed = httpx.URL(url if urlsplit(url).hostname else "")
    except (httpx.InvalidURL, ValueError):
        parsed = httpx.URL("")
    if parsed.scheme not in ("https", "http") or not parsed.host:
        raise RequestStop(f"The {name} is no web address. Write it as https://server/path.")
    if parsed.userinfo:
        raise RequestStop(f"The {name} holds a user name or password. Take it out: it belongs into the credential.")
    if parsed.fragment:
        raise RequestStop(f"The {name} has a #. Write it without anything after the path.")
    if parsed.scheme == "http" and not is_of_this_machine(url):
        raise RequestStop(f"The {name} begins with http://, so passwords would cross the network readable. Use https.")
