"""A real server, a real Chromium, a mail server and an identity provider, for the browser tests."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.e2e.district import District
from tests.e2e.oidc_provider import CLIENT_ID, CLIENT_SECRET, DIRECTORY, OidcProvider
from tests.e2e.site import Site, served

expect.set_options(timeout=20_000)  # this machine may do other things too
HERE = Path(__file__).parent
_ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]


QUICK = ("test_sign_in",)
"""What `make test` drives a browser for; `make test-all` runs the others too, a quarter of an hour more."""


@pytest.hookimpl(tryfirst=True)  # before pytest leaves out what is marked thorough
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All but the quick files are thorough."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.path.stem not in QUICK:
            item.add_marker(pytest.mark.thorough)


class Mailbox:
    """The mails that arrived, newest last."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.mails: list[Message] = []

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:  # noqa: N802
        self.mails.append(message_from_bytes(envelope.content))  # type: ignore[attr-defined]
        return "250 OK"

    def last_to(self, email: str) -> str:
        """The text of the last mail to this address."""
        mail = [mail for mail in self.mails if mail["To"] == email][-1]
        payload = mail.get_payload(decode=True)
        assert isinstance(payload, bytes)
        return payload.decode()


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        box = Mailbox(probe.getsockname()[1])
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture(scope="session")
def provider() -> Iterator[OidcProvider]:
    provider = OidcProvider()
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture(scope="session")
def microsoft() -> Iterator[OidcProvider]:
    provider = OidcProvider(DIRECTORY)
    provider.start()
    yield provider
    provider.stop()


@pytest.fixture(scope="session")
def site(mailbox: Mailbox, provider: OidcProvider, microsoft: OidcProvider) -> Iterator[Site]:
    # not pytest's own folder: as root, the database's user could not pass through it
    folder = Path(tempfile.mkdtemp(prefix="cersgroups-e2e-"))
    folder.chmod(0o711)
    environment = {
        "CERSGROUPS_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}",
        "CERSGROUPS_OIDC_GOOGLE_CLIENT_ID": CLIENT_ID,
        "CERSGROUPS_OIDC_GOOGLE_SECRET": CLIENT_SECRET,
        "CERSGROUPS_OIDC_GOOGLE_ISSUER": provider.issuer,
        "CERSGROUPS_OIDC_MICROSOFT_CLIENT_ID": CLIENT_ID,
        "CERSGROUPS_OIDC_MICROSOFT_SECRET": CLIENT_SECRET,
        "CERSGROUPS_OIDC_MICROSOFT_ISSUER": microsoft.issuer,
    }
    with served(folder, environment) as site:
        yield site
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def district(site: Site, request: pytest.FixtureRequest) -> District:
    """An LEA of the test file's own, with a roster and the five people in it."""
    district = District(f"{request.path.stem.removeprefix('test_').replace('_', ' ').title()} Unified")
    site.run("-m", "tests.e2e.district", district.lea)
    return district


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    assert executable, "The browser tests need Chromium: apt-get install -y chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, site: Site) -> Iterator[BrowserContext]:
    """A browser of one's own: nobody is signed in."""
    context = browser.new_context(
        base_url=site.url,
        locale="en-US",
        timezone_id="America/Los_Angeles",
        viewport={"width": 1280, "height": 800},
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, site: Site) -> Iterator[Page]:
    """A tab. The test fails if a script breaks, the Content-Security-Policy stops anything or the server does."""
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on(
        "console",
        lambda message: faults.append(message.text) if "Content Security Policy" in message.text else None,
    )
    page.on("response", lambda answer: faults.append(site.log()) if answer.status >= 500 else None)
    yield page
    assert not faults, "\n".join(faults)
