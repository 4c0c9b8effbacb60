"""django-allauth's forms about the account, in our words: signing in, passwords, second factors, passkeys."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    SetPasswordForm,
)
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms

from cersgroups.core.password import SHORTEST

_PASSWORD_RULE = (
    f"At least {SHORTEST} characters; no common or stolen password, none like your e-mail, and not the name of "
    "your LEA."
)
_ANY_CODE = "The 6 digits that your app shows, or one of your recovery codes."
_PASSKEY_REFUSED = (
    "The passkey was not accepted: it may have been removed here, or the page was open for too long. Try again."
)


class SignInForm(LoginForm):  # type: ignore[misc] # allauth has no types
    """The link to reset the password stands below the form, for invited people too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["password"].help_text = ""


class ResetForm(ResetPasswordForm):  # type: ignore[misc]
    """Asks for the mail that sets a password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"


class MailedPasswordForm(ResetPasswordKeyForm):  # type: ignore[misc]
    """Behind the link of that mail, and of an invitation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_new_password(self)


class FirstPasswordForm(SetPasswordForm):  # type: ignore[misc]
    """For who came in by Google or Microsoft and has no password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_new_password(self)


class PasswordForm(ChangePasswordForm):  # type: ignore[misc]
    """For who has one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"].label = "Current password"
        _name_new_password(self)


def _name_new_password(form: forms.Form) -> None:
    form.fields["password1"].label = "New password"
    form.fields["password1"].help_text = _PASSWORD_RULE
    form.fields["password2"].label = "New password again"


class FactorForm(AuthenticateForm):  # type: ignore[misc]
    """After the password; says what helps whose phone is not at hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _ANY_CODE


class FactorAgainForm(ReauthenticateForm):  # type: ignore[misc]
    """Before something that protects the account is shown or changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = _ANY_CODE


class AppForm(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = "Code from the app"

    def clean_code(self) -> Any:
        """The code that switches the app on has been used: django-allauth would take it once more, to sign in."""
        code = super().clean_code()
        TOTP(Authenticator(user=self.user))._mark_code_used(code)
        return code


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """A new key: it signs in alone, unless that is unticked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = "Sign in without a password"
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = (
            "The key then asks for your fingerprint, face or PIN. Uncheck it for a key that cannot: it is asked for "
            "after your password."
        )

    def clean(self) -> Any:
        with _passkey_refused():
            return super().clean()


class _GivenPasskey:
    """A form that takes a passkey's answer: one that is not accepted is told in our words."""

    def clean_credential(self) -> Any:
        with _passkey_refused():
            return super().clean_credential()  # type: ignore[misc] # of the form beside it


class PasskeySignInForm(_GivenPasskey, LoginWebAuthnForm):  # type: ignore[misc]
    """A key instead of the password."""


class PasskeyFactorForm(_GivenPasskey, AuthenticateWebAuthnForm):  # type: ignore[misc]
    """A key after the password."""


class PasskeyAgainForm(_GivenPasskey, ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A key before something that protects the account is shown or changed."""


@contextmanager
def _passkey_refused() -> Iterator[None]:
    """django-allauth tells of an incorrect code, where nobody entered one, and stumbles over half an answer."""
    try:
        yield
    except forms.ValidationError as error:
        if error.code != "incorrect_code":
            raise
        raise forms.ValidationError(_PASSKEY_REFUSED) from error
    except (LookupError, TypeError, ValueError) as error:
        raise forms.ValidationError(_PASSKEY_REFUSED) from error
