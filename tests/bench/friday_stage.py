"""`python -m tests.bench.friday_stage DATA RECEIVER SIZES`: LEAs with rosters, profiles, credentials and schedules.

SIZES is JSON: the students of each LEA. The data folder is that of CERSGROUPS_DATA. Snapshots are shared by LEAs of one
size (hard links): reading them costs the same, making them does not.
"""

import json
import os
import shutil
import sys
from dataclasses import asdict
from datetime import date, time
from pathlib import Path

from django.conf import settings

from cersgroups.cli.application import application
from cersgroups.cli.serve import prepare
from tests.bench.district import District

FULL_TIME = time(22, 30)
FRIDAY = 4
PASSWORD = "a long enough sentence"  # noqa: S105 - of invented people


def main(data: Path, receiver: str, sizes: list[int]) -> None:
    with application():
        prepare()
        settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in
        for number, students in enumerate(sizes):
            _lea(number, District(students, data), receiver)


def _lea(number: int, district: District, receiver: str) -> None:
    from cersgroups.actions.actor import actor_for
    from cersgroups.actions.credential import Entry, save_credential
    from cersgroups.actions.first_admin import create_first_admin, make_link
    from cersgroups.actions.lea import change_settings
    from cersgroups.actions.profile import create_profile
    from cersgroups.actions.scheduled_process import save_scheduled_process

    person, lea = create_first_admin(
        make_link(), email=f"ada{number}@bench.example", name="Ada", password=PASSWORD, lea_name=f"LEA {number:04d}"
    )
    ada = actor_for(person, lea.pk)
    schools = _give_roster(lea.pk, district)
    change_settings(ada, uploads_enabled=True)
    content = {
        "name": "Classes",
        "school_year": 2027,
        "subject": "ELA",
        "type": "classes",
        "name_pattern": "teacher_period",
        "schools": schools,
        "include_in_scheduled_process": True,
    }
    create_profile(ada, content)
    entry = {"username": "bench", "password": "bench", "client_id": "bench", "client_secret": "bench"}
    address = {"token_url": f"{receiver}/token", "import_url": receiver}
    save_credential(ada, Entry("LEA", "password", **address, **entry, expires_on=date(2099, 1, 1)))
    save_scheduled_process(ada, days=[FRIDAY], at=FULL_TIME, emails=["ada@bench.example"], upload=True, enable=True)


def _give_roster(lea_id: int, district: District) -> list[str]:
    from django.db import transaction

    from cersgroups.actions.snapshot import put_in_force
    from cersgroups.engine.school import read_schools
    from cersgroups.engine.snapshot import open_snapshot
    from cersgroups.records.scope import lea_scope
    from cersgroups.records.snapshot import Snapshot

    snapshot = open_snapshot(district.snapshot)
    schools = [asdict(school) for school in read_schools(snapshot)]
    with lea_scope(lea_id), transaction.atomic():
        record = Snapshot.objects.create(
            lea_id=lea_id,
            state="ready",
            lea_code=f"{lea_id:07d}",
            lea_name=snapshot.name,
            time_zone=snapshot.time_zone,
            school_year=snapshot.school_year,
            taken_at=snapshot.taken_at,
            counts=snapshot.counts,
            finding_counts=snapshot.finding_counts,
            schools=schools,
        )
        shutil.copytree(district.snapshot, record.folder, copy_function=os.link)
        put_in_force(record)
    return [school["school_id"] for school in schools]


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3]))
