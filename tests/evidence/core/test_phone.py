"""Telephone numbers: one key for one number, and none where there is none (FORMATS section 5)."""

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.phone import (
    NumberClass,
    NumberKind,
    classify,
    doubtful,
    is_number,
    kind,
    mask,
    normalise,
)

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
landlines = (
    st.from_regex(r"0(?:10|2[0-9])[2-8][0-9]{7}", fullmatch=True)
    | st.from_regex(r"0[3-9][0-9]{2}[2-8][0-9]{6,7}", fullmatch=True).filter(
        lambda n: not n.startswith(("0400", "0800", "095"))
    )
    | st.from_regex(r"095[1-5][2-8][0-9]{6}", fullmatch=True)
)
services = st.from_regex(r"95[0-9]{3,10}", fullmatch=True)
messages = st.from_regex(r"106[0-9]{9,15}", fullmatch=True)
relays = st.from_regex(r"[48]00[0-9]{7}", fullmatch=True)
numbers = mobiles | landlines | services | messages | relays


@pytest.mark.parametrize(
    "text",
    [
        "13800000001",
        " 13800000001 ",
        "138 0000 0001",
        "138-0000-0001",
        "138\u20110000\u20110001",
        "138\u00a00000\u00a00001",
        "138.0000.0001",
        "１３８００００\uff10００１",
        "＋86 138 0000 0001",
        "\u202d13800000001\u202c",
        "\ufeff13800000001",
        "013800000001",
        "8613800000001",
        "86-138-0000-0001",
        "+8613800000001",
        "+86 138-0000-0001",
        "+86 (138) 0000 0001",
        "008613800000001",
        "0086-138-0000-0001",
        "1795113800000001",
        "17951-138-0000-0001",
        "17951013800000001",
        "1791113800000001",
        "1790913800000001",
        "1259313800000001",
        "1019313800000001",
        "+861795113800000001",
        "13800000001,2",
        "13800000001;2",
        "13800000001p2",
        "13800000001P2",
        "13800000001w2,,3#",
        "13800000001，2",
        "13800000001-1234",
        "13800000001转1234",
        "13800000001 分机 1234",
    ],
)
def test_every_spelling_of_a_mobile_has_one_key(text: str) -> None:
    assert normalise(text) == "13800000001"


@pytest.mark.parametrize(
    "text",
    [
        "075512345678",
        "0755-12345678",
        "0755-1234-5678",
        "(0755)12345678",
        "（0755）12345678",
        "+8675512345678",
        "+86 755 12345678",
        "+86-755-1234-5678",
        "+86 0755 12345678",
        "+86 0755-1234-5678",
        "0086-755-1234-5678",
        "+86(0)755 12345678",
        "008675512345678",
        "86075512345678",
        "17951075512345678",
        "075512345678-801",
        "0755-12345678-801",
        "0755-12345678－801",
        "0755-12345678—801",
        "0755-12345678转801",
        "0755-12345678 转 801",
        "0755-12345678分机801",
        "075512345678,801",
        "075512345678;801",
        "075512345678p801",
        "+86 755 12345678-801",
    ],
)
def test_every_spelling_of_a_landline_has_one_key_without_its_extension(text: str) -> None:
    assert normalise(text) == "075512345678"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("+861065123456", "01065123456"),
        ("+86 10 6512 3456", "01065123456"),
        ("+862187654321", "02187654321"),
        ("0086-21-8765-4321", "02187654321"),
        ("+864312345678", "04312345678"),
        ("+8643112345678", "043112345678"),
        ("+868981234567", "08981234567"),
        ("+869712345678", "09712345678"),
        ("+8699112345678", "099112345678"),
        ("+869515012345", "09515012345"),
        ("+869552345678", "09552345678"),
    ],
)
def test_zero_of_an_area_code_is_restored_after_86(text: str, key: str) -> None:
    assert normalise(text) == key
    assert classify(key) is NumberClass.LANDLINE


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("+864000000001", "4000000001"),
        ("+86 400-000-0001", "4000000001"),
        ("+868000000001", "8000000001"),
        ("+8695588", "95588"),
        ("+869510211", "9510211"),
        ("+86951234567", "951234567"),
        ("+8695013123456", "95013123456"),
        ("+86950131234567", "950131234567"),
        ("+861069000000012345", "1069000000012345"),
        ("+86106912345678", "106912345678"),
        ("+8610086", "10086"),
        ("+8612378", "12378"),
        ("+8696123", "96123"),
    ],
)
def test_no_zero_is_put_before_a_number_without_area_code(text: str, key: str) -> None:
    assert normalise(text) == key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("+85212345678", "+85212345678"),
        ("+852 1234 5678", "+85212345678"),
        ("0085212345678", "+85212345678"),
        ("+853 6612 3456", "+85366123456"),
        ("+886 912 345 678", "+886912345678"),
        ("+1 650-253-0000", "+16502530000"),
        ("0044-20-7946-0958", "+442079460958"),
    ],
)
def test_number_abroad_keeps_its_country(text: str, key: str) -> None:
    assert normalise(text) == key
    assert classify(key) is NumberClass.FOREIGN


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "-1",
        "-2",
        "-3",
        "null",
        "NULL",
        "unknown",
        "Unknown",
        "(Unknown)",
        "未知",
        "(未知)",
        "（未知）",
        "未知号码",
        "私人号码",
        "隐藏号码",
        "无主叫号码",
        "Private number",
        "anonymous",
        "--",
        "***",
        "138****0001",
        "1",
        "12",
        "张三",
        "张三13800000001",
        "13800000001张三",
        "1" * 25,
        "13800000001\n13800000002",
        "\u0661\u0663\u0668\u0660\u0660",
    ],
)
def test_hidden_masked_or_missing_number_is_no_key(text: str) -> None:
    assert normalise(text) == ""
    assert classify(normalise(text)) is NumberClass.HIDDEN


