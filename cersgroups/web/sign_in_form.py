"""The forms of the sign-in page and of the page that sends a link to set a password."""

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm


class SignInForm(LoginForm):  # type: ignore[misc] # allauth has no types
    """django-allauth's, in our words; the link to reset the password stands below the form, for invited people too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = "E-mail"
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class ResetForm(ResetPasswordForm):  # type: ignore[misc]
    """django-allauth's, in our words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "E-mail"
        self.fields["email"].widget.attrs.pop("placeholder", None)
