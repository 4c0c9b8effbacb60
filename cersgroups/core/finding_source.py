"""The kinds of findings of the sources: what was odd, changed or left out while a roster was read.

Codes that begin with `oneroster_` name a deviation from the OneRoster CSV specification (1.1 or 1.2) or a
decision that OneRoster leaves to its reader; the others can happen to any folder or zip of CSV files.
"""

from cersgroups.core.finding import FindingKind, Severity, register
from cersgroups.core.finding_aeries import AERIES_BULK

MAX_EXAMPLES = 20
"""Rows kept of a bulk kind; of any other kind all rows are kept, because they tell what was left out."""

_INFO: Severity = "info"
_WARNING: Severity = "warning"

_BULK = [
    FindingKind(
        "source_extra_cells",
        _INFO,
        "Rows that have more cells than the header, all of them empty: {count}.",
        "The empty cells were dropped.",
    ),
    FindingKind("source_blank_row", _INFO, "Rows that hold nothing but commas: {count}.", "They were skipped."),
    FindingKind(
        "oneroster_status_filled",
        _INFO,
        "Rows that have a status or a dateLastModified, which a bulk export must leave blank: {count}.",
        "They were read as a bulk export. If this is a delta export, ask for a bulk export.",
    ),
    FindingKind(
        "oneroster_date_with_time",
        _INFO,
        "Dates that carry a time of day: {count}.",
        "The date alone was used.",
    ),
    FindingKind(
        "oneroster_value_case",
        _INFO,
        "Values that are spelled in another case than the specification's: {count}.",
        "They were read as meant.",
    ),
    FindingKind(
        "oneroster_class_type_unknown",
        _INFO,
        "Classes that have a classType that is neither homeroom nor scheduled: {count}.",
        "They were read as scheduled.",
    ),
    FindingKind(
        "oneroster_period_blank",
        _INFO,
        "Scheduled classes that have no period: {count}.",
        "Groups by period cannot be made of them; use another name pattern.",
    ),
    FindingKind(
        "oneroster_several_periods",
        _INFO,
        "Classes that meet in several periods: {count}.",
        "The first of them was used.",
    ),
    FindingKind(
        "oneroster_class_code_not_usable",
        _INFO,
        "Classes that have a classCode that is blank or not unique in the school: {count}.",
        "Their sourcedId became the section number.",
    ),
    FindingKind(
        "oneroster_user_ids_unreadable",
        _WARNING,
        "Cells in userIds that are not written as {{type:id}}: {count}.",
        "They count as blank. Ask the source for lists such as {SSID:1234567890}.",
    ),
]

