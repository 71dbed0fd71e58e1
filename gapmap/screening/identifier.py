"""What in one text may identify a child: numbers by their rules, postcodes, days, headings.

Everything here works on a single text and answers with codes, never with what it found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

# What each code stands for, in the words of a message.
KINDS = {
    "scan_upn": "a unique pupil number (UPN)",
    "scan_nhs_number": "an NHS number",
    "scan_ten_digits": "a number of ten digits, as NHS numbers have",
    "scan_ni_number": "a National Insurance number",
    "scan_postcode": "a full postcode",
    "scan_email": "an e-mail address",
    "scan_phone": "a telephone number",
    "scan_birth_heading": "dates of birth",
    "scan_day": "a day; dates finer than a month are not taken",
    "scan_name_heading": "names of persons",
}

_FLAGS = re.IGNORECASE | re.ASCII
_GAP = "[ -]{0,3}"
_START, _END = "(?<![0-9A-Z])", "(?![0-9A-Z])"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, _FLAGS)


# --- one spelling --------------------------------------------------------------------------------

_BLANK_LETTERS = "\u115f\u1160\u2800"
_OTHER_HYPHENS = "\u2212\u2043"
_SPACES = re.compile(r"[\x00-\x20\x7f_]+")
_EXPONENT = _pattern(r"(?<![\w.])\d+(?:\.\d+)?E\+?\d{1,2}(?![\w.])")
_THOUSANDS = _pattern(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_WHOLE_FLOAT = _pattern(r"(?<![\d.])(\d+)\.0+(?![\d.])")


def plain(text: str) -> str:
    """The text as it is searched: one kind of space, hyphen and digit, nothing invisible.

    NFKC; marks and invisible characters removed; underscores are spaces; Excel's spellings of a
    whole number (9.990000018E9, 9990000018.0, 9,990,000,018) are read back. Case is kept.
    """
    if not text.isascii():
        text = "".join(map(_folded, unicodedata.normalize("NFKC", text)))
    text = _SPACES.sub(" ", text).strip(" '\"=")
    if "." in text or "," in text or "e" in text or "E" in text:
        text = _EXPONENT.sub(_written_out, text)
        text = _THOUSANDS.sub(lambda found: found[0].replace(",", ""), text)
        text = _WHOLE_FLOAT.sub(r"\1", text)
    return text


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Pd" or character in _OTHER_HYPHENS:
        return "-"
    if category[0] in "ZC" or character in _BLANK_LETTERS:
        return " "
    return str(unicodedata.digit(character)) if category == "Nd" else character


def _written_out(found: re.Match[str]) -> str:
    number = Decimal(found[0])
    return f"{number:f}" if number < 10**16 else found[0]


# --- numbers -------------------------------------------------------------------------------------

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_UPN = _pattern(
    rf"{_START}[A-Z]*?([{_UPN_LETTERS}])((?:{_GAP}\d){{11}}){_GAP}([\d{_UPN_LETTERS}]){_END}"
)
_TEN_DIGITS = _pattern(rf"{_START}(?<!\d\.)[A-Z]*(\d{{10}})[A-Z]*{_END}")
_TEN_GROUPED = _pattern(
    rf"{_START}(?<!\d\.)(\d{{3}}[ ./-]{{1,3}}\d{{3}}[ ./-]{{1,3}}\d{{4}}){_END}"
)
_NO_DIGIT = _pattern(r"\D+")
_ONLY_DIGITS = _pattern(r"\d[\d -]*")
_NI_NUMBER = _pattern(
    # HMRC, National Insurance Manual NIM39110: which letters and prefixes are in use.
    rf"{_START}(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    rf"(?:{_GAP}\d\d){{3}}{_GAP}[A-D]{_END}"
)
_PHONE = _pattern(
    rf"{_START}(?<!\d[.,])[A-Z]*(?:(?:\+ ?|00)?44[ .-]{{0,3}}(?:\(0\))?[ (.-]{{0,3}}|\(?0)[1-9]"
    rf"(?:[ ().-]{{0,3}}\d){{8,9}}{_END}"
)


def upn_check_letter(rest: str) -> str:
    """The first letter of a UPN from the twelve characters that follow it.

    Source: Department for Education, Unique pupil numbers guide, and the Government Data Standards
    Catalogue: the sum of each character times its position (2 to 13), modulo 23, in the alphabet
    without I, O and S; the last letter of a temporary UPN counts by its place in that alphabet.
    """
    total = sum(
        position * (int(character) if character.isdigit() else _UPN_LETTERS.index(character))
        for position, character in enumerate(rest, start=2)
    )
    return _UPN_LETTERS[total % 23]


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits bear the check digit of an NHS number.

    Source: NHS Data Dictionary, NHS NUMBER: weights 10 to 2, modulo 11.
    """
    total = sum(weight * int(digit) for weight, digit in zip(range(10, 0, -1), digits, strict=True))
    return total % 11 == 0


