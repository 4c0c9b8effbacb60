"""How people sign in (django-allauth): by e-mail and password, passkey, TOTP, Google or Microsoft. No open sign-up."""

from typing import Any
from urllib.parse import urlsplit

from cersgroups.core import environment
from cersgroups.core.error import RequestStop

ACCOUNT_ADAPTER = "cersgroups.web.sign_in.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "cersgroups.web.sign_in_form.SignInForm",
    "reset_password": "cersgroups.web.sign_in_form.ResetForm",
    "reset_password_from_key": "cersgroups.web.sign_in_form.MailedPasswordForm",
    "set_password": "cersgroups.web.sign_in_form.FirstPasswordForm",
    "change_password": "cersgroups.web.sign_in_form.PasswordForm",
}
SOCIALACCOUNT_ADAPTER = "cersgroups.web.sign_in.ProviderAdapter"
MFA_ADAPTER = "cersgroups.web.sign_in.FactorAdapter"
USERSESSIONS_ADAPTER = "cersgroups.web.account_change.SessionsAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "5/5m/key,100/5m/ip",
    "reset_password": "30/m/ip,3/m/key",
    "reset_password_from_key": "300/m/ip",
}
"""By account (key) as strict as can be; by address less so: a whole district may come from one."""
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
"""Nobody can guess a passkey, nor the link of a mail."""
MFA_FORMS = {
    "authenticate": "cersgroups.web.sign_in_form.FactorForm",
    "reauthenticate": "cersgroups.web.sign_in_form.FactorAgainForm",
    "activate_totp": "cersgroups.web.sign_in_form.AppForm",
    "add_webauthn": "cersgroups.web.sign_in_form.PasskeyForm",
    "edit_webauthn": "cersgroups.web.account_change.PasskeyNameForm",
    "login_webauthn": "cersgroups.web.sign_in_form.PasskeySignInForm",
    "authenticate_webauthn": "cersgroups.web.sign_in_form.PasskeyFactorForm",
    "reauthenticate_webauthn": "cersgroups.web.sign_in_form.PasskeyAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an admin's invitation gave the address; there is no page to verify one
MFA_TOTP_ISSUER = "Student Groups for CERS"
MFA_TOTP_TOLERANCE = 0
"""A code holds for the 30 seconds in which an app shows it (ASVS 6.5.5), and so long a used one is refused (6.5.1)."""
SECOND_FACTOR = environment.choice("CERSGROUPS_SECOND_FACTOR")
PROVIDER_FACTORS = environment.choice("CERSGROUPS_PROVIDER_FACTORS")
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True


def providers() -> dict[str, Any]:
    """The OIDC providers that the environment configures: by CERSGROUPS_OIDC_<NAME>_CLIENT_ID, _SECRET, _ISSUER."""
    apps = [
        {
            "provider_id": name,
            "name": label,
            "client_id": environment.text(f"CERSGROUPS_OIDC_{name.upper()}_CLIENT_ID"),
            "secret": environment.text(f"CERSGROUPS_OIDC_{name.upper()}_SECRET"),
            # who somebody is, the signed ID token says; nobody signs the user info (web/provider.py)
            "settings": {"server_url": _issuer(name), "fetch_userinfo": False},
        }
        for name, label in _PROVIDERS.items()
        if environment.text(f"CERSGROUPS_OIDC_{name.upper()}_CLIENT_ID") and _issuer(name)
    ]
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def _issuer(name: str) -> str:
    """Microsoft's must name the district's own tenant: any tenant can claim any e-mail address.

    Raises RequestStop for what is no address, and for its shared issuers, which speak for every directory there is.
    """
    issuer = environment.address(f"CERSGROUPS_OIDC_{name.upper()}_ISSUER").rstrip("/")
    shared = _SHARED.intersection(urlsplit(issuer).path.lower().split("/"))
    if name == "microsoft" and shared:
        raise RequestStop(
            f"CERSGROUPS_OIDC_MICROSOFT_ISSUER: “{min(shared)}” lets anybody's directory say who somebody is. "
            f"Give the district's own: https://login.microsoftonline.com/TENANT/v2.0"
        )
    return issuer


_SHARED = frozenset({"common", "organizations", "consumers", "9188040d-6c67-4c5b-b112-36a304b66dad"})
"""The last is the directory of everybody's personal accounts."""

_PROVIDERS = {"google": "Google", "microsoft": "Microsoft"}
