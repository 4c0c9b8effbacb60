"""What monitoring asks: /healthz (the process lives), /readyz (it can work), /metrics (figures for Prometheus).

Answered before anything else: whoever probes knows no host name, has no session and speaks no TLS.
"""

import hmac
import ipaddress
from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse

from cersgroups.records.readiness import missing_parts
from cersgroups.web.metric import CONTENT_TYPE, metrics

View = Callable[[HttpRequest], HttpResponse]


class ProbeMiddleware:
    """The first of all; everything but the three addresses goes on."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = _VIEWS.get(request.path_info)
        if view is None:
            return self.get_response(request)
        response = view(request) if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])
        response.headers["Cache-Control"] = "no-store"
        return response


def _alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain")


def _ready(request: HttpRequest) -> HttpResponse:
    """503 with the parts that fail, by a word each: the log of the program and its doctor say more."""
    missing = missing_parts()
    return JsonResponse({"ready": not missing, "failing": missing}, status=503 if missing else 200)


def _metrics(request: HttpRequest) -> HttpResponse:
    if not _may_read_metrics(request):
        sentence = "You may not read the figures from this address without the token. See CERSGROUPS_METRICS_ADDRESSES."
        return HttpResponse(f"{sentence}\n", status=403, content_type="text/plain")
    return HttpResponse(metrics(), content_type=CONTENT_TYPE)


def _may_read_metrics(request: HttpRequest) -> bool:
    given = request.headers.get("Authorization", "").encode()
    if settings.METRICS_TOKEN and hmac.compare_digest(given, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return True
    try:
        address = ipaddress.ip_address(get_adapter(request).get_client_ip(request))
    except (PermissionDenied, ValueError):
        return False
    return any(address in network for network in settings.METRICS_NETWORKS)


_VIEWS: dict[str, View] = {"/healthz": _alive, "/readyz": _ready, "/metrics": _metrics}
