"""Retiring: what a real build no longer gives is emptied, and whatever comes in whatever order, nothing else is."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from cersgroups.cers.known import Known
from cersgroups.cers.variation import write_variant
from cersgroups.cers.warehouse import Warehouse
from cersgroups.core.profile import from_mapping
from cersgroups.engine.difference import Sent, compare
from cersgroups.engine.extract import Extract, build
from cersgroups.engine.ledger import Ledger, apply
from cersgroups.engine.retirement import Retirement
from cersgroups.engine.student_group import GROUPS_FILE
from tests.engine.district_snapshot import snapshot_of
from tests.engine.ledger_files import Group, Groups, write_upload
from tests.thorough import examples

CLASSES = from_mapping(
    {
        "name": "Classes",
        "school_year": 2027,
        "subject": "ELA",
        "type": "classes",
        "name_pattern": "teacher_period",
        "schools": ["10"],
    }
)
PROFILE = 7
"""The id of the profile's record."""


def district_of(students: int, teacher: str) -> dict[str, str]:
    """One section of so many students, in period 1 with this teacher."""
    ids = [f"S{number:03d}" for number in range(students)]
    return {
        "students": "student_id | ssid\n" + "\n".join(f"{i} | 7000000{i[1:]}" for i in ids),
        "enrollments": "student_id | school_id | grade\n" + "\n".join(f"{i} | 10 | 09" for i in ids),
        "rosters": "school_id | section_number | student_id\n" + "\n".join(f"10 | 1001 | {i}" for i in ids),
        "section_staff": f"school_id | section_number | staff_id\n10 | 1001 | {teacher}",
        "student_groups": "group_code | name\nAVID | AVID",
        "group_members": "group_code | student_id\nAVID | S000",
    }


def built(folder: Path, students: int, teacher: str = "1") -> Extract:
    (folder / "out").mkdir(parents=True)
    snapshot = snapshot_of(folder, **district_of(students, teacher))
    return build(snapshot, [CLASSES], date(2026, 11, 23), folder / "out")


def retired_names(folder: Path, before: Extract, now: Extract) -> list[str]:
    """The groups that `now` retires, `before` having been uploaded."""
    ledger = apply(None, before.files, before.files[0].with_name(GROUPS_FILE), [PROFILE], folder / "ledger")
    sent = Sent(now.files, now.files[0].with_name(GROUPS_FILE), [PROFILE])
    file = compare(ledger, sent, Retirement(2027, [PROFILE], [PROFILE]), None, folder).retired_file
    return [line.split(",")[0] for line in file.read_text().splitlines()[1:]] if file else []


def test_a_class_that_shrinks_from_201_to_190_students_gives_up_its_second_group(tmp_path: Path) -> None:
    before, now = built(tmp_path / "before", 201), built(tmp_path / "now", 190)
    assert (before.groups, now.groups) == (2, 1)
    assert retired_names(tmp_path, before, now) == ["10_Ruiz-Ana_1_2"]


def test_the_group_of_a_teacher_who_was_replaced_is_retired(tmp_path: Path) -> None:
    before, now = built(tmp_path / "before", 20), built(tmp_path / "now", 20, teacher="2")
    assert retired_names(tmp_path, before, now) == ["10_Ruiz-Ana_1_1"]


def test_the_same_roster_built_again_retires_nothing(tmp_path: Path) -> None:
    before, now = built(tmp_path / "before", 201), built(tmp_path / "now", 201)
    assert retired_names(tmp_path, before, now) == []


PROFILES = (1, 2, 3)


@dataclass(frozen=True)
class Step:
    """An upload of the extract of `profiles`, retiring, when only `existing` profiles are left."""

    profiles: tuple[int, ...]
    existing: tuple[int, ...]
    groups: Groups
    year: int


