"""Which e-mail addresses an identity provider vouches for: only these say who somebody is.

OpenID Connect has `email_verified` for that. Microsoft Entra does not send it, and its `email` is whatever an admin of
the directory wrote there. It vouches otherwise:
- `xms_edov` (an optional claim of the app registration) says that the owner of the e-mail's domain was verified;
- the user name (`preferred_username`) of a member ends in a domain that the directory has proven to own. That of a
  guest does not: it is the address at home, of which the district's directory knows nothing.
Source: Microsoft, "ID token claims reference" and "Migrate away from using email claims for authorization".
"""

from collections.abc import Mapping
from typing import Any

from cersgroups.records.person import clean_email

MICROSOFT = "microsoft"


def vouched_emails(provider: str, claims: Mapping[str, Any]) -> list[str]:
    """The addresses, cleaned, the surest first. `claims` are those of the ID token."""
    found = []
    if provider == MICROSOFT and _is_member(claims):
        found.append(claims.get("preferred_username"))
    if _says_yes(claims.get("email_verified")) or (
        provider == MICROSOFT and "email_verified" not in claims and _says_yes(claims.get("xms_edov"))
    ):
        found.append(claims.get("email"))
    emails = [clean_email(email) for email in found if isinstance(email, str) and "@" in email]
    return list(dict.fromkeys(emails))


def _is_member(claims: Mapping[str, Any]) -> bool:
    """Of the directory that issued the token, and no guest: then it names no other that signed the person in."""
    at_home = (None, claims.get("iss"), f"https://sts.windows.net/{claims.get('tid')}/")
    return claims.get("idp") in at_home and claims.get("acct") in (None, 0, "0")


def _says_yes(claim: Any) -> bool:
    """Microsoft writes `xms_edov` as true, 1 or "1"."""
    return claim is True or claim in (1, "1", "true")
