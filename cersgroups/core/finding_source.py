"""The kinds of findings of the sources: what was odd, changed or left out while a roster was read.

Codes that begin with `oneroster_` name a deviation from the OneRoster CSV specification (1.1 or 1.2) or a
decision that OneRoster leaves to its reader; the others can happen to any folder or zip of CSV files.
"""

from cersgroups.core.finding import FindingKind, Severity, register

MAX_EXAMPLES = 20
"""Rows kept of a bulk kind; of any other kind all rows are kept, because they tell what was left out."""

_INFO: Severity = "info"
_WARNING: Severity = "warning"

_BULK = [
    FindingKind(
        "source_extra_cells",
        _INFO,
        "{count} rows have more cells than the header, all of them empty.",
        "The empty cells were dropped.",
    ),
    FindingKind("source_blank_row", _INFO, "{count} rows hold nothing but commas.", "They were skipped."),
    FindingKind(
        "oneroster_status_filled",
        _INFO,
        "{count} rows have a status or a dateLastModified, which a bulk export must leave blank.",
        "They were read as a bulk export. If this is a delta export, ask for a bulk export.",
    ),
    FindingKind(
        "oneroster_date_with_time",
        _INFO,
        "{count} dates carry a time of day.",
        "The date alone was used.",
    ),
    FindingKind(
        "oneroster_value_case",
        _INFO,
        "{count} values are spelled in another case than the specification's.",
        "They were read as meant.",
    ),
    FindingKind(
        "oneroster_class_type_unknown",
        _INFO,
        "{count} classes have a classType that is neither homeroom nor scheduled.",
        "They were read as scheduled.",
    ),
    FindingKind(
        "oneroster_period_blank",
        _INFO,
        "{count} scheduled classes have no period.",
        "Groups by period cannot be made of them; use another name pattern.",
    ),
    FindingKind(
        "oneroster_several_periods",
        _INFO,
        "{count} classes meet in several periods.",
        "The first of them was used.",
    ),
    FindingKind(
        "oneroster_class_code_not_usable",
        _INFO,
        "{count} classes have a classCode that is blank or not unique in the school.",
        "Their sourcedId became the section number.",
    ),
    FindingKind(
        "oneroster_user_ids_unreadable",
        _WARNING,
        "{count} cells in userIds are not written as {{type:id}}.",
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
    FindingKind("source_file_not_used", _INFO, "{count} files are no part of a roster.", "They were not read."),
    FindingKind(
        "source_name_case",
        _INFO,
        "{count} names of files or columns are not spelled as they should be (case or spaces).",
        "They were read as meant.",
    ),
    FindingKind(
        "source_column_unknown",
        _INFO,
        "{count} columns are unknown.",
        "They were not read. Check them for misspelled names.",
    ),
    FindingKind(
        "oneroster_manifest_missing",
        _WARNING,
        "{count} manifest.csv is missing or names no version.",
        "The version was judged by the files; make sure that this is a bulk export.",
    ),
    FindingKind(
        "oneroster_manifest_disagrees",
        _WARNING,
        "{count} files are there although manifest.csv says absent, or missing although it promises them.",
        "What is there was read. Ask the source which is right.",
    ),
    FindingKind(
        "oneroster_file_missing",
        _WARNING,
        "{count} files that groups are made of are missing.",
        "What they would hold is lacking in the roster; ask the source for them.",
    ),
    FindingKind(
        "oneroster_column_missing",
        _INFO,
        "{count} columns of the specification are missing.",
        "They count as blank.",
    ),
    FindingKind(
        "oneroster_no_rows",
        _WARNING,
        "{count} files have a header and no rows.",
        "Ask the source whether something was lost.",
    ),
    FindingKind(
        "oneroster_row_left_out",
        _WARNING,
        "{count} rows have a status other than active.",
        "They were left out (schools were kept as inactive).",
    ),
    FindingKind(
        "oneroster_row_repeated",
        _INFO,
        "{count} rows repeat another row of the same sourcedId.",
        "Each counts once.",
    ),
    FindingKind(
        "oneroster_row_without_id",
        _WARNING,
        "{count} rows have no sourcedId.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_place_found",
        _INFO,
        "{count} places were found by counting.",
        "Confirm them and write them into a mapping.",
    ),
    FindingKind(
        "oneroster_ssid_missing",
        _WARNING,
        "No place in the export holds SSIDs ({count} students counted).",
        "They are expected from the side files.",
    ),
    FindingKind(
        "oneroster_seid_missing",
        _WARNING,
        "No place in the export holds SEIDs ({count} staff counted).",
        "Nobody can be chosen as an additional user by SEID; give them by side file or mapping.",
    ),
    FindingKind(
        "oneroster_cds_missing",
        _WARNING,
        "No place in the export holds CDS codes ({count} schools counted).",
        "They are expected from the side files.",
    ),
    FindingKind(
        "oneroster_user_ids_ambiguous",
        _WARNING,
        "{count} users have several different ids of one type in userIds.",
        "None of them was used.",
    ),
    FindingKind(
        "oneroster_district_guessed",
        _WARNING,
        "{count} org was taken as the LEA, because the orgs do not name exactly one district.",
        "Check the name; give lea.csv as a side file if it is wrong.",
    ),
    FindingKind(
        "oneroster_school_year_read",
        _WARNING,
        "{count} sessions do not give their schoolYear as the year in which it ends.",
        "It was worked out from the value or the dates.",
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
        "{count} academic sessions lack a start or end date.",
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
        "{count} classes have another title than the course made from an earlier class.",
        "The first title was used.",
    ),
    FindingKind(
        "oneroster_user_without_role",
        _WARNING,
        "{count} users have no role.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_role_unknown",
        _WARNING,
        "{count} roles are unknown.",
        "They give neither a student nor staff.",
    ),
    FindingKind(
        "oneroster_enabled_user_unknown",
        _WARNING,
        "{count} users have an enabledUser that is neither true nor false.",
        "As staff they count as inactive.",
    ),
    FindingKind(
        "oneroster_grade_unknown",
        _WARNING,
        "{count} students have no grade from TK to 12.",
        "They are in no grade group.",
    ),
    FindingKind("oneroster_several_grades", _WARNING, "{count} students have several grades.", "The first was used."),
    FindingKind(
        "oneroster_student_without_school",
        _WARNING,
        "{count} students belong to no school, neither directly nor by a class.",
        "They are in no group.",
    ),
    FindingKind(
        "oneroster_school_from_class",
        _WARNING,
        "{count} students are in classes of a school that is not among their schools.",
        "They were enrolled there for that reason.",
    ),
    FindingKind(
        "oneroster_staff_role_ends",
        _INFO,
        "{count} staff have only roles that end.",
        "Their sections end for them on that day at the latest.",
    ),
    FindingKind(
        "oneroster_enrollment_unknown_class",
        _WARNING,
        "{count} enrollments are in classes that are not in classes.csv.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_enrollment_other_school",
        _WARNING,
        "{count} enrollments name another school than their class.",
        "The school of the class was used.",
    ),
    FindingKind(
        "oneroster_enrollment_role_unused",
        _INFO,
        "{count} enrollments have a role that gives no access and no membership.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_enrollment_repeated",
        _INFO,
        "{count} enrollments begin on the same day as another of the same user in the same class.",
        "Together they last as long as the longer one.",
    ),
    FindingKind(
        "oneroster_enrollment_without_days",
        _INFO,
        "{count} enrollments or roles end before they begin.",
        "They were left out.",
    ),
    FindingKind(
        "oneroster_several_homerooms",
        _WARNING,
        "{count} students have several homerooms in one school.",
        "On each day the one that began last counts.",
    ),
    FindingKind(
        "oneroster_homeroom_teachers",
        _WARNING,
        "{count} homeroom classes have no teacher, or several.",
        "The primary one counts, else the one who began last.",
    ),
]

register([*_BULK, *_SINGLE])

BULK = frozenset(kind.code for kind in _BULK)
"""Kinds that can be true of every row of an export: only MAX_EXAMPLES rows are kept of each."""
