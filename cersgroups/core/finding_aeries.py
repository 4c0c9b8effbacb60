"""The kinds of findings of rosters fetched from Aeries: what was odd, changed or left out on the way."""

from cersgroups.core.finding import FindingKind, Severity, register

_INFO: Severity = "info"
_WARNING: Severity = "warning"

_BULK = [
    FindingKind(
        "aeries_grade_none",
        _INFO,
        "Active students who have a grade that is none from TK to 12: {count}.",
        "They are in no grade group.",
    ),
    FindingKind(
        "aeries_roster_repeated",
        _INFO,
        "Class records that begin on the same day as another of the same student in the same section: {count}.",
        "Together they last as long as the longer one.",
    ),
    FindingKind(
        "aeries_roster_without_days",
        _INFO,
        "Class records that end before they begin: {count}.",
        "They were left out: the student was never in that section.",
    ),
    FindingKind(
        "aeries_group_member_unknown",
        _INFO,
        "Members of student groups that are no student or staff of the fetched schools: {count}.",
        "They were left out.",
    ),
    FindingKind(
        "aeries_section_staff_no_person",
        _WARNING,
        "Teachers of sections that are neither in the staff data nor a teacher record of the school: {count}.",
        "They were left out. If the API hides expired accounts (page API Security), switch that off.",
    ),
    FindingKind(
        "aeries_section_staff_repeated",
        _INFO,
        "Staff who stand on a section twice with the same role and start: {count}.",
        "The active one, else the one that ends last, was kept.",
    ),
]

_SINGLE = [
    FindingKind(
        "aeries_school_left_out",
        _INFO,
        "Schools that are not reported to the state, or that were chosen to be left out: {count}.",
        "Nothing of them was fetched. To have them, clear Do Not Report in Aeries or the setting of the source.",
    ),
    FindingKind(
        "aeries_school_inactive",
        _INFO,
        "Schools that are inactive in Aeries: {count}.",
        "They are listed without sections and students.",
    ),
    FindingKind(
        "aeries_school_to_leave_out_unknown",
        _WARNING,
        "Schools that are to be left out and that Aeries does not have: {count}.",
        "Correct the setting of the source.",
    ),
    FindingKind(
        "aeries_school_without_cds",
        _WARNING,
        "Active schools that have no complete county-district-school code in Aeries: {count}.",
        "No groups can be made for them. Fill in the code on Aeries' page School Options.",
    ),
    FindingKind(
        "aeries_schedule_unknown",
        _WARNING,
        "Schools with a schedule type that is unknown here: {count}.",
        "All their data was fetched; up to grade 06 the teacher number of a student counts as the homeroom's.",
    ),
    FindingKind(
        "aeries_district_missing",
        _WARNING,
        "A school 0 that names the district is missing: {count}.",
        "Code and name were taken from the schools; give lea.csv as a side file if they are wrong.",
    ),
    FindingKind(
        "aeries_term_without_dates",
        _WARNING,
        "Terms that lack a start or end date: {count}.",
        "They were left out; sections in them are not live. Fill in the dates on Aeries' page Terms.",
    ),
    FindingKind(
        "aeries_staff_left",
        _WARNING,
        "Staff whose leave date has passed and who are not marked inactive: {count}.",
        "They keep their access. Mark them inactive in Aeries if they have left.",
    ),
    FindingKind(
        "aeries_teacher_team",
        _INFO,
        "Teacher records that several people share: {count}.",
        "The first is whom the record stands for; the others have access by the staff of sections.",
    ),
    FindingKind(
        "aeries_counselor_fits_both",
        _WARNING,
        "Counselors at flex schools whose number is that of a teacher record and of another staff member: {count}.",
        "The teacher record was taken. Check who is meant, for that person gets access.",
    ),
    FindingKind(
        "aeries_enrollment_repeated",
        _WARNING,
        "Students who have several records at one school that begin on the same day: {count}.",
        "The active one with the highest student number was kept.",
    ),
    FindingKind(
        "aeries_ssid_differs",
        _WARNING,
        "Students who have different SSIDs at different schools: {count}.",
        "That of the active record was used. Correct the others in Aeries.",
    ),
    FindingKind(
        "aeries_group_repeated",
        _WARNING,
        "Student groups whose number another group has too: {count}.",
        "Their code here is number/school.",
    ),
    FindingKind(
        "aeries_group_confidential_unknown",
        _WARNING,
        "Student groups of which Aeries does not say whether they are confidential: {count}.",
        "They count as confidential: only a profile that chooses them by their code writes them.",
    ),
    FindingKind(
        "aeries_several_accounts",
        _WARNING,
        "Staff who have user accounts with different e-mails: {count}.",
        "That of the first user name was used.",
    ),
    FindingKind(
        "aeries_left_before_entering",
        _WARNING,
        "Active students whose day of leaving lies before that of entering: {count}.",
        "They were read as still enrolled.",
    ),
    FindingKind(
        "aeries_rosters_undated",
        _INFO,
        "Schools without course attendance (CAR): {count}.",
        "Who sits in their sections was read from the current schedule (SEC), which has no days. Initialise course "
        "attendance to have them.",
    ),
    FindingKind(
        "aeries_flex_period_missing",
        _WARNING,
        "Sections whose flex period is not among the periods of the school: {count}.",
        "Their period is that of the master schedule, mostly blank.",
    ),
    FindingKind(
        "aeries_group_ambiguous",
        _WARNING,
        "Student groups that share their number with another: {count}.",
        "They were left out, because the database does not tell whose members are whose.",
    ),
]

register([*_BULK, *_SINGLE])

AERIES_BULK = frozenset(kind.code for kind in _BULK)
"""Kinds that can be true of very many rows."""
