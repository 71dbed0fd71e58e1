"""What establishments of each kind look like in the register: type, phase, ages, pupils."""

from dataclasses import dataclass
from random import Random

from gapmap.demo.boroughs import Borough
from gapmap.demo.draws import pick

Weights = dict[str, int]
Ages = tuple[int, int]

_COUNCIL_PRIMARY: Weights = {
    "Community school": 66,
    "Voluntary aided school": 28,
    "Voluntary controlled school": 1,
    "Foundation school": 5,
}
_TRUST_PRIMARY: Weights = {"Academy converter": 55, "Academy sponsor led": 30, "Free schools": 15}
_COUNCIL_SECONDARY: Weights = {
    "Community school": 50,
    "Voluntary aided school": 40,
    "Voluntary controlled school": 2,
    "Foundation school": 8,
}
_TRUST_SECONDARY: Weights = {
    "Academy converter": 52,
    "Academy sponsor led": 29,
    "Free schools": 16,
    "University technical college": 2,
    "Studio schools": 1,
}
_OTHER_TYPES: dict[str, Weights] = {
    "independent": {"Other independent school": 1},
    "special": {
        "Community special school": 46,
        "Foundation special school": 4,
        "Non-maintained special school": 3,
        "Other independent special school": 21,
        "Academy special converter": 14,
        "Academy special sponsor led": 4,
        "Free schools special": 8,
    },
    "alternative": {
        "Pupil referral unit": 55,
        "Academy alternative provision converter": 15,
        "Academy alternative provision sponsor led": 10,
        "Free schools alternative provision": 20,
    },
    "nursery": {"Local authority nursery school": 1},
    "college": {
        "Further education": 48,
        "Sixth form centres": 5,
        "Special post 16 institution": 15,
        "Academy 16-19 converter": 9,
        "Academy 16 to 19 sponsor led": 3,
        "Free schools 16 to 19": 20,
    },
}
_TECHNICAL = ("University technical college", "Studio schools")

_PRIMARY_AGES: dict[Ages, int] = {(3, 11): 58, (4, 11): 22, (2, 11): 6, (3, 7): 7, (7, 11): 7}
_SECONDARY_AGES: dict[Ages, int] = {(11, 18): 75, (11, 16): 25}
_OTHER_AGES: dict[str, dict[Ages, int]] = {
    "independent": {
        (2, 7): 8,
        (3, 11): 28,
        (4, 13): 16,
        (7, 13): 8,
        (11, 18): 18,
        (11, 16): 8,
        (3, 18): 8,
        (4, 18): 6,
    },
    "special": {(3, 11): 25, (2, 19): 20, (4, 19): 20, (11, 19): 20, (11, 16): 15},
    "alternative": {(11, 16): 70, (5, 11): 12, (5, 16): 18},
    "nursery": {(2, 5): 50, (3, 5): 50},
    "college": {(16, 19): 60, (16, 99): 40},
}
# Half of London's independents have no ages in older registers; these have some.
_BLANK_AGES = {"independent": 0.25, "special": 0.06, "alternative": 0.08}
_BLANK_PUPILS = {"independent": 0.30, "college": 0.60}

_RELIGIONS_AIDED: Weights = {
    "Roman Catholic": 54,
    "Church of England": 39,
    "Jewish": 4,
    "Muslim": 2,
    "Sikh": 1,
}
_RELIGIONS_TRUST: Weights = {
    "Does not apply": 86,
    "Church of England": 6,
    "Roman Catholic": 5,
    "Christian": 1,
    "Hindu": 1,
    "Jewish": 1,
}
_RELIGIONS_INDEPENDENT: Weights = {
    "Does not apply": 72,
    "Christian": 6,
    "Roman Catholic": 5,
    "Church of England": 4,
    "Jewish": 7,
    "Muslim": 6,
}
_GENDERS: dict[str, Weights] = {
    "secondary": {"Mixed": 80, "Girls": 12, "Boys": 8},
    "independent": {"Mixed": 76, "Girls": 14, "Boys": 10},
}
_PUPILS = {
    "primary": (180, 680),
    "secondary": (550, 1700),
    "independent": (40, 900),
    "special": (50, 240),
    "alternative": (20, 120),
    "nursery": (60, 140),
    "college": (300, 4200),
}


@dataclass(frozen=True)
class Profile:
    """The register's description of one establishment, before it has a name and a place."""

    type_name: str
    phase: str
    ages: Ages | None
    gender: str
    religion: str
    pupils: int | None
    name_style: str


def draw(kind: str, borough: Borough, rng: Random) -> Profile:
    """Draw one establishment of a kind."""
    type_name = pick(_types(kind, borough, rng), rng)
    ages = _ages(kind, type_name, rng)
    return Profile(
        type_name,
        _phase(kind, ages),
        None if rng.random() < _BLANK_AGES.get(kind, 0) else ages,
        pick(_GENDERS.get(kind, {"Mixed": 1}), rng),
        _religion(kind, type_name, rng),
        _pupils(kind, rng),
        _name_style(kind, type_name, ages),
    )


def in_a_trust(type_name: str) -> bool:
    """Whether establishments of this type belong to an academy trust."""
    return type_name.startswith(("Academy", "Free schools")) or type_name in _TECHNICAL


def _types(kind: str, borough: Borough, rng: Random) -> Weights:
    if kind == "primary":
        in_trust = rng.random() * 100 < borough.academy_percent
        return _TRUST_PRIMARY if in_trust else _COUNCIL_PRIMARY
    if kind == "secondary":
        in_trust = rng.random() * 100 < min(95, 50 + borough.academy_percent / 2)
        return _TRUST_SECONDARY if in_trust else _COUNCIL_SECONDARY
    return _OTHER_TYPES[kind]


def _ages(kind: str, type_name: str, rng: Random) -> Ages:
    if type_name in _TECHNICAL:
        return 14, 19
    if kind == "primary":
        return pick(_PRIMARY_AGES, rng)
    if kind == "secondary":
        return (4, 18) if rng.random() < 0.07 else pick(_SECONDARY_AGES, rng)
    return pick(_OTHER_AGES[kind], rng)


def _phase(kind: str, ages: Ages) -> str:
    if kind == "secondary":
        return "All-through" if ages[0] < 11 else "Secondary"
    return {"primary": "Primary", "nursery": "Nursery", "college": "16 plus"}.get(
        kind, "Not applicable"
    )


def _religion(kind: str, type_name: str, rng: Random) -> str:
    if type_name.startswith("Voluntary"):
        return pick(_RELIGIONS_AIDED, rng)
    if kind == "independent":
        return pick(_RELIGIONS_INDEPENDENT, rng)
    mainstream = kind in ("primary", "secondary") and in_a_trust(type_name)
    if mainstream and type_name not in _TECHNICAL:
        return pick(_RELIGIONS_TRUST, rng)
    return "Does not apply"


def _pupils(kind: str, rng: Random) -> int | None:
    low, high = _PUPILS[kind]
    pupils = round(rng.triangular(low, high, low + (high - low) * 0.35))
    return None if rng.random() < _BLANK_PUPILS.get(kind, 0) else pupils


def _name_style(kind: str, type_name: str, ages: Ages) -> str:
    if type_name in _TECHNICAL:
        return type_name
    if kind == "primary" and ages in ((3, 7), (7, 11)):
        return "infant" if ages == (3, 7) else "junior"
    if kind == "secondary" and ages[0] < 11:
        return "all-through"
    if kind == "independent" and ages[1] <= 13:
        return "preparatory"
    if kind in ("primary", "secondary", "alternative") and in_a_trust(type_name):
        return f"{kind} academy"
    return kind
