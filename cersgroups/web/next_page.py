"""Where a form leads that says where to go next, and signing in: a page of ours, never another site."""

from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def own_page(request: HttpRequest, url: str) -> str | None:
    """The address, if it begins with / and stays on this host; else None."""
    return url if url.startswith("/") and _is_ours(request, url) else None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """To the sign-in page, and from there back to the page at which the person is."""
    return whole_page(request, redirect_to_login(_page_shown(request)).url)


def whole_page(request: HttpRequest, url: str) -> HttpResponse:
    """Go to the page. A browser follows a redirect inside of what htmx asks for, and the page would stand there."""
    asked_by_htmx = "HX-Request" in request.headers
    return HttpResponse(headers={"HX-Redirect": url}) if asked_by_htmx else HttpResponseRedirect(url)


def _page_shown(request: HttpRequest) -> str:
    """What is asked for; of a part that htmx asks for, and of a form, the page that it stands in."""
    if request.method in ("GET", "HEAD") and "HX-Request" not in request.headers:
        return request.get_full_path()
    shown = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    path = urlsplit(shown)._replace(scheme="", netloc="").geturl() if _is_ours(request, shown) else ""
    return own_page(request, path) or "/"


def _is_ours(request: HttpRequest, url: str) -> bool:
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
