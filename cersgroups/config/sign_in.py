"""How people sign in (django-allauth): by e-mail and password, passkey, TOTP, Google or Microsoft. No open sign-up."""

from typing import Any

from cersgroups.config import environment

ACCOUNT_ADAPTER = "cersgroups.web.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "cersgroups.web.sign_in_form.SignInForm"}
SOCIALACCOUNT_ADAPTER = "cersgroups.web.sign_in.ProviderAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key,20/5m/ip", "reset_password": "5/m/ip,3/m/key"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Student Groups for CERS"
MFA_TOTP_TOLERANCE = 1  # clocks of phones are a little off
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
            "settings": {"server_url": environment.text(f"CERSGROUPS_OIDC_{name.upper()}_ISSUER", issuer)},
        }
        for name, (label, issuer) in _ISSUERS.items()
        if environment.text(f"CERSGROUPS_OIDC_{name.upper()}_CLIENT_ID")
        and environment.text(f"CERSGROUPS_OIDC_{name.upper()}_ISSUER", issuer)
    ]
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


_ISSUERS = {
    "google": ("Google", "https://accounts.google.com"),
    "microsoft": ("Microsoft", ""),
}
"""Microsoft's issuer must name the district's own tenant: any tenant can claim any e-mail address."""
