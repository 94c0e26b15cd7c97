"""Telephone numbers of mainland China: one key for one number (FORMATS section 5).

Rules:

1. The key is the full national digits. Nothing is guessed: a hidden or unknown number is empty,
   and two hidden callers are never the same caller.
2. The raw text stays with the exhibit; this is only the key for comparing.
3. Numbers of other countries are spelt as the library ``phonenumbers`` spells them, if it knows
   them. Of Chinese numbers it calls much invalid that exists, so it decides nothing about them;
   ``doubtful`` passes on what it says of mobiles and landlines.
4. A class or kind is what the numbering plan says of the digits. It says neither where a caller is
   nor which company carries the number now: numbers are ported, and callers travel.
"""

import enum
import re
import unicodedata

_HIDDEN = frozenset(
    {
        "",
        "-1",
        "-2",
        "-3",
        "null",
        "unknown",
        "(unknown)",
        "未知",
        "未知号码",
        "私人号码",
        "隐藏号码",
        "电话会议",
    }
)
_IP_PREFIX = re.compile(r"(?:17951|17911|17909|12593|10193)(?=1[3-9][0-9]{9}$|0[0-9]{9,11}$)")
_DTMF_TAIL = re.compile(r"[,;pPwW].*$")
_DASHES = re.compile("[\u2010-\u2015\u2212]")
_EXTENSION = re.compile(r"(?P<head>.*[0-9])\s*(?:-|转|分机)\s*[0-9]{1,6}")
_SEPARATORS = re.compile(r"(?:[^\S\r\n]|[\-().])+")
_DIGITS = re.compile(r"\+?[0-9]{3,24}")
_INTERNATIONAL = re.compile(r"(?:\+|00)(?=[1-9])")
_AREA_WITHOUT_ZERO = re.compile(
    r"(?:10|2[0-9])[0-9]{8}|(?![48]00|95)[3-9][0-9]{9,10}|95[1-5][2-8][0-9]{6}"
)
"""What follows +86 when it is a landline. Mobiles, 400, 800 and 95 numbers have no area code; 951
to 955 and a subscriber's seven digits is Ningxia, whose codes are 0951 to 0955."""
_CALLABLE = re.compile(r"[0-9+*#\s\-()（）]+")


class NumberClass(enum.StrEnum):
    """What kind of number it is by the numbering plan."""

    MOBILE = "mobile"
    LANDLINE = "landline"
    ENTERPRISE = "enterprise"
    SERVICE_95 = "service_95"
    SMS_106 = "sms_106"
    PUBLIC = "public"
    FOREIGN = "foreign"
    HIDDEN = "hidden"
    OTHER = "other"


class NumberKind(enum.StrEnum):
    """What the numbering plan says of a number beyond its class."""

    RESALE_MOBILE = "resale_mobile"
    """Issued by a reseller (虚商) of the operators."""
    SATELLITE = "satellite"
    SERVICE_ENTERPRISE = "service_enterprise"
    """953, 955, 956: large enterprises that serve customers."""
    CALL_CENTRE = "call_centre"
    """950, 951, 952, 954, 957: call centres and value-added services."""
    COAST_GUARD = "coast_guard"
    SMS_PROVINCIAL = "sms_provincial"
    """1062: commercial, one province."""
    SMS_MACHINE = "sms_machine"
    """1064: between machines."""
    SMS_OPERATOR = "sms_operator"
    """1065: the operators' own."""
    SMS_NATIONWIDE = "sms_nationwide"
    """1066: commercial, nationwide."""
    SMS_NON_COMMERCIAL = "sms_non_commercial"
    """1069: nationwide, not commercial."""
    PROVINCIAL_SERVICE = "provincial_service"


_CLASSES = (
    (NumberClass.MOBILE, re.compile(r"1[3-9][0-9]{9}")),
    (NumberClass.SMS_106, re.compile(r"106[0-9]{5,17}")),
    (NumberClass.ENTERPRISE, re.compile(r"[48]00[0-9]{7}")),
    (NumberClass.SERVICE_95, re.compile(r"95[0-9]{3,13}")),
    (NumberClass.LANDLINE, re.compile(r"0[0-9]{9,11}")),
    (NumberClass.PUBLIC, re.compile(r"1[0-9]{2,4}|96[0-9]{3,4}")),
    (NumberClass.FOREIGN, re.compile(r"\+[0-9]{6,20}")),
)

