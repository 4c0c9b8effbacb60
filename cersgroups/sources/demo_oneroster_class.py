"""The demo district's organizations, sessions, courses, classes and enrollments as OneRoster rows."""

from collections.abc import Iterator
from itertools import chain

from cersgroups.sources.demo_oneroster_roster import Row, WrittenRoster, exclusive

_HOMEROOM_COURSE = "HOMEROOM"


def orgs(roster: WrittenRoster) -> Iterator[Row]:
    """The district, and its active schools with their CDS codes as identifiers."""
    lea = roster.lea
    yield {
        "sourcedId": lea["lea_code"],
        "name": lea["name"],
        "type": "district",
        "identifier": lea["lea_code"],
    }
    for school in roster.schools.values():
        yield {
            "sourcedId": school["school_id"],
            "name": school["name"],
            "type": "school",
            "identifier": school["cds_code"],
            "parentSourcedId": lea["lea_code"],
        }


def academic_sessions(roster: WrittenRoster) -> Iterator[Row]:
    """The school year, and the terms of each school in it. Ends are exclusive."""
    year = int(roster.lea["school_year"])
    terms = [term for term in roster.rows("terms") if term["school_id"] in roster.schools]
    yield {
        "sourcedId": _year(roster),
        "title": f"{year - 1}-{year}",
        "type": "schoolYear",
        "startDate": min(term["start_date"] for term in terms),
        "endDate": exclusive(max(term["end_date"] for term in terms)),
        "schoolYear": str(year),
    }
    for term in terms:
        yield {
            "sourcedId": f"{term['school_id']}_{term['term_code']}",
            "title": term["term_code"],
            "type": "semester" if term["term_code"] in ("F", "S") else "term",
            "startDate": term["start_date"],
            "endDate": exclusive(term["end_date"]),
            "parentSourcedId": _year(roster),
            "schoolYear": str(year),
        }


def courses(roster: WrittenRoster) -> Iterator[Row]:
    """The catalogue, and a course for the homerooms (every class needs one)."""
    common = {"schoolYearSourcedId": _year(roster), "orgSourcedId": roster.lea["lea_code"]}
    for course in roster.courses.values():
        yield common | {
            "sourcedId": course["course_id"],
            "title": course["title"],
            "courseCode": course["course_id"],
            "subjects": course["subject_area"],
        }
    yield common | {"sourcedId": _HOMEROOM_COURSE, "title": "Homeroom", "courseCode": _HOMEROOM_COURSE}


def classes(roster: WrittenRoster) -> Iterator[Row]:
    """Active sections, and a homeroom class for each homeroom teacher."""
    for section in roster.sections.values():
        school_id = section["school_id"]
        course = roster.courses.get(section["course_id"], {})
        yield {
            "sourcedId": f"{school_id}_{section['section_number']}",
            "title": course.get("title", "Untitled"),
            "courseSourcedId": section["course_id"],
            "classCode": section["section_number"],
            "classType": "scheduled",
            "schoolSourcedId": school_id,
            "termSourcedIds": ",".join(f"{school_id}_{code}" for code in section["term_code"].split("|")),
            "subjects": course.get("subject_area", ""),
            "periods": section["period"],
        }
    for school_id, number in roster.homerooms:
        yield {
            "sourcedId": _homeroom(school_id, number),
            "title": f"Homeroom {roster.teachers[school_id, number]['last_name']}",
            "courseSourcedId": _HOMEROOM_COURSE,
            "classCode": f"HR{number}",
            "classType": "homeroom",
            "schoolSourcedId": school_id,
            "termSourcedIds": f"{school_id}_Y",
        }


def enrollments(roster: WrittenRoster, version: str) -> Iterator[Row]:
    """Students and staff of sections and homerooms; 1.2 has no aides of a class. Ends are exclusive."""
    for row in chain(_students(roster), _staff(roster), _homeroom_students(roster), _homeroom_teachers(roster)):
        if version == "1.1" or row["role"] != "aide":
            yield row


def _students(roster: WrittenRoster) -> Iterator[Row]:
    for row in roster.rows("rosters"):
        if (row["school_id"], row["section_number"]) in roster.sections and row["student_id"] in roster.students:
            class_id = f"{row['school_id']}_{row['section_number']}"
            yield _enrollment(class_id, row["school_id"], row["student_id"], "student", row)


def _staff(roster: WrittenRoster) -> Iterator[Row]:
    for row in roster.rows("section_staff"):
        school_id, number = row["school_id"], row["section_number"]
        staff_id = row["staff_id"] or roster.staff_id(school_id, row["teacher_number"])
        if (school_id, number) not in roster.sections or row["active"] == "false" or not staff_id:
            continue
        role = "aide" if row["role"] == "aide" else "teacher"
        primary = "" if role == "aide" else str(row["role"] in ("", "primary")).lower()
        yield _enrollment(f"{school_id}_{number}", school_id, staff_id, role, row) | {"primary": primary}


def _homeroom_students(roster: WrittenRoster) -> Iterator[Row]:
    for stay in roster.stays:
        number, school_id = stay["homeroom_teacher_number"], stay["school_id"]
        if number and stay["student_id"] in roster.students:
            yield _enrollment(_homeroom(school_id, number), school_id, stay["student_id"], "student", stay)


def _homeroom_teachers(roster: WrittenRoster) -> Iterator[Row]:
    for school_id, number in roster.homerooms:
        teacher = roster.staff_id(school_id, number)
        row = _enrollment(_homeroom(school_id, number), school_id, teacher, "teacher", {})
        yield row | {"primary": "true"}


def _enrollment(class_id: str, school_id: str, user_id: str, role: str, dated: Row) -> Row:
    start = dated.get("start_date", "")
    return {
        "sourcedId": "_".join(filter(None, (class_id, user_id, role, start))),
        "classSourcedId": class_id,
        "schoolSourcedId": school_id,
        "userSourcedId": user_id,
        "role": role,
        "beginDate": start,
        "endDate": exclusive(dated.get("end_date", "")),
    }


def _homeroom(school_id: str, teacher_number: str) -> str:
    return f"{school_id}_HR{teacher_number}"


def _year(roster: WrittenRoster) -> str:
    return f"SY{roster.lea['school_year']}"
