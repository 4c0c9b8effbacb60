"""The demo district's students and staff as OneRoster users and, in 1.2, their roles."""

from collections.abc import Iterator

from cersgroups.sources.demo_oneroster_roster import Row, WrittenRoster, exclusive


def users_1_1(roster: WrittenRoster) -> Iterator[Row]:
    """Everyone with a role and schools: of students those where they are still enrolled, else the last."""
    for row in _students(roster):
        yield row | {"role": "student", "orgSourcedIds": ",".join(_current_schools(roster, row["sourcedId"]))}
    aides = _aides(roster)
    for row, schools in _staff(roster):
        yield row | {"role": _role(row, aides), "orgSourcedIds": ",".join(schools)}


def users_1_2(roster: WrittenRoster) -> Iterator[Row]:
    """Everyone with a primary school; the rest is in the roles."""
    for row in _students(roster):
        yield row | {"primaryOrgSourcedId": _current_schools(roster, row["sourcedId"])[0]}
    for row, schools in _staff(roster):
        yield row | {"primaryOrgSourcedId": schools[0]}


def roles(roster: WrittenRoster) -> Iterator[Row]:
    """One role per enrollment of a student, with its dates (ends exclusive), and per school of the staff."""
    for student_id, stays in roster.students.items():
        for place, stay in enumerate(stays):
            yield _role_row(student_id, "student", stay["school_id"], place) | {
                "beginDate": stay["start_date"],
                "endDate": exclusive(stay["end_date"]),
            }
    aides = _aides(roster)
    for row, schools in _staff(roster):
        for place, school_id in enumerate(schools):
            yield _role_row(row["sourcedId"], _role(row, aides), school_id, place)


def _students(roster: WrittenRoster) -> Iterator[Row]:
    for row in roster.rows("students"):
        student_id, ssid = row["student_id"], row["ssid"]
        if student_id in roster.students:
            yield {
                "sourcedId": student_id,
                "enabledUser": "true",
                "username": f"s{student_id}",
                "userIds": f"{{SSID:{ssid}}}" if ssid else "",
                "givenName": row["first_name"],
                "familyName": row["last_name"],
                "identifier": student_id,
                "grades": roster.students[student_id][-1]["grade"],
            }


def _staff(roster: WrittenRoster) -> Iterator[tuple[Row, list[str]]]:
    """Each of the staff and their schools."""
    for row in roster.rows("staff"):
        staff_id, seid = row["staff_id"], row["state_educator_id"]
        user = {
            "sourcedId": staff_id,
            "enabledUser": row["active"],
            "username": row["email"].partition("@")[0] or staff_id,
            "userIds": f"{{SEID:{seid}}}" if seid else "",
            "givenName": row["first_name"],
            "familyName": row["last_name"],
            "identifier": staff_id,
            "email": row["email"],
        }
        yield user, row["school_ids"].split("|")


def _current_schools(roster: WrittenRoster, student_id: str) -> list[str]:
    stays = roster.students[student_id]
    current = [stay for stay in stays if not stay["end_date"]] or stays[-1:]
    return list(dict.fromkeys(stay["school_id"] for stay in current))


def _aides(roster: WrittenRoster) -> set[str]:
    return {row["staff_id"] for row in roster.rows("section_staff") if row["role"] == "aide"}


def _role(user: Row, aides: set[str]) -> str:
    return "aide" if user["sourcedId"] in aides else "teacher"


def _role_row(user_id: str, role: str, school_id: str, place: int) -> Row:
    return {
        "sourcedId": f"{user_id}_{school_id}_{place}",
        "userSourcedId": user_id,
        "roleType": "secondary" if place else "primary",
        "role": role,
        "orgSourcedId": school_id,
    }