@pytest.mark.parametrize("text", ["13800000001#", "*6713800000001", "#31#13800000001"])
def test_dialling_code_is_not_guessed_away(text: str) -> None:
    assert normalise(text) == ""


def test_mobile_that_begins_like_an_ip_prefix_is_kept() -> None:
    assert normalise("17951138000") == "17951138000"
    assert classify("17951138000") is NumberClass.MOBILE


def test_national_digits_of_96_and_95_are_never_cut_to_their_end() -> None:
    assert normalise("95013123456") != normalise("95014123456")
    assert normalise("1069000000012345") != normalise("1069000000112345")


def test_zeros_are_no_country() -> None:
    assert normalise("000000000") == "000000000"
    assert classify("000000000") is NumberClass.OTHER


def test_short_remainder_of_a_cut_number_is_not_filled_up() -> None:
    assert normalise("1390013900") == "1390013900"
    assert classify("1390013900") is NumberClass.OTHER


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("13000000000", NumberClass.MOBILE),
        ("19900000000", NumberClass.MOBILE),
        ("16212345678", NumberClass.MOBILE),
        ("16512345678", NumberClass.MOBILE),
        ("16712345678", NumberClass.MOBILE),
        ("17012345678", NumberClass.MOBILE),
        ("17112345678", NumberClass.MOBILE),
        ("14912345678", NumberClass.MOBILE),
        ("12000000000", NumberClass.OTHER),
        ("1380000000", NumberClass.OTHER),
        ("138000000000", NumberClass.OTHER),
        ("01012345678", NumberClass.LANDLINE),
        ("02112345678", NumberClass.LANDLINE),
        ("07551234567", NumberClass.LANDLINE),
        ("075512345678", NumberClass.LANDLINE),
        ("4000000001", NumberClass.ENTERPRISE),
        ("8000000001", NumberClass.ENTERPRISE),
        ("95588", NumberClass.SERVICE_95),
        ("95555", NumberClass.SERVICE_95),
        ("953012", NumberClass.SERVICE_95),
        ("95110", NumberClass.SERVICE_95),
        ("9510211", NumberClass.SERVICE_95),
        ("951234567", NumberClass.SERVICE_95),
        ("950131234567", NumberClass.SERVICE_95),
        ("9555", NumberClass.OTHER),
        ("10621234", NumberClass.SMS_106),
        ("106912345678", NumberClass.SMS_106),
        ("1069000000012345", NumberClass.SMS_106),
        ("10690000000123456789", NumberClass.SMS_106),
        ("12378", NumberClass.PUBLIC),
        ("12321", NumberClass.PUBLIC),
        ("12315", NumberClass.PUBLIC),
        ("10086", NumberClass.PUBLIC),
        ("10010", NumberClass.PUBLIC),
        ("10000", NumberClass.PUBLIC),
        ("110", NumberClass.PUBLIC),
        ("96123", NumberClass.PUBLIC),
        ("961234", NumberClass.PUBLIC),
        ("+85212345678", NumberClass.FOREIGN),
        ("", NumberClass.HIDDEN),
    ],
)
def test_class_is_that_of_the_numbering_plan(number: str, kind: NumberClass) -> None:
    assert normalise(number) == number
    assert classify(number) is kind


