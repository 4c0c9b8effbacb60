"""One person's browser in the load contest: it signs in, clicks, and asks for what the pages ask for by themselves."""

import asyncio
import ssl
import time
from collections.abc import Awaitable
from contextlib import suppress
from http.client import OK
from random import Random

import httpx

from cersgroups.cli.demo_site import PASSWORD
from tests.bench.load import CLICKS, FIGURES, NO_CONNECTION, NO_FIGURES, SIGN_INS, SIGNED_OUT, SMALL, Load
from tests.bench.load_click import Click, Clicks, Small, again, small_requests
from tests.bench.load_person import Person
from tests.bench.page import Form, Page

SIGN_IN = "/account/login/"
EVERY_SECONDS = 10.0
TIMEOUT = 60.0
"""Seconds. What has not come by then never comes."""

_AFTER_CHANGE = 0.6
"""Seconds, as in templates/web/draft/options.html."""

_TRUSTED = ssl.create_default_context()  # made once: two hundred take seconds


class Browser:
    """Signed in as this person. `number` gives it an address of its own, as the proxy before a real site tells it."""

    def __init__(self, url: str, person: Person, number: int, load: Load) -> None:
        self.person, self._load, self._url = person, load, url
        self._http = httpx.AsyncClient(
            base_url=url,
            timeout=TIMEOUT,
            follow_redirects=True,
            verify=_TRUSTED,
            headers={"X-Forwarded-For": f"10.20.{number // 250}.{number % 250 + 1}"},
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def sign_in(self) -> None:
        """By the form. Raises RuntimeError if that is refused."""
        await self._http.get(SIGN_IN)
        answers = {"login": self.person.email, "password": PASSWORD}
        begun = time.perf_counter()
        answer = await self._http.post(SIGN_IN, data=self._whole(answers), headers={"Referer": self._url})
        self._took(SIGN_INS, begun)
        if answer.status_code != OK or answer.url.path == SIGN_IN:
            raise RuntimeError(f"the sign-in of {self.person.email} was refused ({answer.status_code})")

    async def try_pages(self, pages: list[Page]) -> dict[str, int]:
        """The status that every page answers with, by its name; nothing of it is counted."""
        statuses = {}
        for page in pages:
            form = next(page.forms()) if page.forms else None
            answer = await self._send("get" if form is None else "post", page.path, form)
            statuses[page.name] = 0 if _is_sign_in(answer) else answer.status_code
        return statuses

    async def click_until(self, until: float, clicks: Clicks, chance: Random) -> None:
        """A click every EVERY_SECONDS on average."""
        await asyncio.sleep(chance.uniform(0, EVERY_SECONDS))
        for click in clicks:
            if time.monotonic() >= until:
                return
            next_at = time.monotonic() + chance.uniform(0.5, 1.5) * EVERY_SECONDS
            await self._click(click, clicks, min(next_at, until))
            await asyncio.sleep(max(0.0, next_at - time.monotonic()))

    async def _click(self, click: Click, clicks: Clicks, until: float) -> None:
        method = "get" if click.form is None else "post"
        begun = time.perf_counter()
        asked = (self._ask(method, page.path, click.form) for page in click.asked)
        answers = await asyncio.gather(*asked)
        self._took(CLICKS, begun)
        follows: list[Awaitable[None]] = []
        if click.preview:
            await asyncio.sleep(_AFTER_CHANGE)
            follows.append(self._figures(click.preview, click.form))
        else:
            follows += [
                self._small(small, clicks, until)
                for answer in answers
                if answer is not None
                for small in small_requests(answer.text)
            ]
        await asyncio.gather(*follows)

    async def _small(self, small: Small, clicks: Clicks, until: float) -> None:
        """Again and again while the page says so and its person looks at it."""
        if small.method == "post":
            await self._figures(small.path, clicks.form_at(small.path), poll="yes")
            return
        following: Small | None = small
        while following and time.monotonic() + following.after < until:
            await asyncio.sleep(following.after)
            begun = time.perf_counter()
            answer = await self._ask_part("get", small.path, None, poll="yes")
            self._took(SMALL, begun)
            text = answer.text if answer is not None else ""
            following = next((found for found in small_requests(text) if found.path == small.path), None)

    async def _figures(self, path: str, form: Form | None, *, poll: str = "") -> None:
        """Until they are there: their person waits for them."""
        begun = time.perf_counter()
        answer = await self._ask_part("post", path, form, poll=poll)
        while answer is not None and (pause := again(answer.headers, answer.status_code)):
            if time.perf_counter() - begun > TIMEOUT:
                self._load.answers[NO_FIGURES] += 1
                return
            await asyncio.sleep(pause)
            answer = await self._ask_part("post", path, form, poll="again")
        if answer is not None and answer.status_code == OK:
            self._took(FIGURES, begun)

    async def _ask_part(self, method: str, path: str, form: Form | None, *, poll: str) -> httpx.Response | None:
        return await self._ask(method, path, form, {"HX-Request": "true", **({"Poll": poll} if poll else {})})

    async def _ask(
        self, method: str, path: str, form: Form | None, headers: dict[str, str] | None = None
    ) -> httpx.Response | None:
        """The answer, which is counted; None if it was none, or no page of ours any more."""
        found = NO_CONNECTION
        answer = None
        with suppress(httpx.HTTPError):
            answer = await self._send(method, path, form, headers)
            found = SIGNED_OUT if _is_sign_in(answer) else str(answer.status_code)
        self._load.answers[found] += 1
        return answer if found not in (NO_CONNECTION, SIGNED_OUT) else None

    async def _send(
        self, method: str, path: str, form: Form | None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        if method == "get":
            return await self._http.get(path, headers=headers)
        return await self._http.post(path, data=self._whole(form or {}), headers=headers)

    def _whole(self, form: Form) -> Form:
        token = self._http.cookies["csrftoken"]
        return {**form, "lea": str(self.person.lea), "csrfmiddlewaretoken": token}

    def _took(self, what: str, begun: float) -> None:
        self._load.milliseconds.setdefault(what, []).append(1000 * (time.perf_counter() - begun))


def _is_sign_in(answer: httpx.Response) -> bool:
    return answer.url.path == SIGN_IN
