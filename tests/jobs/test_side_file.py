"""Side files that are kept with a live source and add to the roster at every sync (features H4)."""

from io import BytesIO

import duckdb
import pytest

from cersgroups.actions import side_file
from cersgroups.actions.audit import visible_entries
from cersgroups.actions.roster_file import UploadedFile
from cersgroups.actions.side_file import remove_side_files, save_side_files, visible_side_files
from cersgroups.actions.source import delete_source, save_source
from cersgroups.core.error import RequestStop
from cersgroups.engine.snapshot import open_snapshot
from cersgroups.records.scope import lea_scope
from cersgroups.records.side_file import SideFile
from cersgroups.records.snapshot import Snapshot
from tests.jobs.live_sync import source_of, synced_from
from tests.people import People, make_people
from tests.sis import Sis, entry

pytestmark = pytest.mark.django_db(transaction=True)

KIND = "memory"
EMAILS = b"staff_id,email\r\n1,ana.new@fig.example\r\n"
CODES = b"school_id,cds_code\n10,99100000000099\n"


@pytest.fixture
def folk(sis: Sis) -> People:  # noqa: ARG001 - a fixture, for what it does
    folk = make_people()
    save_source(folk.ada, entry())
    return folk


def store(folk: People, **files: bytes) -> None:
    sent = [UploadedFile(f"{name}.csv", BytesIO(content)) for name, content in files.items()]
    save_side_files(folk.ada, source_of(folk, KIND).pk, sent)


def stored(folk: People) -> list[str]:
    with lea_scope(folk.lea_id):
        return [side.file_name for side in visible_side_files(folk.ada, source_of(folk, KIND).pk)]


def synced(folk: People) -> Snapshot:
    return synced_from(folk, source_of(folk, KIND))


def cell(sync: Snapshot, table: str, column: str, where: str) -> str:
    query = f"SELECT {column} FROM {open_snapshot(sync.folder).parquet(table)} WHERE {where}"
    [value] = duckdb.execute(query).fetchone() or ("",)
    return str(value)


def test_they_replace_cells_at_every_sync_until_they_are_removed(folk: People, sis: Sis) -> None:
    store(folk, STAFF=EMAILS, schools=CODES)
    for _ in range(2):
        sync = synced(folk)
        assert sync.state == "ready"
        assert cell(sync, "staff", "email", "staff_id = '1'") == "ana.new@fig.example"
        assert cell(sync, "schools", "cds_code", "school_id = '10'") == "99100000000099"
    assert sis.supplied == {"cds"}
    remove_side_files(folk.ada, source_of(folk, KIND).pk)
    sync = synced(folk)
    assert (cell(sync, "staff", "email", "staff_id = '1'"), sis.supplied) == ("ana@fig.example", frozenset())


def test_what_is_sent_takes_the_place_of_what_was_there(folk: People) -> None:
    store(folk, staff=EMAILS)
    store(folk, schools=CODES)
    assert stored(folk) == ["schools.csv"]
    with lea_scope(folk.lea_id):
        assert SideFile.objects.get().text() == CODES
        assert [e.detail["tables"] for e in visible_entries(folk.ada).filter(action="save side files")] == [
            ["schools"],
            ["staff"],
        ]


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({}, "No file was sent."),
        ({"staff": b"email\nx\n"}, "side files/staff.csv: there is no column staff_id."),
        (
            {"staff": b'staff_id,email\n1,"x\n'},
            "side files/staff.csv, line 2: a quote opens in this record and is never closed",
        ),
        ({"lunch": b"a\n1\n"}, "side files: this is not a roster: it holds lunch.csv."),
    ],
)
def test_what_cannot_be_used_is_told_and_what_was_there_stays(
    folk: People, files: dict[str, bytes], sentence: str
) -> None:
    store(folk, schools=CODES)
    with pytest.raises(RequestStop) as stop:
        store(folk, **files)
    assert str(stop.value).startswith(sentence)
    assert stored(folk) == ["schools.csv"]


def test_more_than_is_kept_in_the_database_is_refused(folk: People, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_file, "LARGEST", len(CODES) - 1)
    with pytest.raises(RequestStop, match="Send only the columns and rows that the source lacks"):
        store(folk, schools=CODES)


def test_a_cell_that_cannot_be_meant_fails_the_sync_and_names_the_side_file(folk: People) -> None:
    good = synced(folk)
    store(folk, terms=b"school_id,term_code,start_date\n10,Y,soon\n")
    failed = synced(folk)
    assert failed.state == "failed"
    assert failed.why.startswith("side files/terms.csv, line 2: start_date is 'soon'.")
    assert good.folder.exists()


def test_they_go_with_their_source(folk: People) -> None:
    store(folk, staff=EMAILS)
    delete_source(folk.ada, source_of(folk, KIND).pk)
    with lea_scope(folk.lea_id):
        assert not SideFile.objects.exists()
