"""All addresses."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = []
if find_spec("cersgroups.web.urls"):
    urlpatterns.append(path("", include("cersgroups.web.urls")))
if find_spec("cersgroups.api.urls"):
    urlpatterns.append(path("api/", include("cersgroups.api.urls")))
