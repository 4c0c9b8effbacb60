"""docs/command-reference.md says what every command takes."""

from tests.cli.write_reference import PAGE, text


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == text(), "run: .venv/bin/python -m tests.cli.write_reference"
