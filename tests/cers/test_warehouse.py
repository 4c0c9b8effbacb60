"""What the receiver holds after uploads, beyond what the vectors show."""

from hypothesis import given
from hypothesis import strategies as st

from cersgroups.cers.known import Known
from cersgroups.cers.stored_group import GroupJson
from cersgroups.cers.warehouse import INDEX_WALK_ROWS, Warehouse
from tests.cers.csv_file import KNOWN, OTHER_SCHOOL, SCHOOL, file, row, ssid


def warehouse_after(*contents: bytes) -> Warehouse:
    warehouse = Warehouse(KNOWN)
    for content in contents:
        assert warehouse.upload(content).outcome == "loaded"
    return warehouse


def only_group(warehouse: Warehouse) -> GroupJson:
    (group,) = warehouse.state()["groups"]
    return group


def test_a_group_holds_exactly_the_students_and_users_of_the_last_file() -> None:
    group = only_group(
        warehouse_after(
            file(row(ssid=ssid(1), login="a@b.c"), row(ssid=ssid(2))),
            file(row(ssid=ssid(2), login="d@e.f"), row(ssid=ssid(3))),
        )
    )
    assert group["members"] == [ssid(2), ssid(3)]
    assert group["users"] == ["d@e.f"]
    assert group["last_touched_by_upload"] == 2


def test_the_same_content_in_other_bytes_touches_nothing() -> None:
    rows = [row(ssid=ssid(1)), row(ssid=ssid(2))]
    assert only_group(warehouse_after(file(*rows), file(*rows[::-1])))["last_touched_by_upload"] == 1


def test_groups_of_other_schools_and_years_are_others() -> None:
    state = warehouse_after(file(row(), row(year="2026"), row(school=OTHER_SCHOOL))).state()
    assert [(group["school"], group["year"]) for group in state["groups"]] == [
        (SCHOOL, 2025),
        (SCHOOL, 2026),
        (OTHER_SCHOOL, 2025),
    ]


def test_an_empty_row_empties_the_group_and_keeps_its_subject() -> None:
    group = only_group(warehouse_after(file(row(login="a@b.c")), file(row(ssid="", login=""))))
    assert (group["members"], group["users"], group["subject"]) == ([], [], "Math")


def test_bytes_once_processed_are_skipped_for_ever() -> None:
    first, second = file(row(ssid=ssid(1))), file(row(ssid=ssid(2)))
    warehouse = warehouse_after(first, second)
    again = warehouse.upload(first)
    assert (again.outcome, again.status, again.rows) == ("skipped", "PROCESSED", 0)
    assert only_group(warehouse)["members"] == [ssid(2)]


def test_bytes_that_failed_are_tried_again() -> None:
    warehouse = Warehouse(KNOWN)
    assert [warehouse.upload(file(row("🌟"))).outcome for _ in range(2)] == ["load_failed", "load_failed"]


def test_a_failed_load_leaves_everything_as_it_was() -> None:
    warehouse = warehouse_after(file(row()))
    before = warehouse.state()
    upload = warehouse.upload(file(row(ssid=ssid(2)), row("n" * 256, ssid(3))))
    assert (upload.outcome, upload.status, upload.message) == ("load_failed", "BAD_DATA", None)
    assert upload.reason == "row 2 has a group_name of more than 255 characters"
    assert warehouse.state() == before


def test_a_refused_file_leaves_everything_as_it_was() -> None:
    warehouse = warehouse_after(file(row()))
    before = warehouse.state()
    assert warehouse.upload(file(row(year="1999"))).outcome == "rejected"
    assert warehouse.upload(b'"').outcome == "rejected"
    assert warehouse.upload(file(row('"'))).outcome == "crash"
    assert warehouse.state() == before


def test_a_refusal_with_an_emoji_breaks_the_answer() -> None:
    upload = Warehouse(KNOWN).upload(file(row(subject="🌟")))
    assert (upload.outcome, upload.status, upload.message) == ("rejected", "ERROR", None)


def test_the_spelling_stored_first_stays() -> None:
    group = only_group(
        warehouse_after(file(row("José", "CA1", "Ana@b.c")), file(row("JOSE", "ca1", "ANA@B.C"), row("JOSE", ssid(2))))
    )
    assert group["name"] == "José"
    assert group["users"] == ["Ana@b.c"]
    assert group["members"] == [ssid(2), "CA1"]


def test_a_known_student_is_not_created() -> None:
    warehouse = Warehouse(KNOWN, [ssid(1)])
    warehouse.upload(file(row(ssid=ssid(1)), row(ssid=ssid(2))))
    assert warehouse.state()["students_created"] == [ssid(2)]


