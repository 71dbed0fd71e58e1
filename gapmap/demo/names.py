"""Invented names. A stem joins the name of a bird or a plant to an ending, and is used once."""

from collections.abc import Iterator
from random import Random

_FIRST = """
Avocet Bistort Borage Bullace Catkin Cicely Clary Comfrey Corncrake Cowslip Crossbill Curlew
Dabchick Dapple Dunnock Egret Fennel Fieldfare Filbert Firecrest Fulmar Gannet Godwit Goldcrest
Harrel Hoopoe Hyssop Inkle Jessa Kestle Kittle Kittiwake Lapwing Linnet Lovage Mallow Marjoram
Martlet Medlar Melilot Merrin Nettle Nightjar Nuthatch Orchis Ouzel Penstem Petrel Pintail Pipit
Pippin Plover Puffin Quail Quill Quince Redstart Rindle Ruddock Saffer Samphire Siskin Sorrel
Stonechat Sundew Tamarisk Tansy Teasel Tern Thimble Twite Umber Verbena Vetch Wheatear Whimbrel
Whinchat Wigeon Wimble Yaffle Zephyr
"""
_LAST = """
brook combe dell garth holt mere mead stead thorpe wick worth ley bourne croft dale den
fell fleet ford gate grange grove ham haven heath hurst hythe lock marsh moor moss park pond reach
ridge rise row shaw slade spring stoke stone strand tide vale wall water way well wharf wold wood
yard bridge hollow landing
"""

_TRUST_ENDINGS = (
    "Learning Trust",
    "Schools Partnership Trust",
    "Education Trust",
    "Academies Trust",
    "Learning Alliance",
)
_ENDINGS = {
    "primary": ("Primary School", "Primary School", "Community Primary School"),
    "primary academy": ("Primary Academy", "Primary School", "Academy"),
    "infant": ("Infant School", "Infant and Nursery School"),
    "junior": ("Junior School",),
    "secondary": ("School", "High School", "Community School"),
    "secondary academy": ("Academy", "High School", "School"),
    "all-through": ("All-Through School", "Academy"),
    "University technical college": ("University Technical College",),
    "Studio schools": ("Studio School",),
    "preparatory": ("Preparatory School", "House Preparatory School", "Pre-Preparatory School"),
    "independent": ("School", "House School", "Senior School", "Collegiate School"),
    "special": ("Special School", "Lodge School", "House Special School"),
    "alternative": ("Centre", "Short Stay School", "Pupil Referral Unit"),
    "alternative academy": ("Alternative Provision Academy", "Academy"),
    "nursery": ("Nursery School", "Nursery School and Children's Centre"),
    "college": ("College", "College of Further Education", "Sixth Form College"),
    "university": ("University",),
    "online": ("Online School",),
}
_FAITH = {
    "Roman Catholic": "Catholic",
    "Church of England": "Church of England",
    "Jewish": "Jewish",
    "Muslim": "Muslim",
    "Christian": "Christian",
    "Sikh": "Sikh",
    "Hindu": "Hindu",
}


def stems(rng: Random) -> Iterator[str]:
    """Yield every stem once, shuffled."""
    every = [first + last for first in _FIRST.split() for last in _LAST.split()]
    rng.shuffle(every)
    yield from every


def school_name(stem: str, style: str, religion: str, rng: Random) -> str:
    """Return a school's name; a faith school says so, as most of England's do."""
    ending = rng.choice(_ENDINGS[style])
    faith = _FAITH.get(religion)
    if faith:
        return f"{stem} {faith} {ending.removeprefix('Community ')}"
    return f"{stem} {ending}"


def trust_name(stem: str, rng: Random) -> str:
    """Return an academy trust's name."""
    return f"{stem} {rng.choice(_TRUST_ENDINGS)}"
