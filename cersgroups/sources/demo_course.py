"""The course catalogue of the demo district, with titles as Californian schools write them."""

from typing import NamedTuple


class Course(NamedTuple):
    """A row of the table courses."""

    course_id: str
    title: str
    department: str
    subject_area: str
    active: bool = True


class Subject(NamedTuple):
    """What a student takes in one period: titles by grade, each list for parallel sections in turn.

    `terms` are the terms it is taught in, one section (of another course) in each; `F|S` is one section
    that lists two terms.
    """

    department: str
    area: str
    terms: tuple[str, ...]
    titles: dict[str, tuple[str, ...]]


ELEMENTARY_SUBJECTS = (
    ("ELA", "English Language Arts", "Language Arts"),
    ("MATH", "Mathematics", "Mathematics"),
    ("SCI", "Science", "Science"),
    ("SOC", "History-Social Science", "History–Social Science"),
    ("PE", "Physical Education", "Physical Education"),
    ("VPA", "Visual and Performing Arts", "Music"),
)
"""Department, subject area and title; the last two are taught by specialists."""
SPECIALIST_SUBJECTS = 2


def _subject(department: str, area: str, terms: str, **titles: str) -> Subject:
    by_grade = {grade[1:]: tuple(text.split("; ")) for grade, text in titles.items()}
    return Subject(department, area, tuple(terms.split()), by_grade)


SUBJECTS: dict[str, tuple[Subject, ...]] = {
    "master": (
        _subject(
            "ENG", "English", "Y", g06="English 6; English 6 (Honors)", g07="English 7; English 7 (Honors)",
            g08="English 8; English 8: ELD, Level 3",
        ),
        _subject(
            "MTH", "Mathematics", "Y", g06="Math 6; Math 6/7 Accelerated", g07="Math 7; Math 7/8 Accelerated",
            g08="Math 8; Algebra I (A)",
        ),
        _subject("SCI", "Science", "Y", g06="Science 6", g07="Science 7", g08="Science 8; Science 8 - NGSS"),
        _subject(
            "SOC", "History", "Y", g06="World History: Ancient", g07="World History & Geography",
            g08='U.S. History, "We the People"',
        ),
        _subject("PE", "Physical Education", "Y", g06="P.E. 6", g07="P.E. 7", g08="P.E. 8; Adapted P.E."),
        _subject(
            "WLG", "World Language", "Y", g06="Español 1A", g07="Español 1A; Français 1A",
            g08="Español 1B; Français 1B; 中文 1",
        ),
        _subject(
            "EXP", "Exploratory", "1 2 3 4", g06="Art Wheel; Coding & Robotics; Drama; Study Skills",
            g07="Ceramics; Band (Beginning); Yearbook; Media",
            g08="Jazz Band; STEAM Lab; Leadership/ASB; AVID 8",
        ),
    ),
    "flex": (
        _subject(
            "ENG", "English", "Y", g09="English 9; English 9 (H); English 9: ELD, Level 2",
            g10="English 10; English 10 (H)",
            g11="American Literature; AP® English Language & Composition",
            g12='ERWC: "Reading & Writing"; AP® English Literature',
        ),
        _subject(
            "MTH", "Mathematics", "Y", g09="Algebra I (A); Geometry", g10="Geometry; Algebra II",
            g11="Algebra II; Math Analysis/Trig", g12="Statistics; AP® Calculus AB; AP® Calculus BC",
        ),
        _subject(
            "SCI", "Science", "Y", g09="Biology - The Living Earth; Biology (H)",
            g10="Chemistry in the Earth System",
            g11="Physics of the Universe; AP® Physics 1",
            g12="Anatomy & Physiology; AP® Environmental Science",
        ),
        _subject(
            "SOC", "History", "F|S", g09="Ethnic Studies", g10="World History; AP® World History: Modern",
            g11="U.S. History; AP® U.S. History", g12="Government/Economics; AP® Government & Politics",
        ),
        _subject(
            "WLG", "World Language", "Y", g09="Español I; Français I; Español para Hispanohablantes",
            g10="Español II; Français II", g11="Español III; Français III",
            g12="AP® Español: Lengua; American Sign Language 3",
        ),
        _subject(
            "PE", "Physical Education", "F S", g09="P.E. 9; Health 9", g10="P.E. 10; Weight Training",
            g11="Dance I; Yoga/Fitness", g12="Team Sports; Walking & Wellness",
        ),
        _subject(
            "CTE", "Elective", "F S", g09="Intro to Computer Science; Art I",
            g10="Culinary Arts 1; Photography",
            g11="Auto Shop (ROP); Piñata & Folk Arts", g12="Internship; Personal Finance 101",
        ),
    ),
}  # fmt: skip

RETIRED = Course("0999", "Keyboarding (old)", "CTE", "Elective", active=False)
WORK_EXPERIENCE = Course("0998", "Work Experience", "CTE", "Elective")
UNKNOWN_COURSE_ID = "9999Z"
"""A course that sections name and the catalogue lacks: a deliberate fault."""


def course_id(schedule: str, department: str, grade: str, title_number: int) -> str:
    """The catalogue number: level, grade, department, and which of the parallel titles."""
    level = {"elementary_master": "E", "master": "M", "flex": "H"}[schedule]
    return f"{level}{grade}{department}{title_number + 1}"


def catalogue(grades: tuple[str, ...]) -> list[Course]:
    """Every course of the district; `grades` are those of its elementary schools."""
    courses = [
        Course(course_id("elementary_master", department, grade, 0), f"{title} ({grade})", department, area)
        for department, area, title in ELEMENTARY_SUBJECTS
        for grade in grades
    ]
    for schedule, subjects in SUBJECTS.items():
        for subject in subjects:
            for grade, titles in subject.titles.items():
                courses += [
                    Course(
                        course_id(schedule, subject.department, grade, number),
                        title,
                        subject.department,
                        subject.area,
                    )
                    for number, title in enumerate(titles)
                ]
    return [*courses, WORK_EXPERIENCE, RETIRED]
