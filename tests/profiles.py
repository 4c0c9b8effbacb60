"""Profile contents for tests, as their TOML files have them, for the small district."""

from typing import Any

GRADES: dict[str, Any] = {
    "name": "Grades",
    "school_year": 2027,
    "subject": "All",
    "type": "grade",
    "schools": ["30"],
}
CLASSES: dict[str, Any] = {
    "name": "Classes",
    "school_year": 2027,
    "subject": "ELA",
    "type": "classes",
    "name_pattern": "teacher_period",
    "schools": ["10", "20"],
}