def _has_upn(text: str) -> bool:
    """A UPN with its check letter, or anything in the form of a temporary one.

    A letter and twelve digits without that check are as likely the number of an order; no column
    takes them. Nothing but a temporary UPN has a letter at both ends.
    """
    for found in _UPN.finditer(text):
        digits = _NO_DIGIT.sub("", found[2])
        letter, last = found[1].upper(), found[3].upper()
        if upn_check_letter(digits + last) == letter:
            return True
        if last.isalpha() and found[2] == digits and text[found.end() - 2].isdigit():
            return True
    return False


def _ten_digits(text: str) -> Iterator[str]:
    """Numbers of ten digits: in one piece, or as 999 000 0026."""
    for pattern in (_TEN_DIGITS, _TEN_GROUPED):
        for found in pattern.finditer(text):
            yield _NO_DIGIT.sub("", found[1])


def _numbers(text: str) -> Iterator[str]:
    number_of_digits = len(_NO_DIGIT.sub("", text))
    if number_of_digits >= 6 and _NI_NUMBER.search(text):
        yield "scan_ni_number"
    if number_of_digits < 10:
        return
    if _has_upn(text):
        yield "scan_upn"
    phone = _PHONE.search(text) is not None
    tens = list(_ten_digits(text))
    if _ONLY_DIGITS.fullmatch(text):  # grouped in any other way, only with its check digit
        digits = _NO_DIGIT.sub("", text)
        tens += [digits] if len(digits) == 10 and is_nhs_number(digits) else []
    if any(map(is_nhs_number, tens)):
        yield "scan_nhs_number"
    elif phone:
        yield "scan_phone"
    elif tens:
        yield "scan_ten_digits"


# --- postcode and e-mail -------------------------------------------------------------------------

_AREAS = (
    "AB|AL|BA|BB|BD|BF|BH|BL|BN|BR|BS|BT|BX|B|CA|CB|CF|CH|CM|CO|CR|CT|CV|CW|DA|DD|DE|DG|DH|DL|DN|"
    "DT|DY|EC|EH|EN|EX|E|FK|FY|GL|GU|GY|G|HA|HD|HG|HP|HR|HS|HU|HX|IG|IM|IP|IV|JE|KA|KT|KW|KY|LA|"
    "LD|LE|LL|LN|LS|LU|L|ME|MK|ML|M|NE|NG|NN|NP|NR|NW|N|OL|OX|PA|PE|PH|PL|PO|PR|RG|RH|RM|SA|SE|SG|"
    "SK|SL|SM|SN|SO|SP|SR|SS|ST|SW|SY|S|TA|TD|TF|TN|TQ|TR|TS|TW|UB|WA|WC|WD|WF|WN|WR|WS|WV|W|YO|ZE"
)
# "SE1 2nd version" is no postcode: an ordinal in small letters is not read as one.
_POSTCODE = _pattern(
    rf"{_START}(?:GIR{_GAP}0AA|(?:{_AREAS})\d[0-9A-Z]?{_GAP}"
    rf"(?!(?-i:1st|2nd|3rd|\dth))\d[ABD-HJLNP-UW-Z]{{2}}){_END}"
)
_EMAIL = re.compile(r"[^\s@,;<>()]{1,64} ?@ ?[^\s@,;<>()]{1,250}\.[^\W\d_]{2,}")

# --- days ----------------------------------------------------------------------------------------

