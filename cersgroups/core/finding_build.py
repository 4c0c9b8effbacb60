"""Findings of a build: what was left out or changed on the way to the file. Source: DEVELOPING.md, "Building"."""

from cersgroups.core.finding import FindingKind, register

register(
    [
        FindingKind(
            "choice_not_in_roster",
            "warning",
            "Choices of a profile that are no longer in the roster: {count}.",
            "The others of the list were used. Edit the profile.",
        ),
        FindingKind(
            "list_value_fits_two",
            "warning",
            "Values of a student list that are one student's SSID and another's student_id: {count}.",
            "They were read as SSIDs. Check who is meant.",
        ),
        FindingKind(
            "school_without_live_term",
            "warning",
            "Schools without a term that runs on this day: {count}.",
            "They gave no groups of any type. Check the terms' dates, or choose another day.",
        ),
        FindingKind(
            "school_without_cds_code",
            "warning",
            "Schools without a CDS code of 14 digits: {count}.",
            "They gave no groups. Add the code to the roster, or in a side file.",
        ),
        FindingKind(
            "primary_classes_not_tracked",
            "warning",
            "Schools that do not track primary classes, so that primary classes alone give no groups: {count}.",
            "Choose only schools that track them, or set a course or teacher filter.",
        ),
        FindingKind(
            "section_not_live",
            "info",
            "Sections that are inactive, without a course, or in no term that runs on this day: {count}.",
            "They did not count, which is right for sections of other terms.",
        ),
        FindingKind(
            "section_without_teacher",
            "warning",
            "Sections without a live teacher: {count}.",
            "They gave no group. Assign a teacher in the student information system.",
        ),
        FindingKind(
            "several_primary_teachers",
            "info",
            "Sections with more than one primary teacher: {count}.",
            "The group is named after the first by id; all of them get access.",
        ),
        FindingKind(
            "person_not_active",
            "warning",
            "People who are named as teacher, counselor or user but are not active: {count}.",
            "They get no access and no group. Name their successors.",
        ),
        FindingKind(
            "student_without_enrollment",
            "warning",
            "Students on a section's roster without a live enrollment at that school: {count}.",
            "They were left out. Enroll the student, or end the roster row.",
        ),
        FindingKind(
            "student_without_ssid",
            "warning",
            "Students of a group without an SSID of 10 digits: {count}.",
            "They were left out. Enter the SSID in the student information system.",
        ),
        FindingKind(
            "student_at_several_schools",
            "warning",
            "Students who are enrolled at several schools on this day: {count}.",
            "CERS moves a student's school of record to the school of the file. Check the enrollments.",
        ),
        FindingKind(
            "student_without_homeroom",
            "info",
            "Students without a homeroom teacher: {count}.",
            "They are in no group of an elementary teacher.",
        ),
        FindingKind(
            "student_without_counselor",
            "info",
            "Students without a counselor: {count}.",
            "They are in no counselor's group.",
        ),
        FindingKind(
            "grade_unknown",
            "warning",
            "Students without a grade from TK, KG, 01 to 12: {count}.",
            "They are in no grade's group. Correct the grade.",
        ),
        FindingKind(
            "group_expired",
            "info",
            "Student groups that have expired: {count}.",
            "They gave no group.",
        ),
        FindingKind(
            "group_confidential",
            "info",
            "Student groups that are confidential: {count}.",
            "They are written only if the profile chooses them by code.",
        ),
        FindingKind(
            "member_not_enrolled",
            "info",
            "Members of a student group or list who are enrolled at none of the profile's schools: {count}.",
            "They were left out.",
        ),
        FindingKind(
            "group_without_students",
            "warning",
            "Groups without a student that can be written: {count}.",
            "They were not written.",
        ),
        FindingKind(
            "group_without_users",
            "warning",
            "Groups that nobody can see: {count}.",
            "They were written without users. Add an e-mail, or additional users to the profile.",
        ),
        FindingKind(
            "user_without_email",
            "warning",
            "People who should have access but have no e-mail: {count}.",
            "Enter the e-mail in the student information system or in a side file.",
        ),
        FindingKind(
            "email_invalid",
            "warning",
            "E-mails that CERS cannot store, or that a spreadsheet takes for a formula: {count}.",
            "They were left out. Correct them: one @, no spaces, commas, quotes or accents, and no =, + or - in front.",
        ),
        FindingKind(
            "name_without_text",
            "warning",
            "Groups with a part of their name that holds no letter or digit: {count}.",
            "“None” is used instead. Fill in the name, period or title.",
        ),
        FindingKind(
            "groups_united",
            "warning",
            "Groups with the same name as another of the same teacher, grade, student group or list: {count}.",
            "They were united into one.",
        ),
        FindingKind(
            "name_styles_differ",
            "warning",
            "Groups that one profile writes with a safe name and another with a readable one: {count}.",
            "CERS will hold each twice. Give both profiles the same name_style.",
        ),
        FindingKind(
            "subjects_differ",
            "info",
            "Groups that come from profiles with different subjects: {count}.",
            "Each has its subject in its name.",
        ),
        FindingKind(
            "name_cut",
            "info",
            "Names longer than 96 characters: {count}.",
            "They were cut and marked with four hex digits.",
        ),
    ]
)
