"""The Django app `web`: templates, tags and static files of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "cersgroups.web"
    label = "web"

    def ready(self) -> None:
        from cersgroups.web import account_change, proof  # only by now are models there

        account_change.listen()
        proof.listen()