_SINGLE = [
    FindingKind(
        "source_top_folder",
        _INFO,
        "The files lie in {count} folder inside what was given.",
        "They were read from there.",
    ),
    FindingKind("source_file_not_used", _INFO, "Files that are no part of a roster: {count}.", "They were not read."),
    FindingKind(
        "source_name_case",
        _INFO,
        "Names of files or columns that are not spelled as they should be (case or spaces): {count}.",
        "They were read as meant.",
    ),
    FindingKind(
        "source_column_unknown",
        _INFO,
        "Columns that are unknown: {count}.",
        "They were not read. Check them for misspelled names.",
    ),
    FindingKind(
        "oneroster_manifest_missing",
        _WARNING,
        "A manifest.csv that is missing or names no version: {count}.",
        "The version was judged by the files; make sure that this is a bulk export.",
    ),
    FindingKind(
        "oneroster_manifest_disagrees",
        _WARNING,
        "Files that are there although manifest.csv says absent, or missing although it promises them: {count}.",
        "What is there was read. Ask the source which is right.",
    ),
    FindingKind(
        "oneroster_file_missing",
        _WARNING,
        "Files that groups are made of and that are missing: {count}.",
        "What they would hold is lacking in the roster; ask the source for them.",
    ),
    FindingKind(
        "oneroster_column_missing",
        _INFO,
        "Columns of the specification that are missing: {count}.",
        "They count as blank.",
    ),
    FindingKind(
        "oneroster_no_rows",
        _WARNING,
        "Files or collections that have no rows: {count}.",
        "Ask the source whether something was lost.",
    ),
    FindingKind(
        "oneroster_row_left_out",
        _WARNING,
        "Rows that have a status other than active: {count}.",
        "They were left out (schools were kept as inactive).",
    ),
    FindingKind(
        "oneroster_inactive",
        _INFO,
        "Rows that the server gives as deleted or inactive: {count}.",
        "They were left out (schools were kept as inactive).",
    ),
    FindingKind(
        "oneroster_other_school_year",
        _WARNING,
        "The server's roster is of another school year than today's: {count}.",
        "Profiles of today's school year find nothing in it; ask whoever runs the server for the new year.",
    ),
    FindingKind(
        "oneroster_row_repeated",
        _INFO,
        "Rows that repeat another row of the same sourcedId: {count}.",
        "Each counts once.",
    ),
    FindingKind(
        "oneroster_row_moved",
        _WARNING,
        "Rows that the server gave again on a later page: {count}.",
        "Each counts once, but as many others may have been passed over; ask for more rows per request.",
    ),
    FindingKind(
        "oneroster_row_without_id",
        _WARNING,
        "Rows that have no sourcedId: {count}.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_place_found",
        _INFO,
        "Places of SSID, SEID or CDS code that were found by counting: {count}.",
        "Check that they are right, and write them into a mapping.",
    ),
    FindingKind(
        "oneroster_ssid_missing",
        _WARNING,
        "No place holds SSIDs ({count} students counted).",
        "They are expected from the side files.",
    ),
    FindingKind(
        "oneroster_seid_missing",
        _WARNING,
        "No place holds SEIDs ({count} staff counted).",
        "Nobody can be chosen as an additional user by SEID; give them by side file or mapping.",
    ),
    FindingKind(
        "oneroster_cds_missing",
        _WARNING,
        "No place holds CDS codes ({count} schools counted).",
        "They are expected from the side files.",
    ),
    FindingKind(
        "oneroster_user_ids_ambiguous",
        _WARNING,
        "Users who have several different ids of one type in userIds: {count}.",
        "None of them was used.",
    ),
    FindingKind(
        "oneroster_district_guessed",
        _WARNING,
        "The org taken as the LEA, because the orgs do not name exactly one district: {count}.",
        "Check the name; give lea.csv as a side file if it is wrong.",
    ),
    FindingKind(
        "oneroster_school_year_read",
        _WARNING,
        "Sessions that do not give their schoolYear as the year in which it ends, or not that of their dates: {count}.",
        "It was worked out from the value or the dates; a profile must have the same school year.",
    ),
    FindingKind(
        "oneroster_several_school_years",
        _WARNING,
        "The sessions are of {count} school years.",
        "The one that most classes belong to was used.",
    ),
    FindingKind(
        "oneroster_session_without_dates",
        _WARNING,
        "Academic sessions that lack a start or end date: {count}.",
        "They were left out; classes in them are not live.",
    ),
    FindingKind(
        "oneroster_course_made",
        _WARNING,
        "courses.csv is missing; {count} courses were made from the titles of classes.",
        "Department and subject area are blank; ask the source for courses.csv.",
    ),
    FindingKind(
        "oneroster_course_title_differs",
        _WARNING,
        "Classes that have another title than the course made from an earlier class: {count}.",
        "The first title was used.",
    ),
    FindingKind(
        "oneroster_user_without_role",
        _WARNING,
        "Users who have no role: {count}.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_role_unknown",
        _WARNING,
        "Roles that are unknown: {count}.",
        "They give neither a student nor staff.",
    ),
    FindingKind(
        "oneroster_enabled_user_unknown",
        _WARNING,
        "Users who have an enabledUser that is neither true nor false: {count}.",
        "As staff they count as inactive.",
    ),
    FindingKind(
        "oneroster_grade_unknown",
        _WARNING,
        "Students who have no grade from TK to 12: {count}.",
        "They are in no grade group.",
    ),
    FindingKind(
        "oneroster_several_grades", _WARNING, "Students who have several grades: {count}.", "The first was used."
    ),
    FindingKind(
        "oneroster_student_without_school",
        _WARNING,
        "Students who belong to no school, neither directly nor by a class: {count}.",
        "They are in no group.",
    ),
    FindingKind(
        "oneroster_school_from_class",
        _WARNING,
        "Students who are in classes of a school that is not among their schools: {count}.",
        "They were enrolled there for that reason.",
    ),
    FindingKind(
        "oneroster_staff_role_ends",
        _INFO,
        "Staff who have only roles that end: {count}.",
        "Their sections end for them on that day at the latest.",
    ),
    FindingKind(
        "oneroster_enrollment_unknown_class",
        _WARNING,
        "Enrollments that are in classes that are not there: {count}.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_enrollment_other_school",
        _WARNING,
        "Enrollments that name another school than their class: {count}.",
        "The school of the class was used.",
    ),
    FindingKind(
        "oneroster_enrollment_role_unused",
        _INFO,
        "Enrollments that have a role that gives no access and no membership: {count}.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_enrollment_repeated",
        _INFO,
        "Enrollments that begin on the same day as another of the same user in the same class: {count}.",
        "Together they last as long as the longer one.",
    ),
    FindingKind(
        "oneroster_enrollment_without_days",
        _INFO,
        "Enrollments or roles that end before they begin: {count}.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_several_homerooms",
        _WARNING,
        "Students who have several homerooms in one school: {count}.",
        "On each day the one that began last counts.",
    ),
    FindingKind(
        "oneroster_homeroom_teachers",
        _WARNING,
        "Homeroom classes that have no teacher, or several: {count}.",
        "The primary one counts, else the one who began last.",
    ),
]

register([*_BULK, *_SINGLE])

BULK = frozenset(kind.code for kind in _BULK) | AERIES_BULK
"""Kinds that can be true of every row of an export: only MAX_EXAMPLES rows are kept of each."""
