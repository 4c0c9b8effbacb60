"""Writes docs/api-reference.md from the OpenAPI document: `python -m tests.api.write_reference`."""

import os
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "api-reference.md"
INTRODUCTION = """# The HTTP API, address by address

How to call it is in [api.md](api.md). This page is made from the code (`python -m tests.api.write_reference`) and
compared with it by a test.

"""


def text() -> str:
    """The page as it should be."""
    from cersgroups.api.description import api
    from cersgroups.api.reference import as_markdown

    return INTRODUCTION + as_markdown(api.get_openapi_schema()).rstrip() + "\n"


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    PAGE.write_text(text(), encoding="utf-8")