@given(numbers, st.sampled_from(["", "+86", "+86 ", "0086"]), st.sampled_from(["", ",1", "p22"]))
def test_prefix_and_tail_never_change_the_key(number: str, prefix: str, tail: str) -> None:
    abroad = number.removeprefix("0") if prefix else number
    key = normalise(prefix + abroad + tail)
    # A 95 number of ten digits and a landline of Ningxia look the same after +86.
    if not re.fullmatch(r"95[1-5][2-8][0-9]{6}", number):
        assert key == number
    assert normalise(key) == key


@given(numbers, st.data())
def test_separators_never_change_the_key(number: str, data: st.DataObject) -> None:
    spaced = "".join(
        digit + data.draw(st.sampled_from(["", "", " ", "\u00a0", "\u2009"])) for digit in number
    )
    assert normalise(spaced) == number


@given(st.text(max_size=30) | st.text("+0123456789-()pw,;转 ", max_size=30))
def test_key_of_any_text_is_digits_or_nothing(text: str) -> None:
    key = normalise(text)
    assert key == "" or re.fullmatch(r"\+?[0-9]{1,24}", key)
    assert (classify(key) is NumberClass.HIDDEN) == (key == "")


@given(numbers)
def test_different_numbers_have_different_keys(number: str) -> None:
    changed = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert normalise(changed) != normalise(number)


@pytest.mark.parametrize("text", ["13800000001", "+86 138 0000 0001", "110", "(021) 87654321"])
def test_digits_of_a_file_name_are_a_number(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "张三", "12", "张三 110", "13800000001 张三", "a110", "+ -"])
def test_words_of_a_file_name_are_a_contact(text: str) -> None:
    assert not is_number(text)


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("13800000001", "138****0001"),
        ("075512345678", "075*****5678"),
        ("95588", "95*88"),
        ("1234", "****"),
        ("12", "**"),
        ("", ""),
    ],
)
def test_mask_hides_the_middle(number: str, masked: str) -> None:
    assert mask(number) == masked


@given(mobiles | landlines | messages)
def test_mask_keeps_the_length_and_shows_seven_digits_at_most(number: str) -> None:
    masked = mask(number)
    assert len(masked) == len(number)
    assert sum(c != "*" for c in masked) <= 7


@pytest.mark.parametrize(
    "text",
    [
        "+442079460958",
        "+44 20 7946 0958",
        "+44 (0)20 7946 0958",
        "+44 020 7946 0958",
        "0044 (0) 20-7946-0958",
        "+44 20 7946 0958,3",
    ],
)
def test_every_spelling_of_a_known_number_abroad_has_one_key(text: str) -> None:
    assert normalise(text) == "+442079460958"


def test_zero_that_belongs_to_a_number_abroad_is_kept() -> None:
    assert normalise("+39 06 1234 5678") == "+390612345678"


@pytest.mark.parametrize(
    "text", ["+4402079460", "+999 0123456", "+85212345678", "+00123456", "+1" + "2" * 20]
)
def test_unknown_number_abroad_keeps_its_digits(text: str) -> None:
    digits = re.sub(r"[^0-9]", "", text)
    assert normalise(text).lstrip("+") in (digits, digits.removeprefix("00"))


def test_two_numbers_abroad_are_never_one() -> None:
    assert normalise("+442079460958") != normalise("+442079460959")
    assert normalise("+4402079460") != normalise("+442079460")


