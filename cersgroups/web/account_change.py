"""Changes of how people sign in, into the audit log: django-allauth makes them, and tells of them by signals only."""

from functools import partial
from typing import Any, cast

from allauth.account import signals as account
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa import signals as factor
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import EditWebAuthnForm
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.dispatch import Signal
from django.http import HttpRequest

from cersgroups.actions.sign_in import AccountChange, note_account_change, note_failed_factor
from cersgroups.records.person import Person

_PASSWORD: tuple[tuple[Signal, AccountChange], ...] = (
    (account.password_changed, "change password"),
    (account.password_set, "set password"),
    (account.password_reset, "reset password"),
)
_ADDED: dict[str, AccountChange] = {
    "totp": "switch on authenticator app",
    "webauthn": "add passkey",
    "recovery_codes": "make recovery codes",
}
_REMOVED: dict[str, AccountChange] = {
    "totp": "switch off authenticator app",
    "webauthn": "remove passkey",
    "recovery_codes": "discard recovery codes",
}


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc] # allauth has no types
    """The page that ends all other sessions of a person."""

    def end_sessions(self, sessions: list[Any]) -> None:
        super().end_sessions(sessions)
        if sessions:
            _note(self.request, self.request.user, "sign out everywhere else", sessions=len(sessions))


class PasskeyNameForm(EditWebAuthnForm):  # type: ignore[misc]
    """The form of a passkey's name; django-allauth tells nobody of that change."""

    def save(self) -> Authenticator:
        before = self.instance.wrap().name
        renamed = super().save()
        _note(context.request, renamed.user, "rename passkey", name=renamed.wrap().name, before=before)
        return renamed


def listen() -> None:
    """Called once, when Django starts."""
    for signal, change in _PASSWORD:
        signal.connect(partial(_note_password, change), weak=False)
    for signal, changes in (
        (factor.authenticator_added, _ADDED),
        (factor.authenticator_reset, _ADDED),
        (factor.authenticator_removed, _REMOVED),
    ):
        signal.connect(partial(_note_factor, changes), weak=False)
    factor.authentication_failed.connect(_note_failed)


def _note_password(change: AccountChange, *, request: HttpRequest, user: Person, **_more: Any) -> None:
    _note(request, user, change)


def _note_factor(
    changes: dict[str, AccountChange], *, request: HttpRequest, user: Person, authenticator: Authenticator, **_more: Any
) -> None:
    is_passkey = authenticator.type == Authenticator.Type.WEBAUTHN
    named = {"name": authenticator.wrap().name} if is_passkey else {}
    _note(request, user, changes[authenticator.type], **named)


def _note_failed(*, request: HttpRequest, user: Person, **_more: Any) -> None:
    note_failed_factor(user, get_adapter(request).get_client_ip(request))


def _note(request: HttpRequest, user: object, change: AccountChange, **detail: Any) -> None:
    note_account_change(cast(Person, user), get_adapter(request).get_client_ip(request), change, **detail)
