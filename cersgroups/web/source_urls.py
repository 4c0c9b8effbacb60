"""The addresses of the sources that the roster is fetched from."""

from django.urls import path

from cersgroups.web import source

urlpatterns = [
    path("sources/", source.sources, name="sources"),
    path("sources/new/", source.new_source, name="new_source"),
    path("sources/<int:pk>/", source.source, name="source"),
    path("sources/<int:pk>/settings/", source.source_settings, name="source_settings"),
    path("sources/<int:pk>/now/", source.source_now, name="source_now"),
    path("sources/<int:pk>/test/", source.check_source, name="check_source"),
    path("sources/<int:pk>/sync/", source.sync_source, name="sync_source"),
    path("sources/<int:pk>/cancel/", source.cancel_source_sync, name="cancel_source_sync"),
    path("sources/<int:pk>/side-files/", source.source_side_files, name="source_side_files"),
    path("sources/<int:pk>/schedule/", source.source_schedule, name="source_schedule"),
    path("sources/<int:pk>/remove/", source.delete_source, name="delete_source"),
]