_MONTH = (
    "(?:JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|"
    "SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)"
)
_DAY, _MONTH_NO = "(?:0?[1-9]|[12][0-9]|3[01])", "(?:0?[1-9]|1[0-2])"
_ORDINAL, _YEAR = "(?:ST|ND|RD|TH)?", r"(?:19|20)\d\d"
_DAY_THEN_MONTH = rf"(?=(?:{_DAY}[ ./-]{_MONTH_NO}|{_MONTH_NO}[ ./-]{_DAY})[ ./-])\d\d?"
_MAYBE_A_DAY = _pattern(rf"\d[ ./-]\d|(?:19|20)\d{{6}}|{_MONTH}")
_DAYS = tuple(
    _pattern(text)
    for text in (
        # 2010-04-15; 15/04/2010 or 4/15/2010; 15.4.10; 20100415
        rf"(?<!\d){_YEAR}(?P<s>[ ./-])(?:{_MONTH_NO}(?P=s){_DAY}|{_DAY}(?P=s){_MONTH_NO})(?!\d)",
        rf"(?<!\d){_DAY_THEN_MONTH}(?P<s>[ ./-])\d\d?(?P=s){_YEAR}(?!\d)",
        rf"(?<!\d)(?<!\d[./-]){_DAY_THEN_MONTH}(?P<s>[./-])\d\d?(?P=s)\d\d(?!\d)(?![./-]\d)",
        rf"{_START}(?<!\d[.,]){_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?![0-9A-SU-Z])",
        # 15th of April 2010; April 15, 2010; 2010 April 15; and 15-Apr, when that is the whole text
        rf"{_START}{_DAY}{_ORDINAL}[ ./,-]{{0,3}}(?:OF )?{_MONTH}[ ./,'-]{{0,3}}"
        rf"(?:{_YEAR}|\d\d)(?!\d)",
        rf"{_START}{_MONTH}[ ./-]{{0,3}}{_DAY}{_ORDINAL}[ ,./-]{{1,3}}{_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}[ ./-]{{0,3}}{_MONTH}[ ./-]{{0,3}}{_DAY}{_ORDINAL}{_END}",
        rf"^{_DAY}{_ORDINAL}[ ./-]{{0,3}}(?:OF )?{_MONTH}\.?$",
    )
)


def _without_days(text: str) -> str:
    """The text with a bar in the place of each day, so that no day is read as a number."""
    if not _MAYBE_A_DAY.search(text):
        return text
    for pattern in _DAYS:
        text = pattern.sub("|", text)
    return text


# --- the text and the heading --------------------------------------------------------------------


def identifiers(text: str) -> frozenset[str]:
    """The codes of KINDS that a text holds: any text, be it cell, heading, sheet or file name."""
    searched = plain(text)
    found = set()
    if "@" in searched and _EMAIL.search(searched):
        found.add("scan_email")
    if not any(character.isdigit() for character in searched):
        return frozenset(found)
    rest = _without_days(searched)
    if rest != searched:
        found.add("scan_day")
    if _POSTCODE.search(rest):
        found.add("scan_postcode")
    found.update(_numbers(rest))
    return frozenset(found)


_NAME = re.compile(
    r"names?|(?:fore|sur|first|last|given|family|full|middle|nick|maiden|birth|pupils?|child|childs"
    r"|childrens|students?|learners?|persons?|clients?|patients?|preferred|legal|chosen|known|user"
    r"|officers?|teachers?|heads?|parents?|carers?|mothers?|fathers?|staff|workers?|dsl|f|l|s)names?"
    r"|initials|knownas"
)
_NOT_A_PERSON = re.compile(
    "schools?|establishment|boroughs?|council|la|lea|authority|local|trust|federation|academy"
    "|college|nursery|setting|agency|organi[sz]ation|provider|partnership|region|ward|district"
    "|area|team|service|department|course|training|event|file|sheet|column|indicator|question"
    "|item|message|campaign|extract|policy|site"
)
_PERSON = re.compile(
    "(?:pupil|child|student|learner|person|client|patient|girl|boy|teacher|officer|worker|parent"
    "|carer|mother|father|guardian|sibling)s?|childrens?|childs|young|head|headteacher|dsl|contact"
    "|first|last|middle|given|family|full|maiden|preferred|legal|chosen"
)


def heading_kinds(heading: str) -> frozenset[str]:
    """The codes of KINDS that a column's heading holds or announces.

    "Name of school" announces no persons, "school contact name" does.
    """
    searched = re.sub(r"['’]", "", plain(heading))
    searched = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", searched)
    words = re.findall(r"[a-z]+", searched.casefold())
    spaced = f" {' '.join(words)} "
    found = set(identifiers(heading))
    if any(_tells_birth(word) for word in words) or " d o b " in spaced:
        found.add("scan_birth_heading")
    if any(_NAME.fullmatch(word) for word in words) or " known as " in spaced:
        of_persons = any(_PERSON.fullmatch(word) for word in words)
        if of_persons or not any(_NOT_A_PERSON.fullmatch(word) for word in words):
            found.add("scan_name_heading")
    return frozenset(found)


def _tells_birth(word: str) -> bool:
    return word == "born" or "birth" in word or word.startswith("dob") or word.endswith("dob")
