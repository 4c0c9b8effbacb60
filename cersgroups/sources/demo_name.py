"""Names of the many origins of California, invented by combining given and family names at random."""

from dataclasses import dataclass
from random import Random

Name = tuple[str, str]
"""Last name, first name."""


@dataclass(frozen=True)
class Origin:
    """Common given and family names, and how many of a hundred Californians have such names here."""

    share: int
    given: tuple[str, ...]
    family: tuple[str, ...]
    two_family_names: bool = False


def _origin(share: int, given: str, family: str, two_family_names: bool = False) -> Origin:
    return Origin(share, tuple(given.split("|")), tuple(family.split("|")), two_family_names)


ORIGINS = (
    _origin(
        40,
        "José|María|Sofía|Mateo|Ximena|Ángel|Jesús|Guadalupe|Itzel|Andrés|Lucía|Iván|Martín|Inés|Raúl|Noemí"
        "|Camila|Diego|Valentina|Santiago|Daniela|Emiliano|Fernanda|Joaquín|Adrián|Rocío|Elena|Marisol|Óscar",
        "García|Hernández|López|Martínez|Rodríguez|Núñez|Muñoz|Peña|Ramírez|Jiménez|Ibáñez|De La Cruz|Del Río"
        "|Gutiérrez|Castañeda|Ávila|Ríos|Morales|Zúñiga|Cortés|Salazar|Vásquez|Ochoa|Magaña|Quiñones|Beltrán",
        two_family_names=True,
    ),
    _origin(
        22,
        "Emily|Jacob|Hannah|Tyler|Madison|Ethan|Abigail|Logan|Grace|Caleb|Olivia|Owen|Chloe|Wyatt|Natalie"
        "|Zoë|Renée|Mary Ann|Jean-Luc|Brooke|Parker|Audrey|Miles|Hazel|Theodore",
        "Smith|Johnson|Carter|Bennett|Foster|Hughes|Parker|Sullivan|Whitaker|Brooks|Harrington|Coleman"
        "|Fletcher|Wallace|Jefferson|Hayes|Freeman|Dixon|Mayfield|St. Clair|Van Dyke|Beauchêne|Washington",
    ),
    _origin(
        5,
        "Siobhán|Liam|Niamh|Connor|Róisín|Declan|Maeve|Seán|Bridget|Aidan",
        "O'Brien|O'Connor|O’Sullivan|McCarthy|D'Arcy|O'Neill|Fitzgerald|MacDonagh|O'Malley|McKenna",
    ),
    _origin(
        7,
        "Thị Mai|Minh|Anh|Quốc|Hương|Tuấn|Linh|Đức|Thảo|Bảo|Khôi|Ngọc|Vy|Huy|Phương",
        "Nguyễn|Trần|Lê|Phạm|Huỳnh|Võ|Đặng|Bùi|Đỗ|Hồ|Nguyen|Tran|Pham|Ly|Duong",
    ),
    _origin(
        7,
        "Wei|Xiao Ming|Jia|Mei-Ling|Hao|Yi|Lihua|Jun|Ying|Kai|Zhen|Xin Yi|Grace|Kevin|Tiffany",
        "Wang|Li|Zhang|Chen|Liu|Huang|Lü|Wu|Zhou|Xu|Ou|Lin|Au-Yeung|Kwok|Cheung",
    ),
    _origin(
        5,
        "Maria Luz|Jericho|Althea|Bayani|Rizalyn|Jomar|Tala|Benjie|Ligaya|Ramon|Czarina",
        "Dela Cruz|Santos|Reyes|Bautista|Macaraeg|Villanueva|Pangilinan|Manalo|Dimaculangan|Catacutan",
        two_family_names=True,
    ),
    _origin(
        2,
        "Ani|Tigran|Lusine|Narek|Arpine|Hayk|Gayane|Vahan|Nare|Arman",
        "Petrosyan|Hakobyan|Sargsyan|Grigoryan|Ter-Minasyan|Vardanyan|Karapetyan|Der Hovanessian",
    ),
    _origin(
        2,
        "Pa Houa|Tou|Mai|Kao|Xeng|Yer|Bee|Nkauj|Pao|Maiv",
        "Vang|Xiong|Yang|Thao|Lor|Moua|Her|Vue|Lee|Cha",
    ),
    _origin(
        2,
        "Harpreet|Jasleen|Gurdeep|Simran|Manpreet|Arjan|Navneet|Kiran|Amrit|Fateh",
        "Singh|Kaur|Gill|Sidhu|Dhillon|Sandhu|Grewal|Brar|Dhaliwal",
    ),
    _origin(
        2,
        "Parisa|Dariush|Shirin|Kian|Azadeh|Farhad|Yasaman|Omid|Roxana|Cyrus",
        "Hosseini|Karimi|Farahani|Moradi|Tehrani|Jafari|Shahbazi|Golestan",
    ),
    _origin(
        2,
        "Min-jun|Seo-yeon|Ji-hoon|Ha-eun|Do-yun|Soo-ah|Hyun|Ye-jin",
        "Kim|Park|Choi|Jeong|Kang|Yoon|Lim|Hwang|Namgung",
    ),
    _origin(
        2,
        "Selam|Dawit|Hana|Yonas|Tsion|Abel|Meron|Kaleb|Bethlehem",
        "Tesfaye|Bekele|Gebremariam|Haile|Tadesse|Wolde|Alemu|Girma",
    ),
    _origin(
        2,
        "Anastasia|Dmitri|Ksenia|Artyom|Oksana|Ilya|Yulia|Fyodor|Светлана",
        "Ivanova|Petrov|Sokolov|Shevchenko|Kuznetsova|Volkov|Bondarenko|Соколова",
    ),
)
_SHARES = tuple(origin.share for origin in ORIGINS)

SPELLINGS: tuple[tuple[Name, Name], ...] = (
    (("Núñez", "José"), ("Nunez", "Jose")),
    (("De La Cruz", "Ana"), ("de la Cruz", "Ana")),
    (("O'Brien", "Zoë"), ("O’Brien", "Zoe")),
    (("Müller", "Renée"), ("MULLER", "RENEE")),
)
"""Two people whose names differ only in accents, case or the kind of apostrophe: the same token of a name."""


def names(rng: Random, count: int) -> list[Name]:
    """So many names, drawn independently: now and then two people share one."""
    return [_name(rng, origin) for origin in rng.choices(ORIGINS, _SHARES, k=count)]


def _name(rng: Random, origin: Origin) -> Name:
    last = rng.choice(origin.family)
    dice = rng.random()
    if origin.two_family_names and dice < 0.3:
        last = f"{last} {rng.choice(origin.family)}"
    elif dice > 0.97:
        last = f"{last}-{rng.choice(rng.choice(ORIGINS).family)}"
    return last, rng.choice(origin.given)
