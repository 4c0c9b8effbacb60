"""The forms of signing in (password, second factor), of the mail that sets a password, and of a new passkey."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm


class SignInForm(LoginForm):  # type: ignore[misc] # allauth has no types
    """django-allauth's, in our words; the link to reset the password stands below the form, for invited people too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["password"].help_text = ""


class ResetForm(ResetPasswordForm):  # type: ignore[misc]
    """django-allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"


class FactorForm(AuthenticateForm):  # type: ignore[misc]
    """django-allauth's, which does not say what helps whose phone is not at hand."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].help_text = "The 6 digits that your app shows, or one of your recovery codes."


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]
    """django-allauth's, in our words: a key that signs in alone, unless that is unticked."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["passwordless"].label = "Sign in without a password"
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = (
            "The key then asks for your fingerprint, face or PIN. Untick it for a key that cannot: it is asked for "
            "after your password."
        )
