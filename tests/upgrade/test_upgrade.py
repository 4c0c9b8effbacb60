"""What each version has left behind (<version>.zip) is restored, brought up to date, read, and built from.

docs/upgrade.md says how the file of a new version is made.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.installation import Installation, installation
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db
VERSIONS = sorted(path.stem for path in Path(__file__).parent.glob("*.zip"))

LOOK = """
import json, sys
from datetime import date
from cersgroups.cli.application import application
with application():
    from cersgroups.actions.actor import actor_for, memberships_of
    from cersgroups.actions.extract import create_extracts
    from cersgroups.actions.ledger import find_held_groups
    from cersgroups.jobs.worker import run_worker
    from cersgroups.records import models
    from cersgroups.records.scope import lea_scope
    person = models.Person.objects.get(email="ada@live-oak.example")
    [membership] = memberships_of(person)
    ada = actor_for(person, membership.lea_id)
    with lea_scope(ada.lea_id):
        first = models.Extract.objects.filter(state="done").earliest("pk")
        [used] = first.profiles.all()
    [made] = create_extracts(ada, [used.profile_id], as_of=first.as_of)
    run_worker(wait=False)
    with lea_scope(ada.lea_id):
        made.refresh_from_db()
        print(json.dumps({
            "signs in": person.check_password(sys.argv[1]),
            "old": (first.folder / "extract-1.csv").read_text(),
            "new": (made.folder / "extract-1.csv").read_text() if made.files else made.why,
            "held": find_held_groups(ada, "", 0, 10).count,
            "secret": sorted(models.Credential.objects.get().secrets()),
            "sources": [sorted(source.secrets()) for source in models.Source.objects.exclude(sealed="")],
            "counts": {model.__name__: model.objects.count() for model in (
                models.Profile, models.Draft, models.Upload, models.ScheduledProcess, models.Membership)},
        }))
"""


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path / "other") as other:
        yield other


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_left_behind_is_all_there_and_builds_the_same_file(other: Installation, version: str) -> None:
    """The same names too: another name would leave the old group, with its users, in CERS."""
    backup = Path(__file__).with_name(f"{version}.zip")
    done = other.run("-m", "cersgroups", "restore", str(backup))
    assert done.returncode == 0, done.stderr
    looked = other.run("-c", LOOK, PASSWORD)
    assert looked.returncode == 0, looked.stderr
    found = json.loads(looked.stdout)
    assert found["signs in"]
    assert found["new"] == found["old"]
    assert found["held"] > 0
    assert found["secret"] == ["client_secret", "password"]
    assert found["sources"] == ([] if version == "0.1.0" else [["certificate"]]), "0.1.0 had no live sources yet"
    assert found["counts"] == {"Profile": 2, "Draft": 1, "Upload": 1, "ScheduledProcess": 1, "Membership": 4}
    said = json.loads(other.run("-m", "cersgroups", "doctor", "--json").stdout)
    verdicts = {symptom["name"]: symptom["verdict"] for symptom in said["symptoms"]}
    assert [verdicts[name] for name in ("database", "tables", "keys", "data folder")] == ["ok"] * 4


def test_there_is_data_of_a_version() -> None:
    assert VERSIONS
