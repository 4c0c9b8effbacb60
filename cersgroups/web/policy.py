"""What browsers are told to forbid: strict Content-Security-Policy, no caching of pages with students' data.

Referrer-Policy, nosniff, COOP and HSTS are Django's own (config/settings.py).
"""

from collections.abc import Callable, Iterator
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_DIRECTIVES = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-src": "'none'",
    "frame-ancestors": "'none'",
}
_HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), midi=(), "
        "display-capture=(), browsing-topics=(), publickey-credentials-get=(self), publickey-credentials-create=(self)"
    ),
}


class PolicyMiddleware:
    """Sets the headers on every response, also on static files; a view's own Cache-Control is kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers["Content-Security-Policy"] = content_security_policy()
        for name, value in _HEADERS.items():
            response.headers[name] = value
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"  # the Back button after signing out shows nothing
        return response


@cache
def content_security_policy() -> str:
    """No inline script or style and nothing from elsewhere; forms also go to the identity providers.

    form-action binds what a form's answer redirects to as well, and signing in by OIDC starts with a form.
    """
    form_action = " ".join(["'self'", *sorted(set(_provider_origins()))])
    return "; ".join(f"{name} {value}" for name, value in {**_DIRECTIVES, "form-action": form_action}.items())


def _provider_origins() -> Iterator[str]:
    for provider in settings.SOCIALACCOUNT_PROVIDERS.values():
        for app in provider.get("APPS", ()):
            issuer = urlsplit(app["settings"]["server_url"])
            yield f"{issuer.scheme}://{issuer.netloc}"
