"""The schools of the demo district: how so many students spread over believable schools."""

from dataclasses import dataclass
from itertools import pairwise
from random import Random

GRADES = {
    "elementary": ("TK", "KG", "01", "02", "03", "04", "05"),
    "elementary_master": ("TK", "KG", "01", "02", "03", "04", "05"),
    "master": ("06", "07", "08"),
    "flex": ("09", "10", "11", "12"),
}
TITLES = {
    "elementary": "Elementary",
    "elementary_master": "Elementary",
    "master": "Middle School",
    "flex": "High School",
}
_USUAL_SIZE = {"elementary": 500, "elementary_master": 500, "master": 750, "flex": 1700}
_SHARE = {"elementary": 0.26, "elementary_master": 0.24, "master": 0.215, "flex": 0.285}
_SHARE_OF_A_SMALL_DISTRICT = {"elementary_master": 0.55, "flex": 0.45}

EVERY_KIND = 300
"""With fewer students there are two schools, and none is inactive."""
A_SCHOOL_WITHOUT_CDS = 20_000
"""With so many students one school has no CDS code."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_COUNTY = "99"
_SCHOOLS_OF_A_DISTRICT = 90
_FIRST = _words(
    "Almond Alder Bayberry Cañada Cedar Chaparral Cypress Coyote Dogwood Fern Heron Juniper Lupine Madrone "
    "Manzanita Mariposa Ocotillo Otter Pelican Piñon Poppy Quail Redbud Sage Sequoia Sycamore Toyon Willow"
)
_SECOND = _words(
    "Arroyo Bluff Canyon Cove Creek Crossing Flat Glen Grove Heights Hollow Knoll Landing Meadow Mesa Point "
    "Ranch Ridge Rock Springs Valley View"
)


@dataclass(frozen=True)
class School:
    """One school; `first_student` counts the students of the schools before it."""

    index: int
    name: str
    schedule: str
    size: int
    first_student: int
    cds_code: str
    active: bool = True

    @property
    def school_id(self) -> str:
        """Also its short number in names, as in the SIS most Californian districts use."""
        return str(101 + self.index)

    @property
    def grades(self) -> tuple[str, ...]:
        return GRADES[self.schedule]

    @property
    def has_teacher_records(self) -> bool:
        return self.schedule != "flex"


def chance(seed: int, what: str) -> Random:
    """The dice for one thing of the district; the same seed throws the same."""
    return Random(f"cersgroups demo {seed} {what}")  # noqa: S311 - invented data, no secret


def place_name(rng: Random) -> str:
    return f"{rng.choice(_FIRST)} {rng.choice(_SECOND)}"


def schools(students: int, seed: int) -> list[School]:
    """All schools of a district with so many students, elementary schools first."""
    rng = chance(seed, "schools")
    shares = _SHARE if students >= EVERY_KIND else _SHARE_OF_A_SMALL_DISTRICT
    made: list[School] = []
    placed = 0
    for schedule, count in zip(shares, _split(students, list(shares.values())), strict=True):
        for size in _sizes(rng, schedule, count):
            made.append(_school(rng, len(made), schedule, size, placed))
            placed += size
        if schedule == "elementary" and students >= A_SCHOOL_WITHOUT_CDS:
            made[-1] = School(**{**vars(made[-1]), "cds_code": ""})
    if students >= EVERY_KIND:
        made.append(School(**{**vars(_school(rng, len(made), "elementary", 0, placed)), "active": False}))
    return made


def _school(rng: Random, index: int, schedule: str, size: int, placed: int) -> School:
    name = f"{place_name(rng)} {TITLES[schedule]}"
    return School(index, name, schedule, size, placed, _cds_code(index))


def _cds_code(index: int) -> str:
    district = 70_000 + index // _SCHOOLS_OF_A_DISTRICT
    return f"{_COUNTY}{district:05d}{100_001 + index * 7:07d}"


def _sizes(rng: Random, schedule: str, students: int) -> list[int]:
    count = max(1, round(students / _USUAL_SIZE[schedule]))
    return _split(students, [rng.uniform(0.85, 1.15) for _ in range(count)])


def _split(total: int, weights: list[float]) -> list[int]:
    """`total` in parts of these weights, exactly."""
    whole, so_far, marks = sum(weights), 0.0, [0]
    for weight in weights:
        so_far += weight
        marks.append(round(total * so_far / whole))
    marks[-1] = total
    return [end - start for start, end in pairwise(marks)]
