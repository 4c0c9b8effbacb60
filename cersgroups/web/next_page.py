"""Where a form leads that says where to go next: a page of ours, never another site."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def own_page(request: HttpRequest, url: str) -> str | None:
    """The address, if it begins with / and stays on this host; else None."""
    own = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if own and url.startswith("/") else None
