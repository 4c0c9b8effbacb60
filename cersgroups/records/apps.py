"""The Django app `records`."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "cersgroups.records"
    label = "records"
    default_auto_field = "django.db.models.BigAutoField"
