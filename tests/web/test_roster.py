"""The Roster tab: bringing in a roster, seeing what is in it, making it current, going back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.roster import roster_zip

if TYPE_CHECKING:
    from tests.web.conftest import Visitor

    Visit = Callable[[str], Visitor]


def zipped(name: str = "fig.zip") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, roster_zip(), "application/zip")


def test_without_a_roster_an_admin_is_asked_for_the_first_one(visit: "Visit") -> None:
    answer = visit("ada").get("/roster/")
    assert b"Upload the first roster" in answer.content


def test_without_a_roster_others_are_told_whom_to_ask(visit: "Visit") -> None:
    answer = visit("alma").get("/roster/")
    assert b"An admin of your LEA must upload one first" in answer.content
    assert b'type="file"' not in answer.content


def test_an_uploaded_roster_waits_for_its_conversion_on_a_page_of_its_own(visit: "Visit") -> None:
    ada = visit("ada")
    answer = ada.send("/roster/upload/", {"roster": zipped()}, follow=True)
    assert b"fig.zip" in answer.content
    assert b"Waiting for its turn" in answer.content
