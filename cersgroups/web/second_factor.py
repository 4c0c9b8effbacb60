"""Who must add a passkey or an authenticator app first, where SECOND_FACTOR demands more than a password."""

from collections.abc import Iterable

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from cersgroups.records.membership import Membership
from cersgroups.records.person import Person
from cersgroups.web.next_page import whole_page

_MORE_THAN_A_PASSWORD = {"mfa", "socialaccount"}
"""As django-allauth names ways of signing in: by a code or a passkey; by Google or Microsoft, who ask for what the
directory demands."""

_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def must_add_factor(request: HttpRequest, person: Person, memberships: Iterable[Membership]) -> bool:
    """Whether the person has signed in by a password alone, has nothing else, and should."""
    if settings.SECOND_FACTOR == "offered":
        return False
    if settings.SECOND_FACTOR == "admins" and not any(membership.level == "admin" for membership in memberships):
        return False
    ways = {record.get("method") for record in get_authentication_records(request, person)}
    return not ways & _MORE_THAN_A_PASSWORD and not is_mfa_enabled(person, _FACTORS)


def to_second_factor(request: HttpRequest) -> HttpResponse:
    """To the page where one is added, which then says why."""
    why = " for an admin" if settings.SECOND_FACTOR == "admins" else ""
    messages.warning(
        request,
        f"A password alone is not enough here{why}. Add a passkey or an authenticator app: then everything else opens.",
    )
    return whole_page(request, reverse("mfa_index"))