_KINDS = (
    (NumberKind.RESALE_MOBILE, re.compile(r"1(?:62|65|67|70|71)[0-9]{8}")),
    (NumberKind.SATELLITE, re.compile(r"1740[0-9]{7}")),
    (NumberKind.COAST_GUARD, re.compile(r"95110")),
    (NumberKind.SERVICE_ENTERPRISE, re.compile(r"95[356][0-9]{2,3}")),
    (NumberKind.CALL_CENTRE, re.compile(r"95[01247][0-9]{2,12}")),
    (NumberKind.SMS_PROVINCIAL, re.compile(r"1062[0-9]{4,16}")),
    (NumberKind.SMS_MACHINE, re.compile(r"1064[0-9]{4,16}")),
    (NumberKind.SMS_OPERATOR, re.compile(r"1065[0-9]{4,16}")),
    (NumberKind.SMS_NATIONWIDE, re.compile(r"1066[0-9]{4,16}")),
    (NumberKind.SMS_NON_COMMERCIAL, re.compile(r"1069[0-9]{4,16}")),
    (NumberKind.PROVINCIAL_SERVICE, re.compile(r"96[0-9]{3,4}")),
)
"""95 and 106 numbers go on with digits of the customer's choice, except where the plan has a length
(953, 955, 956: five or six digits)."""

_WITH_EXTENSION = (NumberClass.MOBILE, NumberClass.LANDLINE, NumberClass.ENTERPRISE)


def normalise(text: str) -> str:
    """Return the key of a number: national digits, or ``+`` and digits abroad; empty if none."""
    raw = _plain_text(text)
    if is_hidden(raw):
        return ""
    called = _DTMF_TAIL.sub("", raw)
    extension = _EXTENSION.fullmatch(called)
    if extension:
        # Only a complete number has an extension: 0086-138-0000-0001 ends in none.
        head = _key(extension["head"])
        if classify(head) in _WITH_EXTENSION:
            return head
    return _key(called)


def is_hidden(text: str) -> bool:
    """Tell whether the text is what a phone writes when it does not know or show the number."""
    return _plain_text(text).lower() in _HIDDEN


def is_number(text: str) -> bool:
    """Tell whether the text of a file name is a number and not a contact's name."""
    digits = re.sub(r"[^0-9]", "", text)
    return len(digits) >= 3 and _CALLABLE.fullmatch(text) is not None


def classify(number: str) -> NumberClass:
    """Return what kind of number a normalised ``number`` is."""
    if not number:
        return NumberClass.HIDDEN
    for kind, pattern in _CLASSES:
        if pattern.fullmatch(number):
            return kind
    return NumberClass.OTHER


def kind(number: str) -> NumberKind | None:
    """Return what the numbering plan says of a normalised ``number`` beyond its class, if more."""
    return next((k for k, pattern in _KINDS if pattern.fullmatch(number)), None)


def doubtful(number: str) -> bool | None:
    """Tell whether ``phonenumbers`` knows no such number; None where it is no judge (rule 3).

    Advice for the reader, never a reason to drop or change a number: its tables lag behind. It is
    asked about mobiles, landlines and numbers abroad only, and not about the mobile ranges that
    FORMATS knows it to be wrong about.
    """
    asked = classify(number)
    if asked is NumberClass.FOREIGN:
        return _spelt_abroad(number) is None
    if asked not in (NumberClass.MOBILE, NumberClass.LANDLINE):
        return None
    if kind(number) is not None or number.startswith("149"):
        return None
    return _spelt_abroad("+86" + number.removeprefix("0")) is None


def mask(number: str) -> str:
    """Return ``number`` with the middle hidden: ``138****0003``."""
    if len(number) <= 4:
        return "*" * len(number)
    head, tail = (3, 4) if len(number) >= 9 else (2, 2)
    return number[:head] + "*" * (len(number) - head - tail) + number[-tail:]


def _plain_text(text: str) -> str:
    """Return full-width signs as plain ones, any dash as ``-``, and no invisible marks.

    Address books put direction marks around the numbers that are copied from them.
    """
    normal = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    return "".join(c for c in normal if unicodedata.category(c) != "Cf").strip()


def _key(text: str) -> str:
    digits = _SEPARATORS.sub("", text)
    return _national(digits) if _DIGITS.fullmatch(digits) else ""


def _national(digits: str) -> str:
    international = _INTERNATIONAL.match(digits)
    plain = digits[international.end() :] if international else digits.removeprefix("+")
    if international:
        if not plain.startswith("86"):
            return _spelt_abroad("+" + plain) or "+" + plain
        plain = plain.removeprefix("86")
        if _AREA_WITHOUT_ZERO.fullmatch(plain):
            plain = "0" + plain
    elif re.fullmatch(r"86(?:1[3-9][0-9]{9}|0[0-9]{9,11})", plain):
        plain = plain.removeprefix("86")
    plain = _IP_PREFIX.sub("", plain)
    if re.fullmatch(r"01[3-9][0-9]{9}", plain):
        plain = plain.removeprefix("0")
    return plain


def _spelt_abroad(number: str) -> str | None:
    """Return an international number as E.164 spells it; None if the library knows none such.

    It takes off the zero that many countries dial at home: +44 (0)20 … is +44 20 ….
    """
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
