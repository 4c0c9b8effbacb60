"""The demo's first part, without a server: one extract of each type, checked, in one table."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from cersgroups.cers.acceptance import check_files
from cersgroups.cli.output import numbered, publish
from cersgroups.cli.progress import Progress
from cersgroups.core.profile import Profile, from_toml
from cersgroups.engine.database import connect
from cersgroups.engine.extract import Extract, build
from cersgroups.engine.snapshot import Snapshot


def show_extracts(snapshot: Snapshot, as_of: date, folder: Path, progress: Progress) -> list[Profile]:
    """Build one extract of each type into `folder`/extracts, print the table; returns the profiles."""
    results = [build_one(snapshot, profile, as_of, folder, progress) for profile in demo_profiles(snapshot, folder)]
    show_table(snapshot, as_of, results)
    return [profile for profile, _extract in results]


def demo_profiles(snapshot: Snapshot, folder: Path) -> list[Profile]:
    """One profile of each type for the whole district, also written as TOML to `folder`/profiles."""
    with connect() as connection:
        schools = connection.execute(
            f"SELECT school_id FROM {snapshot.parquet('schools')} WHERE active ORDER BY 1"
        ).fetchall()
        students = connection.execute(
            f"SELECT ssid FROM {snapshot.parquet('students')} WHERE ssid_number IS NOT NULL ORDER BY 1 LIMIT 30"
        ).fetchall()
        [additional] = connection.execute(
            f"SELECT staff_id FROM {snapshot.parquet('staff')} "
            f"WHERE active AND email IS NOT NULL AND state_educator_id IS NOT NULL ORDER BY 1 LIMIT 1"
        ).fetchone() or ("",)
    profiles = []
    for name, settings in _PROFILES.items():
        text = (
            f'name = "{name}"\nschool_year = {snapshot.school_year}\n'
            f"schools = {_toml([s for (s,) in schools])}\n{settings}"
        ).format(students=_toml([s for (s,) in students]), additional=_toml([additional]))
        (folder / "profiles" / f"{name}.toml").write_text(text, encoding="utf-8")
        profiles.append(from_toml(text, source=name))
    return profiles


def _toml(values: list[str]) -> str:
    return "[" + ", ".join(f'"{value}"' for value in values) + "]"


_PROFILES: dict[str, str] = {
    "English classes": 'subject = "ELA"\ntype = "classes"\nname_pattern = "teacher_period"\n'
    '[filters]\ndepartments = ["ENG", "ELA"]\n',
    "Mathematics courses": 'subject = "Math"\ntype = "classes"\nname_pattern = "teacher_course"\n'
    '[filters]\ndepartments = ["MATH", "MTH"]\n',
    "Elementary teachers": 'subject = "All"\ntype = "elementary_teacher"\n',
    "Grades": 'subject = "All"\ntype = "grade"\n[users]\nadditional = {additional}\n',
    "Counselors": 'subject = "All"\ntype = "counselor"\n',
    "Student groups": 'subject = "All"\ntype = "student_group"\n[users]\nroles = ["group_staff"]\n',
    "Summer list": 'subject = "ELA"\ntype = "student_list"\n'
    '[list]\nname = "Summer bridge"\nstudents = {students}\n[users]\nadditional = {additional}\n',
}


def build_one(
    snapshot: Snapshot, profile: Profile, as_of: date, folder: Path, progress: Progress
) -> tuple[Profile, Extract]:
    progress(f"building {profile.name}", 0.9)
    with TemporaryDirectory(dir=folder) as aside:
        extract = build(snapshot, [profile], as_of, Path(aside))
        check_files(extract.files, snapshot.school_year)
        targets = numbered(folder / "extracts" / f"{profile.name}.csv", len(extract.files))
        publish([*zip(extract.files, targets, strict=True)])
    return profile, extract


def show_table(snapshot: Snapshot, as_of: date, results: list[tuple[Profile, Extract]]) -> None:
    console = Console()
    counts = ", ".join(f"{snapshot.counts[t]:,} {t}" for t in ("schools", "staff", "sections", "students"))
    console.print(f"{snapshot.name}: {counts}.\nAs of {as_of.isoformat()}, every file checked by the receiver's rules:")
    table = Table()
    table.add_column("Profile", no_wrap=True)
    for title in ("Groups", "Students", "Users", "Records", "Warnings", "Notes"):
        table.add_column(title, justify="right", no_wrap=True)
    for profile, extract in results:
        warnings = sum(f.count for f in extract.findings if f.severity == "warning")
        notes = sum(f.count for f in extract.findings if f.severity == "info")
        figures = (extract.groups, extract.students, extract.users, extract.records, warnings, notes)
        table.add_row(profile.name, *(f"{n:,}" for n in figures))
    console.print(table)
    console.print("Warnings and notes are the rows behind the findings: what was left out, and why.\n")
