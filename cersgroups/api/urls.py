"""The addresses of the API. Each judges for itself how much it takes (access.py), before anything is read."""

from django.urls import URLPattern, URLResolver, path

from cersgroups.api.description import api
from cersgroups.api.reference import openapi_json, reference

_operations, _app_name, _namespace = api.urls
for pattern in _operations:
    pattern.callback.judges_size = True  # type: ignore[union-attr]

urlpatterns: list[URLPattern | URLResolver] = [
    path("docs", reference, name="api_reference"),
    path("openapi.json", openapi_json, name="api_openapi"),
    path("", (_operations, _app_name, _namespace)),
]
