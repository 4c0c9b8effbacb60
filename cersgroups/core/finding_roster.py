"""Findings about a roster itself, whatever is built from it. Source: DEVELOPING.md, "The roster"."""

from cersgroups.core.finding import FindingKind, register

register(
    [
        FindingKind(
            "identical_row",
            "info",
            "Rows that stand in a table more than once, the same in every cell: {count}.",
            "Each was counted once.",
        ),
        FindingKind(
            "blank_key",
            "warning",
            "Rows with a blank cell where their key should be: {count}.",
            "They were left out. Fill the cell in the student information system.",
        ),
        FindingKind(
            "row_refers_to_nothing",
            "warning",
            "Rows that name a school, section, student, group or person that is not in the roster: {count}.",
            "They were left out. Check that the export holds the tables whole.",
        ),
        FindingKind(
            "cell_refers_to_nothing",
            "warning",
            "Cells that name a course, term, person or school that is not in the roster: {count}.",
            "They count as blank. Check that the export holds the tables whole.",
        ),
        FindingKind(
            "person_fits_both",
            "warning",
            "Homeroom teachers or counselors that fit a teacher record and another staff member: {count}.",
            "The teacher record was taken. Check who is meant, for that person gets access.",
        ),
        FindingKind(
            "person_fits_neither",
            "warning",
            "Homeroom teachers, counselors or section teachers that fit no teacher record and no staff: {count}.",
            "They were left out. Add the person to the staff, or correct the number.",
        ),
        FindingKind(
            "section_staff_two_people",
            "warning",
            "Staff of sections whose staff id and teacher number name two different people: {count}.",
            "The staff id was taken. Check who is meant, for that person gets access.",
        ),
        FindingKind(
            "term_without_dates",
            "warning",
            "Terms that lack a start or end date: {count}.",
            "They never run, so sections in them give no groups. Fill in both dates.",
        ),
        FindingKind(
            "ssid_shared",
            "warning",
            "Students who share their SSID with another student: {count}.",
            "CERS takes them for one student. Correct the SSIDs.",
        ),
    ]
)
