"""The relational database: `default` for the application, `owner` for migrations only.

Source: DATABASE_URL, else the embedded PostgreSQL in the data folder. The application never owns a table and cannot
pass row-level security: it signs in as cersgroups_app (embedded), or takes that role on every connection
(DATABASE_URL alone, of the owner), or signs in by DATABASE_URL while DATABASE_OWNER_URL is the owner's.
"""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cersgroups.core import environment
from cersgroups.core.error import RequestStop
from cersgroups.records.server import APP_ROLE, OWNER, embedded_server


def databases() -> dict[str, dict[str, Any]]:
    """Django's DATABASES. Raises RequestStop for a URL that is none of PostgreSQL."""
    url, owner_url = environment.address("DATABASE_URL"), environment.address("DATABASE_OWNER_URL")
    if not url:
        server = embedded_server()
        return {"default": _database(server.url(APP_ROLE)), "owner": _database(server.url(OWNER))}
    if owner_url:
        return {"default": _database(url), "owner": _database(owner_url)}
    default = _database(url)
    default["OPTIONS"] |= {"options": f"{default['OPTIONS'].get('options', '')} -c role={APP_ROLE}".strip()}
    return {"default": default, "owner": _database(url)}


def _database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql") or not parts.path.strip("/"):
        raise RequestStop("DATABASE_URL must be postgresql://USER:PASSWORD@HOST:PORT/NAME.")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
