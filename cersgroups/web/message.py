"""Where one-time messages wait for the next page: in a signed cookie of this host alone, else in the session."""

from typing import Any

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django has no setting for the cookie's name, whose beginning `__Host-` keeps other hosts from setting it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cookie_name = settings.MESSAGE_COOKIE_NAME


class MessageStorage(FallbackStorage):
    """Django's, with that cookie."""

    storage_classes = (HostCookieStorage, SessionStorage)
