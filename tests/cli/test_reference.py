"""docs/command-reference.md says what every command takes."""

from tests.cli.write_reference import PAGE, as_markdown


def test_the_page_is_what_the_code_says() -> None:
    assert as_markdown() in PAGE.read_text(encoding="utf-8"), "run: .venv/bin/python -m tests.cli.write_reference"
