"""Batches of schools: small enough for bounded memory, built side by side, given back in order."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date

from cersgroups.core.profile import Profile
from cersgroups.engine.database import Connection, one_thread_each
from cersgroups.engine.group import load_groups
from cersgroups.engine.live import NO_SCHOOL, load_enrollments, load_scope, load_sections
from cersgroups.engine.member import load_chunks, load_members, load_users
from cersgroups.engine.name import create_names
from cersgroups.engine.snapshot import Snapshot

BATCH_ROWS = 900_000
"""Roster and enrollment rows read in one batch: about 120,000 students. More takes memory and gains little."""

WORKERS = 2
"""Batches built at the same time: most steps are too small for DuckDB to share them among cores itself.

So DuckDB uses one thread for each meanwhile: handing tasks of a millisecond to others takes more than it gives.
"""


def batches_of(connection: Connection, snapshot: Snapshot, workers: int = WORKERS) -> list[tuple[int, int]]:
    """Ranges of school_row, in the order of CDS codes; schools that share a code stay together.

    At least one for each of the `workers`; one worker takes longer and needs less of the processor.
    """
    schools = _weights(connection, snapshot)
    most = min(BATCH_ROWS, sum(weight for _, _, weight in schools) // workers + 1)
    batches: list[tuple[int, int]] = []
    filled = 0
    for first, last, weight in schools:
        if batches and filled + weight <= most:
            batches[-1] = (batches[-1][0], last)
            filled += weight
        else:
            batches.append((first, last))
            filled = weight
    return batches


def _weights(connection: Connection, snapshot: Snapshot) -> list[tuple[int, int, int]]:
    """By CDS code: its first and last school_row, and how many rows there are to read."""
    return connection.execute(
        f"""
        SELECT min(s.school_row), max(s.school_row), coalesce(sum(w.weight), 0)
        FROM {snapshot.parquet("schools")} s LEFT JOIN (
            SELECT school_row, sum(weight) AS weight FROM (
                SELECT school_row, count(*) AS weight FROM {snapshot.parquet("enrollments")} GROUP BY 1
                UNION ALL
                SELECT t.school_row, sum(r.students) FROM {snapshot.parquet("sections")} t
                    JOIN {snapshot.parquet("section_students")} r USING (section_row) GROUP BY 1
            ) GROUP BY 1
        ) w USING (school_row)
        WHERE s.cds_code IN (SELECT cds_code FROM chosen_school)
        GROUP BY s.cds_code ORDER BY 1
        """
    ).fetchall()


def build_batches(
    connection: Connection,
    snapshot: Snapshot,
    profiles: Sequence[Profile],
    as_of: date,
    batches: Sequence[tuple[int, int]],
) -> Iterator[int]:
    """Build the batches, WORKERS at a time; gives the number of each when it and all before it are done."""

    def build_one(number: int) -> None:
        # a cursor has temporary tables of its own, which vanish with it
        with connection.cursor() as own:
            _build_batch(own, snapshot, profiles, as_of, number, *batches[number])

    with one_thread_each(connection), ThreadPoolExecutor(WORKERS) as pool:
        running: deque[Future[None]] = deque()
        for number in range(len(batches)):
            running.append(pool.submit(build_one, number))
            if len(running) > WORKERS:
                running.popleft().result()
                yield number - WORKERS
        for number in range(len(batches) - len(running), len(batches)):
            running.popleft().result()
            yield number


def _build_batch(
    connection: Connection,
    snapshot: Snapshot,
    profiles: Sequence[Profile],
    as_of: date,
    number: int,
    first: int,
    last: int,
) -> None:
    load_scope(connection, snapshot, first, last)
    load_enrollments(connection, snapshot, first, last, as_of)
    sections = (first, last) if any(profile.type == "classes" for profile in profiles) else NO_SCHOOL
    load_sections(connection, snapshot, *sections, as_of)
    load_groups(connection, snapshot, list(profiles), as_of)
    create_names(connection)
    load_members(connection, snapshot, as_of)
    load_users(connection)
    load_chunks(connection, number)
