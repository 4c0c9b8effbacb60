"""What an installed program needs is in the wheel: without its assets and templates no page could be shown."""

from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def packed() -> set[str]:
    """The paths in the wheel that would be built."""
    return {file.distribution_path for file in WheelBuilder(str(ROOT)).recurse_included_files()}


def test_the_bundled_assets_are_in_it(packed: set[str]) -> None:
    names = {path.rsplit("/", 1)[1] for path in packed if path.startswith("cersgroups/web/static/web/")}
    assert {"app.css", "app.js", "theme.js", "icons.svg", "favicon.svg"} <= names


def test_every_module_and_template_is_in_it(packed: set[str]) -> None:
    needed = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "cersgroups").rglob("*.*")
        if path.suffix == ".py" or "templates" in path.parts
    }
    assert needed - packed == set()


def test_what_assets_are_made_of_is_not(packed: set[str]) -> None:
    assert not [path for path in packed if path.startswith("cersgroups/web/assets/")]
