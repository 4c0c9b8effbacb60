"""Proving once more by passkey that it is you, on a page that stays when a key is not accepted."""

from typing import Any

from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView
from django import forms
from django.http import HttpResponse


class PasskeyAgainView(ReauthenticateWebAuthnView):  # type: ignore[misc] # allauth has no types
    """django-allauth leads to the first page after a refusal, and forgets what the proof was for."""

    def form_invalid(self, form: forms.Form) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))  # type: ignore[no-any-return]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the form that was refused: a new one would have the same key judged, and counted, once more."""
        return {**super().get_context_data(), **kwargs}
