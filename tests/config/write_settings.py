"""Writes docs/settings.md from the settings' declarations: `python -m tests.config.write_settings`."""

from pathlib import Path

from cersgroups.core.environment_setting import as_markdown

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"

INTRODUCTION = """# Settings

Every command that uses the installation (`serve`, `worker`, `sync --lea`, `first-admin`, `add-lea`, `save-source`,
`backup`, `restore`, `doctor`, `leas`, `remove-lea`, `rotate-key`, `manage`) reads its settings from
environment variables: give all of them the same.
The others (`build`, `validate`, `simulate`, `upload`, `roster`, `demo-roster`, `demo`, `sandbox`, `sync` into
a folder) need none, but for those of [single commands](#of-single-commands). A value that cannot be meant, and every
unsafe setting, is refused with a sentence that names it; nothing is started then. A blank variable counts as not set;
blanks around a value do not count.

This page is made from the code (`python -m tests.config.write_settings`) and compared with it by a test.

"""


def text() -> str:
    """The page as it should be."""
    return INTRODUCTION + as_markdown()


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
