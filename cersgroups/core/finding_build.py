"""Findings of a build: what was left out or changed on the way to the file. Source: DEVELOPING.md, "Building"."""

from cersgroups.core.finding import FindingKind, register

register(
    [
        FindingKind(
            "choice_not_in_roster",
            "warning",
            "{count} choices of a profile are no longer in the roster.",
            "The others of the list were used. Edit the profile.",
        ),
        FindingKind(
            "list_value_fits_two",
            "warning",
            "{count} values of a student list are one student's SSID and another's student_id.",
            "They were read as SSIDs. Check who is meant.",
        ),
        FindingKind(
            "school_without_live_term",
            "warning",
            "{count} schools have no term that runs on this day.",
            "They gave no groups of any type. Check the terms' dates, or choose another day.",
        ),
        FindingKind(
            "school_without_cds_code",
            "warning",
            "{count} schools have no CDS code of 14 digits.",
            "They gave no groups. Add the code to the roster, or in a side file.",
        ),
        FindingKind(
            "primary_classes_not_tracked",
            "warning",
            "{count} schools do not track primary classes, so primary classes alone give no groups.",
            "Choose only schools that track them, or set a course or teacher filter.",
        ),
        FindingKind(
            "section_not_live",
            "info",
            "{count} sections did not count: inactive, without a course, or no term of theirs runs on this day.",
            "That is right for sections of other terms.",
        ),
        FindingKind(
            "section_without_teacher",
            "warning",
            "{count} sections have no live teacher.",
            "They gave no group. Assign a teacher in the student information system.",
        ),
        FindingKind(
            "several_primary_teachers",
            "info",
            "{count} sections have more than one primary teacher.",
            "The group is named after the first by id; all of them get access.",
        ),
        FindingKind(
            "person_not_active",
            "warning",
            "{count} teachers or counselors are named for students but are not active.",
            "They get no access and no group. Name their successors.",
        ),
        FindingKind(
            "student_without_enrollment",
            "warning",
            "{count} students stand on a section's roster without a live enrollment at that school.",
            "They were left out. Enroll the student, or end the roster row.",
        ),
        FindingKind(
            "student_without_ssid",
            "warning",
            "{count} students of a group have no SSID of 10 digits.",
            "They were left out. Enter the SSID in the student information system.",
        ),
        FindingKind(
            "student_at_several_schools",
            "warning",
            "{count} students are enrolled at several schools on this day.",
            "CERS moves a student's school of record to the school of the file. Check the enrollments.",
        ),
        FindingKind(
            "student_without_homeroom",
            "info",
            "{count} students have no homeroom teacher.",
            "They are in no group of an elementary teacher.",
        ),
        FindingKind(
            "student_without_counselor",
            "info",
            "{count} students have no counselor.",
            "They are in no counselor's group.",
        ),
        FindingKind(
            "grade_unknown",
            "warning",
            "{count} students have no grade that CERS groups know (TK, KG, 01 to 12).",
            "They are in no grade's group. Correct the grade.",
        ),
        FindingKind(
            "group_expired",
            "info",
            "{count} student groups have expired.",
            "They gave no group.",
        ),
        FindingKind(
            "group_confidential",
            "info",
            "{count} student groups are confidential.",
            "They are written only if the profile chooses them by code.",
        ),
        FindingKind(
            "member_not_enrolled",
            "info",
            "{count} members of student groups or lists are enrolled at none of the profile's schools.",
            "They were left out.",
        ),
        FindingKind(
            "group_without_students",
            "warning",
            "{count} groups have no student that can be written.",
            "They were not written.",
        ),
        FindingKind(
            "group_without_users",
            "warning",
            "{count} groups have nobody who may see them.",
            "They were written without users. Add an e-mail, or additional users to the profile.",
        ),
        FindingKind(
            "user_without_email",
            "warning",
            "{count} people should have access but have no e-mail.",
            "Enter the e-mail in the student information system or in a side file.",
        ),
        FindingKind(
            "email_invalid",
            "warning",
            "{count} e-mails are no addresses that CERS can store.",
            "They were left out. Correct them: one @, no spaces, commas, quotes or accents.",
        ),
        FindingKind(
            "name_without_text",
            "warning",
            "{count} groups have a part of their name that holds no letter or digit.",
            "`None` stands in its place. Fill the name, period or title in.",
        ),
        FindingKind(
            "groups_united",
            "warning",
            "{count} groups have the same name as another of the same teacher, grade, student group or list.",
            "They were united into one.",
        ),
        FindingKind(
            "subjects_differ",
            "info",
            "{count} groups come from profiles with different subjects.",
            "Each has its subject in its name.",
        ),
        FindingKind(
            "name_cut",
            "info",
            "{count} names were longer than 96 characters.",
            "They were cut and marked with four hex digits.",
        ),
    ]
)