def test_a_deleted_group_returns_with_the_students_of_the_file() -> None:
    warehouse = warehouse_after(file(row(ssid=ssid(1))))
    warehouse.delete_group(SCHOOL, "period 1", 2025)
    assert only_group(warehouse)["deleted"]
    warehouse.upload(file(row(ssid=ssid(2), subject="ELA")))
    group = only_group(warehouse)
    assert (group["deleted"], group["members"], group["subject"]) == (False, [ssid(2)], "ELA")


def test_a_new_group_takes_the_subject_of_its_first_row() -> None:
    assert only_group(warehouse_after(file(row(subject=""), row())))["subject"] is None
    assert only_group(warehouse_after(file(row(), row(subject=""))))["subject"] == "Math"


def test_a_group_sent_again_takes_the_highest_subject_of_its_rows() -> None:
    twins = file(row("Jose", ssid(1), subject="ELA"), row("José", ssid(1)))
    assert only_group(warehouse_after(file(row("Jose")), twins))["subject"] == "ELA"
    assert only_group(warehouse_after(file(row("Jose", subject="ELA")), file(row("Jose"))))["subject"] == "Math"


def test_all_means_all_subjects() -> None:
    assert only_group(warehouse_after(file(row()), file(row(subject="All"))))["subject"] is None


def test_a_big_file_takes_the_subject_from_the_student_known_longest() -> None:
    late, early = ssid(1), ssid(2)
    rows = [row(ssid=late), row(ssid=early, subject="")]
    filling = [row(f"Filling {number}", ssid="") for number in range(INDEX_WALK_ROWS)]
    small, big = Warehouse(KNOWN, [early, late]), Warehouse(KNOWN, [early, late])
    small.upload(file(*rows))
    big.upload(file(*rows, *filling))
    assert only_group(small)["subject"] == "Math"
    assert next(g for g in big.state()["groups"] if g["name"] == "Period 1")["subject"] is None


def test_users_over_ten_thousand_bytes_load_once_and_then_fail() -> None:
    rows = [row(ssid="", login=f"{number:03}{'x' * 60}@b.c") for number in range(160)]
    warehouse = warehouse_after(file(*rows))
    before = warehouse.state()
    upload = warehouse.upload(file(row(ssid=ssid(9), login="a@b.c"), row("New", ssid(9))))
    assert upload.outcome == "load_failed"
    assert "over 10,000 bytes" in str(upload.reason)
    assert warehouse.state()["groups"] == before["groups"]


def test_users_of_ten_thousand_bytes_can_be_changed_and_one_byte_more_cannot() -> None:
    logins = [f"{number:03}{'x' * 42}@b.c" for number in range(200)]
    just = [*logins[:-1], "x" + logins[-1]]
    assert len(",".join(just)) == 10_000
    rows = [row(ssid="", login=login) for login in just]
    warehouse = warehouse_after(file(*rows), file(*rows, row(ssid=ssid(1))))
    over = [*rows[:-1], row(ssid="", login="xx" + logins[-1])]
    assert warehouse.upload(file(*over)).outcome == "load_failed"


def test_other_groups_of_a_school_with_too_many_users_can_be_changed() -> None:
    rows = [row(ssid="", login=f"{number:03}{'x' * 60}@b.c") for number in range(160)]
    assert len(warehouse_after(file(*rows), file(row("Other")), file(row("Other", ssid(2)))).state()["groups"]) == 2


def test_rows_of_a_school_that_only_the_loader_sees_are_lost() -> None:
    everywhere = Known(None, KNOWN.years, KNOWN.subjects)
    warehouse = Warehouse(everywhere)
    assert warehouse.upload(file(row(school="12345678901234"))).outcome == "loaded"
    assert only_group(warehouse)["school"] == "12345678901234"


group_rows = st.lists(
    st.builds(
        row,
        st.sampled_from(["a", "A", "á", "b"]),
        st.sampled_from(["", ssid(1), ssid(2)]),
        st.sampled_from(["", "x@y.z", "X@y.z"]),
    ),
    min_size=1,
    max_size=6,
)


@given(st.lists(group_rows, max_size=5))
def test_after_a_file_its_groups_hold_what_it_says_and_others_what_they_held(files: list[list[str]]) -> None:
    warehouse = Warehouse(KNOWN)
    expected: dict[str, list[str]] = {}
    for rows in files:
        if warehouse.upload(file(*rows)).outcome == "loaded":
            expected |= _students_by_group(rows)
    held = {_base(group["name"]): group["members"] for group in warehouse.state()["groups"]}
    assert held == expected


def _students_by_group(rows: list[str]) -> dict[str, list[str]]:
    students: dict[str, set[str]] = {}
    for name, _, _, _, student, _ in (line.split(",") for line in rows):
        students.setdefault(_base(name), set()).update({student} - {""})
    return {name: sorted(members) for name, members in students.items()}


def _base(name: str) -> str:
    return name.lower().replace("á", "a")
