"""A program of one of the fixed people: it calls the API with a token, by Django's client."""

import json
from typing import Any

from django.test import Client

from cersgroups.actions.api_token import create_token
from cersgroups.core.api_token import SCOPES
from cersgroups.core.permission import Actor

JSON = "application/json"


class Program:
    """`text` is its token; blank: it has none. Addresses are those under /api/v1."""

    def __init__(self, text: str = "") -> None:
        self.text = text
        self.client = Client(headers={"Authorization": f"Bearer {text}"} if text else {})

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(f"/api/v1{path}", headers=headers)

    def post(self, path: str, content: Any = None, kind: str = JSON, **headers: str) -> Any:
        return self.client.post(f"/api/v1{path}", _body(content, kind), content_type=kind, headers=headers)

    def put(self, path: str, content: Any, kind: str = JSON, **headers: str) -> Any:
        return self.client.put(f"/api/v1{path}", _body(content, kind), content_type=kind, headers=headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self.client.delete(f"/api/v1{path}", headers=headers)

    def send(self, path: str, form: dict[str, Any], **headers: str) -> Any:
        """Post a form with files."""
        return self.client.post(f"/api/v1{path}", form, headers=headers)


def program_of(actor: Actor, *scopes: str, name: str = "Program") -> Program:
    """One with these scopes, without any with all of them."""
    _token, text = create_token(actor, name, scopes or list(SCOPES), days=1)
    return Program(text)


def _body(content: Any, kind: str) -> str:
    return json.dumps(content) if kind == JSON and content is not None else content or ""
