"""Every change of how somebody signs in is in the audit log of their LEA; so is a code that was wrong."""

from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from cersgroups.actions.first_admin import make_link
from cersgroups.actions.person import invite
from cersgroups.records.audit import AuditEntry
from cersgroups.records.scope import lea_scope
from cersgroups.web.session import SIGNED_IN_AT
from tests.people import PASSWORD, People, email_of, person_named
from tests.web.address import FIRST_ADMIN_FORM
from tests.web.entry import entries_of, left_since
from tests.web.passkey import made_passkey

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("people")]

NEW = "quite another long sentence"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105 - of nobody
ADD_PASSKEY = "/account/2fa/webauthn/add/"
FACTOR, AGAIN = "/account/2fa/authenticate/", "/account/reauthenticate/"


@pytest.fixture
def ada() -> Client:
    """A browser in which she has signed in, and given her password once more, as changes of factors demand."""
    client = signed_in()
    client.post(AGAIN, {"password": PASSWORD})
    return client


def signed_in() -> Client:
    client = Client()
    client.post("/account/login/", {"login": email_of("ada"), "password": PASSWORD})
    return client


def code(secret: str = SECRET) -> str:
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def left_by(client: Client, url: str, answers: dict[str, str] | None = None) -> list[str]:
    """What Ada leaves who sends this form, and that it was taken."""
    before = entries_of("ada")
    assert client.post(url, answers or {}).status_code == 302
    return left_since(before, "ada")


def newest() -> AuditEntry:
    return entries_of("ada")[-1]


def with_app(ada: Client) -> None:
    secret = ada.get("/account/2fa/totp/activate/").context["form"].secret
    assert sorted(left_by(ada, "/account/2fa/totp/activate/", {"code": code(secret)})) == [
        "make recovery codes",
        "switch on authenticator app",
    ]


def with_passkey(ada: Client) -> int:
    options = ada.get(ADD_PASSKEY).context["js_data"]["creation_options"]
    answers = {"name": "Office key", "passwordless": "on", "credential": made_passkey(options)}
    assert sorted(left_by(ada, ADD_PASSKEY, answers)) == ["add passkey", "make recovery codes"]
    return int(Authenticator.objects.get(type="webauthn").pk)


def test_a_changed_password(ada: Client) -> None:
    sent = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert left_by(ada, "/account/password/change/", sent) == ["sign out", "change password"]


def test_a_first_password(ada: Client) -> None:
    """Of somebody who signs in by Google or Microsoft."""
    person = person_named("ada")
    person.set_unusable_password()
    person.save()
    ada.force_login(person)
    assert "set password" in left_by(ada, "/account/password/set/", {"password1": NEW, "password2": NEW})


def test_a_password_set_by_the_link_of_a_mail() -> None:
    client = Client()
    client.post("/account/password/reset/", {"email": email_of("ada")})
    link = next(word for word in str(mail.outbox[-1].body).split() if "/password/reset/key/" in word)
    form = client.get(urlsplit(link).path).headers["Location"]
    assert left_by(client, form, {"password1": NEW, "password2": NEW}) == ["reset password"]


def test_an_authenticator_app_on_and_off(ada: Client) -> None:
    with_app(ada)
    off = left_by(ada, "/account/2fa/totp/deactivate/")
    assert sorted(off) == ["discard recovery codes", "switch off authenticator app"]


def test_new_recovery_codes(ada: Client) -> None:
    with_app(ada)
    assert left_by(ada, "/account/2fa/recovery-codes/generate/") == ["make recovery codes"]


def test_a_passkey_added_renamed_and_removed(ada: Client) -> None:
    url = f"/account/2fa/webauthn/keys/{with_passkey(ada)}"
    assert left_by(ada, f"{url}/edit/", {"name": "Old key"}) == ["rename passkey"]
    assert newest().detail == {"name": "Old key", "before": "Office key"}
    removed = left_by(ada, f"{url}/remove/")
    assert sorted(removed) == ["discard recovery codes", "remove passkey"]


def test_signing_out_everywhere_else(ada: Client) -> None:
    assert left_by(ada, "/account/sessions/") == []
    signed_in()
    assert left_by(ada, "/account/sessions/") == ["sign out everywhere else"]
    assert newest().detail == {"sessions": 1}


def test_a_change_is_in_the_log_of_each_lea_of_the_person(ada: Client, people: People) -> None:
    invite(people.olga, email_of("ada"), "Ada Admin", "viewer")
    ada.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    for lea_id in (people.lea_id, people.other_lea_id):
        with lea_scope(lea_id):
            assert AuditEntry.objects.filter(action="change password").count() == 1


def test_a_wrong_code_is_in_the_log_and_says_not_that_it_was_the_person(people: People) -> None:
    TOTP.activate(person_named("ada"), SECRET)
    ada = signed_in()
    assert ada.post(FACTOR, {"code": "000000"}).status_code == 200
    entry = newest()
    assert (entry.action, entry.actor, entry.actor_email) == ("second factor failed", None, email_of("ada"))
    assert (entry.object, entry.door, entry.ip) == (f"person {people.ada.person_id}", "page", "127.0.0.1")


def test_a_wrong_password_where_it_is_asked_for_again_is_in_the_log() -> None:
    signed_in().post(AGAIN, {"password": "of somebody else"})
    entry = newest()
    assert (entry.action, entry.actor, entry.actor_email) == ("sign-in failed", None, email_of("ada"))


def test_guesses_of_a_second_factor_are_limited() -> None:
    """Also in a new session, and with the right code: who knows the password has five tries in five minutes."""
    TOTP.activate(person_named("ada"), SECRET)
    for number in range(5):
        wrong = "000000" if code() != "000000" else "000001"
        assert signed_in().post(FACTOR, {"code": wrong}).status_code == 200, number
    answer = signed_in().post(FACTOR, {"code": code()})
    assert "Too many failed tries" in answer.content.decode()
    assert "sign in" not in [entry.action for entry in entries_of("ada")]


def test_the_first_admin_is_signed_in_as_everybody_is() -> None:
    """With an entry, in the list of sessions, and for twelve hours."""
    client = Client()
    client.post(f"/first-admin/{make_link()}/", FIRST_ADMIN_FORM)
    assert [entry.action for entry in entries_of("nobody")] == ["create lea", "sign in"]
    assert SIGNED_IN_AT in client.session
    assert "This one" in client.get("/account/sessions/").content.decode()