@given(st.from_regex(r"\+[1-9][0-9]{5,16}", fullmatch=True))
def test_key_of_a_number_abroad_is_its_own_key(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("16212345678", NumberKind.RESALE_MOBILE),
        ("16512345678", NumberKind.RESALE_MOBILE),
        ("16712345678", NumberKind.RESALE_MOBILE),
        ("17012345678", NumberKind.RESALE_MOBILE),
        ("17112345678", NumberKind.RESALE_MOBILE),
        ("17212345678", None),
        ("1701234567", None),
        ("17401234567", NumberKind.SATELLITE),
        ("17411234567", None),
        ("13800000001", None),
        ("95300", NumberKind.SERVICE_ENTERPRISE),
        ("95588", NumberKind.SERVICE_ENTERPRISE),
        ("955123", NumberKind.SERVICE_ENTERPRISE),
        ("95600", NumberKind.SERVICE_ENTERPRISE),
        ("9551234", None),
        ("95110", NumberKind.COAST_GUARD),
        ("951101", NumberKind.CALL_CENTRE),
        ("95013", NumberKind.CALL_CENTRE),
        ("950131234567", NumberKind.CALL_CENTRE),
        ("9510211", NumberKind.CALL_CENTRE),
        ("95200", NumberKind.CALL_CENTRE),
        ("954123456", NumberKind.CALL_CENTRE),
        ("95700", NumberKind.CALL_CENTRE),
        ("95800", None),
        ("95900", None),
        ("9501", None),
        ("106212345", NumberKind.SMS_PROVINCIAL),
        ("106412345", NumberKind.SMS_MACHINE),
        ("106512345", NumberKind.SMS_OPERATOR),
        ("106612345", NumberKind.SMS_NATIONWIDE),
        ("1069000000012345", NumberKind.SMS_NON_COMMERCIAL),
        ("106112345", None),
        ("106312345", None),
        ("96123", NumberKind.PROVINCIAL_SERVICE),
        ("961234", NumberKind.PROVINCIAL_SERVICE),
        ("12378", None),
        ("01012345678", None),
        ("+85291234567", None),
        ("", None),
    ],
)
def test_kind_is_what_the_plan_says_and_nothing_where_it_says_nothing(
    number: str, expected: NumberKind | None
) -> None:
    assert kind(number) is expected


@given(numbers)
def test_kind_never_contradicts_the_class(number: str) -> None:
    of_class = {
        NumberKind.RESALE_MOBILE: NumberClass.MOBILE,
        NumberKind.SATELLITE: NumberClass.MOBILE,
        NumberKind.SERVICE_ENTERPRISE: NumberClass.SERVICE_95,
        NumberKind.CALL_CENTRE: NumberClass.SERVICE_95,
        NumberKind.COAST_GUARD: NumberClass.SERVICE_95,
        NumberKind.PROVINCIAL_SERVICE: NumberClass.PUBLIC,
    }
    found = kind(number)
    if found is not None:
        assert classify(number) is of_class.get(found, NumberClass.SMS_106)


@pytest.mark.parametrize("number", ["13800000001", "075512345678", "01065123456", "+85291234567"])
def test_number_that_the_library_knows_is_not_doubtful(number: str) -> None:
    assert doubtful(number) is False


@pytest.mark.parametrize("number", ["15412345678", "02612345678", "+85212345678", "+9991234567"])
def test_number_that_the_library_does_not_know_is_doubtful_and_kept(number: str) -> None:
    assert doubtful(number) is True
    assert normalise(number) == number


@pytest.mark.parametrize(
    "number",
    [
        "14912345678",
        "16212345678",
        "17012345678",
        "17401234567",
        "95588",
        "9510211",
        "951234567",
        "950131234567",
        "106912345678",
        "1069000000012345",
        "4000000001",
        "8000000001",
        "10086",
        "12378",
        "96123",
        "1390013900",
        "",
    ],
)
def test_library_is_not_asked_where_it_is_known_to_be_wrong(number: str) -> None:
    assert doubtful(number) is None


def test_library_is_loaded_for_numbers_abroad_only() -> None:
    program = (
        "import sys; from evidence.core import phone; phone.normalise('+86 138 0000 0001');"
        "assert 'phonenumbers' not in sys.modules; phone.normalise('+85291234567');"
        "assert 'phonenumbers' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
