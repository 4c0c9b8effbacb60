"""Findings about a roster itself, whatever is built from it. Source: DEVELOPING.md, "The roster"."""

from cersgroups.core.finding import FindingKind, register

register(
    [
        FindingKind(
            "identical_row",
            "info",
            "{count} rows stand in a table more than once, the same in every cell.",
            "Each was counted once.",
        ),
        FindingKind(
            "blank_key",
            "warning",
            "{count} rows have a blank cell where their key should be.",
            "They were left out. Fill the cell in the student information system.",
        ),
        FindingKind(
            "row_refers_to_nothing",
            "warning",
            "{count} rows name a school, section, student, group or person that is not in the roster.",
            "They were left out. Check that the export holds the tables whole.",
        ),
        FindingKind(
            "cell_refers_to_nothing",
            "warning",
            "{count} cells name a course, term, person or school that is not in the roster.",
            "They count as blank. Check that the export holds the tables whole.",
        ),
        FindingKind(
            "person_fits_both",
            "warning",
            "{count} homeroom teachers or counselors fit a teacher record and another staff member.",
            "The teacher record was taken. Check who is meant, for that person gets access.",
        ),
        FindingKind(
            "person_fits_neither",
            "warning",
            "{count} homeroom teachers, counselors or section teachers fit no teacher record and no staff.",
            "They were left out. Add the person to the staff, or correct the number.",
        ),
        FindingKind(
            "ssid_shared",
            "warning",
            "{count} students share their SSID with another student.",
            "CERS takes them for one student. Correct the SSIDs.",
        ),
    ]
)
