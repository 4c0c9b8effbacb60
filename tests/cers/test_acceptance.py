"""The check beside the build: every file is checked, and the process is left as it was."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cersgroups.cers.acceptance import checking
from cersgroups.core.error import DataStop

HEADER = "group_name,school_natural_id,school_year,subject_code,student_ssid,group_user_login\n"


def write(folder: Path, ssid: str) -> Path:
    file = folder / f"{ssid}.csv"
    file.write_text(f"{HEADER}Ruiz,99100000000010,2027,Math,{ssid},ana@fig.example\n")
    return file


def _check(*files: Path) -> None:
    with checking(2027) as check:
        for file in files:
            check(file)


def test_the_stop_names_the_row_of_whichever_file_the_receiver_would_refuse(tmp_path: Path) -> None:
    with pytest.raises(DataStop, match="because CERS would refuse or garble it: row 1: Row 1: The SSID no student"):
        _check(write(tmp_path, "7000000001"), write(tmp_path, "no student"))


@pytest.fixture
def before() -> Iterator[float]:
    """Python's own interval, which another test of this process may have changed."""
    found = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    yield 0.005
    sys.setswitchinterval(found)


def test_of_several_checks_at_once_the_last_one_leaves_the_process_as_it_was(tmp_path: Path, before: float) -> None:
    first, second = checking(2027), checking(2027)
    for check, ssid in ((first.__enter__(), "7000000001"), (second.__enter__(), "7000000002")):
        check(write(tmp_path, ssid))
    assert sys.getswitchinterval() < before
    first.__exit__(None, None, None)
    assert sys.getswitchinterval() < before
    second.__exit__(None, None, None)
    assert sys.getswitchinterval() == before
