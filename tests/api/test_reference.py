"""The reference: docs/api-reference.md and the page at /api/docs say what the API takes and gives."""

import json
from typing import Any

import pytest
from django.test import Client

from cersgroups.api.description import api
from cersgroups.api.profile_content import content_schema
from cersgroups.core.profile import FILTERS_BY_TYPE, Filters, Profile
from tests.api.write_reference import PAGE, text


def test_the_page_in_docs_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run: python -m tests.api.write_reference"


@pytest.mark.django_db
def test_anybody_reads_the_reference_and_it_needs_no_script() -> None:
    answer = Client().get("/api/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    for path in api.get_openapi_schema()["paths"]:
        assert path in page
    assert "<script>" not in page
    assert "style=" not in page


@pytest.mark.django_db
def test_anybody_reads_the_document() -> None:
    document = Client().get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert json.dumps(document).count("ProfileContent") > 3
    assert document["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}


def test_every_operation_says_what_it_needs_and_how_it_refuses() -> None:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            assert told["description"], path
            assert told["security"] == [{"token": []}]
            assert all("application/problem+json" in told["responses"][status]["content"] for status in ("4XX", "503"))
            keys = [p["name"] for p in told["parameters"] if p["name"] == "Idempotency-Key"]
            assert len(keys) == (method == "post"), path


def test_a_profile_is_described_as_the_core_has_it() -> None:
    variants: list[dict[str, Any]] = content_schema()["oneOf"]
    assert [v["title"] for v in variants] == list(FILTERS_BY_TYPE)
    for variant in variants:
        filters = variant["properties"]["filters"]["properties"]
        assert tuple(filters) == FILTERS_BY_TYPE[variant["title"]]
        assert set(filters) <= set(vars(Filters()))
        assert set(variant["properties"]) <= set(Profile.__dataclass_fields__)
