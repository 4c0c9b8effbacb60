"""The clock of the machine jumps, forward by a day and back by an hour, under a worker and a database that go on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.field import Field, playing_field, wait_until
from tests.fault.stage import addresses
from tests.mailbox import text_of

pytestmark = pytest.mark.thorough

HOUR = 3600
DAY = 24 * HOUR

TURNED = """
CREATE SCHEMA turned;
CREATE TABLE turned.clock (ahead double precision);
INSERT INTO turned.clock VALUES (0);
CREATE FUNCTION turned.now() RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT pg_catalog.now() + make_interval(secs => ahead) FROM turned.clock';
GRANT USAGE ON SCHEMA turned TO PUBLIC;
GRANT SELECT ON turned.clock TO PUBLIC;
ALTER TABLE procrastinate_workers ALTER last_heartbeat SET DEFAULT turned.now();
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET search_path = turned, pg_catalog, public', current_database());
END $$
"""
"""The database's now() is ours from the next connection on."""


@pytest.fixture
def arena() -> Iterator[Field]:
    with playing_field(1, quick=True) as arena:
        with arena.database() as connection:
            connection.execute(TURNED.encode())
        turn(arena, 0)
        plan(arena, "12 hours")
        clock, note = clock_of(arena), arena.data / "odd.note"
        arena.start("worker", "-m", "tests.fault.odd_worker", f"--clock={clock}", f"--note={note}", "--quick")
        yield arena


def clock_of(arena: Field) -> Path:
    return arena.data / "clock"


def turn(arena: Field, ahead: float) -> None:
    """The clock of worker and database shows so many seconds more than the true one."""
    aside = arena.data / "clock.aside"
    aside.write_text(str(ahead))
    aside.replace(clock_of(arena))
    arena.tell("UPDATE turned.clock SET ahead = %s", ahead)


def plan(arena: Field, wait: str) -> None:
    """Every day at the minute which comes after so long."""
    arena.tell(
        f"""
        UPDATE scheduled_process SET since = now(),
            time = date_trunc('minute', (now() + interval '{wait}') AT TIME ZONE 'America/Los_Angeles')::time
        """
    )
    arena.tell("UPDATE due SET at = now() WHERE what = 'scheduled_process'")


def runs(arena: Field) -> int:
    return int(arena.ask("SELECT count(*) FROM scheduled_run")[0][0])


def looked_at_the_clock(arena: Field) -> None:
    """What is due was planned anew by the clock as it is now; nothing of it is due any more, nothing waits."""
    planned = (
        "SELECT 1 FROM due WHERE what = 'scheduled_process' AND at > turned.now() AND planned_at BETWEEN "
        "turned.now() - interval '30 minutes' AND turned.now()"
    )
    log = arena.data / "worker.log"
    wait_until(lambda: arena.ask(planned) and not arena.waiting(), log)


def ends_well(arena: Field, count: int) -> None:
    looked_at_the_clock(arena)
    assert arena.run("-m", "tests.fault.witness", arena.sandbox_url, str(count)) == []
    assert sorted(arena.box.to()) == sorted(addresses(1) * count)


def test_whatever_the_clock_does_each_run_ends_once_and_people_are_told(arena: Field) -> None:
    looked_at_the_clock(arena)
    assert runs(arena) == 0

    turn(arena, DAY)  # the run of twelve hours ago is made up
    wait_until(lambda: runs(arena) == 1, arena.data / "worker.log")
    ends_well(arena, 1)
    assert "Ran late, on" in text_of(arena.box.mails[0])

    turn(arena, DAY - HOUR)  # a run has been already
    ends_well(arena, 1)

    turn(arena, 36 * HOUR + 120)  # the second one
    wait_until(lambda: runs(arena) == 2, arena.data / "worker.log")
    ends_well(arena, 2)

    turn(arena, 35 * HOUR + 120)  # it is to come once more ...
    ends_well(arena, 2)
    turn(arena, 36 * HOUR + 240)  # ... and comes, and has been already
    ends_well(arena, 2)