@st.composite
def steps(draw: st.DrawFn) -> Step:
    profiles = tuple(draw(st.lists(st.sampled_from(PROFILES), unique=True, min_size=1)))
    others = draw(st.lists(st.sampled_from(PROFILES), unique=True))
    year = draw(st.sampled_from([2026, 2027]))
    places = st.lists(st.integers(0, len(profiles) - 1), unique=True, min_size=1).map(tuple)
    group = st.builds(
        Group,
        students=st.lists(st.sampled_from([f"700000000{n}" for n in range(5)]), unique=True, min_size=1).map(tuple),
        users=st.lists(st.sampled_from(["a@x.org", "A@x.org", "b@x.org"]), unique_by=str.lower).map(tuple),
        subject=st.sampled_from(["ELA", "Math", "All"]),
        profiles=places,
        year=st.just(year),
    )
    names = st.sampled_from(["Lee_1", "LEE_1", "Lee_2", "Ng_1", "Ng_2"])
    groups = draw(st.dictionaries(names, group, min_size=1, max_size=4))
    unique = {name.lower(): name for name in groups}.values()
    return Step(profiles, tuple({*profiles, *others}), {name: groups[name] for name in unique}, year)


class Cers:
    """What CERS holds by the ledger, by the model of the receiver, and whom the filled groups belong to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger: Ledger | None = None
        self.warehouse = Warehouse(Known(None, frozenset({2026, 2027}), ("Math", "ELA")))
        self.sent = 0
        self.wanted: dict[tuple[str, int], set[int]] = {}

    def upload(self, step: Step) -> None:
        folder = self.folder / f"step-{self.sent}"
        now = write_upload(folder, step.groups, step.profiles)
        sent = Sent([now.path], now.groups, now.profile_ids)
        retirement = Retirement(step.year, step.profiles, step.existing)
        found = compare(self.ledger, sent, retirement, None, folder)
        self._accept(now.path, now.groups, step.profiles)
        if found.retired_file:
            self._accept(found.retired_file, None, ())
        self._expect(step)

    def _accept(self, file: Path, groups: Path | None, profile_ids: tuple[int, ...]) -> None:
        """Other bytes each time, for the receiver skips those that it has processed before."""
        self.sent += 1
        varied = self.folder / f"sent-{self.sent}.csv"
        write_variant(file, varied, self.sent)
        assert self.warehouse.upload(varied.read_bytes()).outcome == "loaded"
        self.ledger = apply(self.ledger, [varied], groups, profile_ids, self.folder / f"ledger-{self.sent}")

    def _expect(self, step: Step) -> None:
        """The rule of retiring in plain Python."""
        others = set(step.existing) - set(step.profiles)
        self.wanted = {
            (key, year): profiles
            for (key, year), profiles in self.wanted.items()
            if year != step.year or profiles & others
        } | {
            (name.lower(), step.year): {step.profiles[place] for place in group.profiles}
            for name, group in step.groups.items()
        }

    def held(self) -> set[tuple[object, ...]]:
        assert self.ledger is not None
        with duckdb.connect() as connection:
            return set(
                connection.execute(
                    f"""
                    SELECT name, school_year, subject,
                           (SELECT coalesce(string_agg(ssid, ' ' ORDER BY ssid), '')
                            FROM {self.ledger.parquet("students")} s WHERE s.number = g.number),
                           (SELECT coalesce(string_agg(login, ' ' ORDER BY login), '')
                            FROM {self.ledger.parquet("users")} u WHERE u.number = g.number)
                    FROM {self.ledger.parquet("groups")} g
                    """
                ).fetchall()
            )

    def stored(self) -> set[tuple[object, ...]]:
        return {
            (g["name"], g["year"], g["subject"] or "All", " ".join(g["members"]), " ".join(g["users"]))
            for g in self.warehouse.state()["groups"]
        }


_UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A sequence is short as it is, and making it shorter would take minutes."""


@settings(max_examples=examples(20), deadline=None, phases=_UNSHRUNK)
@given(st.lists(steps(), min_size=1, max_size=4))
def test_whatever_is_uploaded_and_retired_cers_holds_what_the_ledger_says_and_only_what_is_wanted(
    sequence: list[Step],
) -> None:
    with TemporaryDirectory() as name:
        cers = Cers(Path(name))
        for step in sequence:
            cers.upload(step)
            assert cers.held() == cers.stored()
            filled = {(g["name"].lower(), g["year"]) for g in cers.warehouse.state()["groups"] if g["members"]}
            assert filled == set(cers.wanted)
