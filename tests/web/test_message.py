"""One-time messages come in a cookie that belongs to this host alone, and go with the page that shows them."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from tests.web.conftest import Visitor

pytestmark = pytest.mark.django_db


def test_with_https_the_cookie_of_messages_belongs_to_the_host(
    visit: Callable[[str], Visitor], settings: Settings
) -> None:
    ada = visit("ada")
    settings.MESSAGE_COOKIE_NAME, settings.SESSION_COOKIE_SECURE = "__Host-messages", True
    told = ada.send("/workplace/school/", {"school": ""}, secure=True).cookies
    assert list(told) == ["__Host-messages"]
    cookie = told["__Host-messages"]
    assert (cookie["path"], cookie["domain"], cookie["secure"], cookie["httponly"]) == ("/", "", True, True)
    shown = ada.get("/people/", secure=True)
    assert "You now work at Live Oak Unified." in shown.content.decode()
    gone = shown.cookies["__Host-messages"]
    assert (gone.value, gone["max-age"], gone["secure"]) == ("", 0, True)
