"""SMS Backup & Restore: no text is lost, nothing is made up, whatever the app writes."""

import io
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.core.moment import Meaning, Precision
from evidence.core.records import Direction
from evidence.ingest.exports import android, sms_backup_restore
from evidence.ingest.exports.base import CallRow, ExportFormError, MessageRow, Row, RowProblem
from evidence.ingest.exports.xml_repair import XmlRepair
from tests.evidence.ingest.exports.streams import InPieces, split_at

HEAD = "<?xml version='1.0' encoding='UTF-8' standalone='yes' ?>\n<!--File Created By-->\n"
ANGRY = "&#55357;&#56865;"
"""U+1F621 as the app writes it."""


def messages(inner: str | bytes, *, count: int | None = None, head: str = HEAD) -> list[Row]:
    body = inner if isinstance(inner, bytes) else inner.encode()
    total = "" if count is None else f' count="{count}"'
    data = f"{head}<smses{total}>\n".encode() + body + b"\n</smses>"
    return list(sms_backup_restore.messages_reader().rows(io.BytesIO(data), len(data), name=""))


def message(attributes: str | bytes) -> MessageRow:
    inner = attributes if isinstance(attributes, bytes) else attributes.encode()
    (row,) = messages(b'<sms address="13900139000" date="1705300360000" type="1" ' + inner + b"/>")
    assert isinstance(row, MessageRow)
    return row


def text_of(body: str | bytes) -> str:
    inner = body if isinstance(body, bytes) else body.encode()
    return message(b'body="' + inner + b'"').text


def call(**fields: str) -> CallRow:
    values = {"number": "13900139000", "date": "1705300225000", "duration": "10", "type": "1"}
    written = " ".join(f'{key}="{value}"' for key, value in {**values, **fields}.items())
    data = f"{HEAD}<calls><call {written} /></calls>".encode()
    (row,) = sms_backup_restore.calls_reader().rows(io.BytesIO(data), len(data), name="")
    assert isinstance(row, CallRow)
    return row


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (ANGRY, "\U0001f621"),
        ("&#xD83D;&#xDE21;", "\U0001f621"),
        ("&#xd83d;&#56865;", "\U0001f621"),
        ("&#128545;", "\U0001f621"),
        (f"{ANGRY}{ANGRY}a{ANGRY}", "\U0001f621\U0001f621a\U0001f621"),
        (f"&#10;{ANGRY}&#13;", "\n\U0001f621\r"),
        ("x&#55357;y", "x\ufffdy"),
        ("x&#56865;y", "x\ufffdy"),
        (f"&#55357;{ANGRY}", "\ufffd\U0001f621"),
        ("&#55357; &#56865;", "\ufffd \ufffd"),
        ("a&#0;b&#27;c&#11;", "a\0b\x1bc\x0b"),
        ("a&#xFFFE;b&#65535;", "a\ufffeb\uffff"),
        ("a&#1114112;b", "a\ufffdb"),
        ("a & b", "a & b"),
        ("a &nbsp; b &copy", "a &nbsp; b &copy"),
        ("&#12ab;", "&#12ab;"),
        ("&#x;", "&#x;"),
        ("&amp;#55357;", "&#55357;"),
        ("&lt;&gt;&quot;&apos;&amp;", "<>\"'&"),
        ("a\nb\tc\r\nd", "a\nb\tc\r\nd"),
        ("  two  spaces  ", "  two  spaces  "),
        ("ＡＢＣ①㎡！", "ＡＢＣ①㎡！"),
        ("\U0010fe00 &#1113600; \U0010fe3f", "\U0010fe00 \U0010fe00 \U0010fe3f"),
        ("\U0010fe01&#1;", "\U0010fe01\x01"),
        ("null and more", "null and more"),
    ],
)
def test_text_is_given_exactly_as_meant(written: str, text: str) -> None:
    assert text_of(written) == text


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (b"a\x00b\x1b\x0b", "a\0b\x1b\x0b"),
        (b"a\xffb", "a\ufffdb"),
        (b"\xed\xa0\xbd\xed\xb8\xa1", "\U0001f621"),
        (b"a\xef\xbf\xbeb", "a\ufffeb"),
    ],
)
def test_bytes_that_xml_refuses_lose_no_other_text(written: bytes, text: str) -> None:
    assert text_of(written) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
def test_any_text_that_the_app_writes_comes_back(text: str) -> None:
    if text == "null":
        return
    written = ""
    for char in text:
        if ord(char) > 0xFFFF:
            high, low = divmod(ord(char) - 0x10000, 0x400)
            written += f"&#{0xD800 + high};&#{0xDC00 + low};"
        elif char in "<>&\"'" or ord(char) < 32:
            written += f"&#{ord(char)};"
        else:
            written += char
    assert text_of(written) == text


def test_an_emoji_is_whole_at_every_border_of_a_read() -> None:
    data = (
        f'{HEAD}<smses count="2"><sms address="1" date="1705300360000" type="1" '
        f'body="好{ANGRY}友\U0001f621&#10;" /><sms body="{ANGRY}" type="1"/></smses>'
    ).encode()
    reader = sms_backup_restore.messages_reader()
    expected = list(reader.rows(io.BytesIO(data), len(data), name=""))
    assert [row.text for row in expected if isinstance(row, MessageRow)] == [
        "好\U0001f621友\U0001f621\n",
        "\U0001f621",
    ]
    for border in range(1, len(data)):
        stream = cast("BinaryIO", split_at(data, border))
        assert list(reader.rows(stream, len(data), name="")) == expected, border
    one_by_one = InPieces([data[i : i + 1] for i in range(len(data))])
    assert list(reader.rows(cast("BinaryIO", one_by_one), len(data), name="")) == expected


def test_large_base64_is_dropped_at_every_border_and_the_text_stays() -> None:
    base64 = "QUJD" * 40_000
    data = (
        f'{HEAD}<smses count="2"><mms date="1705300800000" msg_box="1" address="13900139000">'
        f'<parts><part seq="0" ct="image/png" name="p.png" text="null" data="{base64}" />'
        '<part seq="1" ct="text/plain" text="看着办" /></parts></mms>'
        '<sms address="1" date="1705300360000" type="1" body="后面" /></smses>'
    ).encode()
    start = data.index(b'data="')
    end = data.index(b'"', start + 6)
    reader = sms_backup_restore.messages_reader()
    for border in (start + 3, start + 6, start + 7, start + 90_000, end - 1, end, end + 1):
        stream = cast("BinaryIO", split_at(data, border, min(border + 70_000, len(data) - 1)))
        mms, sms = reader.rows(stream, len(data), name="")
        assert isinstance(mms, MessageRow)
        assert isinstance(sms, MessageRow)
        assert (mms.text, mms.attachments, sms.text) == ("看着办", ("p.png",), "后面")


def test_line_breaks_in_base64_end_nothing_and_leave_no_wrong_line() -> None:
    base64 = ("QUJD" * 19 + "\n") * 1500 + ("QUJD" * 19 + "&#10;") * 500
    data = (
        '<smses count="2">\n<mms date="1705300800000" msg_box="1" address="1"><parts>'
        f'<part seq="0" ct="image/png" name="p.png" data="{base64}" /></parts></mms>\n'
        '<sms address="1" date="1705300360000" type="1" body="后面" /></smses>'
    ).encode()
    reader = sms_backup_restore.messages_reader()
    last = data.rindex(b"&#10;")
    for border in range(last, last + 6):
        stream = cast("BinaryIO", split_at(data, 1, border))
        mms, sms = reader.rows(stream, len(data), name="")
        assert isinstance(sms, MessageRow)
        assert sms.text == "后面"
        assert (mms.position.line, sms.position.line) == (2, None)


def test_a_missing_quote_after_base64_is_an_error_and_swallows_nothing() -> None:
    inner = '<mms><parts><part data="' + "QUJD" * 40_000 + '></parts></mms><sms body="x" />'
    with pytest.raises(ExportFormError) as caught:
        messages(inner)
    assert caught.value.code == "not-well-formed"


def test_base64_words_in_a_text_are_no_data() -> None:
    long = "QUJD" * 40_000
    assert text_of(f"a data=&quot;{long}") == f'a data="{long}'


@pytest.mark.parametrize(
    ("type_", "direction", "answered", "outcome"),
    [
        ("1", Direction.IN, True, "answered"),
        ("2", Direction.OUT, True, "outgoing"),
        ("3", Direction.IN, False, "missed"),
        ("4", Direction.IN, False, "voicemail"),
        ("5", Direction.IN, False, "rejected"),
        ("6", Direction.IN, False, "refused"),
        ("7", Direction.IN, True, "answered_elsewhere"),
        ("8", None, None, "unknown"),
        ("1001", None, None, "unknown"),
        ("-1", None, None, "unknown"),
        ("null", None, None, "unknown"),
        ("", None, None, "unknown"),
    ],
)
def test_call_types_are_what_android_means(
    type_: str, direction: Direction | None, answered: bool | None, outcome: str
) -> None:
    row = call(type=type_)
    assert (row.direction, row.answered, row.outcome) == (direction, answered, outcome)


def test_an_outgoing_call_of_no_seconds_was_not_answered() -> None:
    assert call(type="2", duration="0").answered is False


def test_an_incoming_call_of_no_seconds_does_not_show_that_anybody_spoke() -> None:
    row = call(type="1", duration="0")
    assert (row.answered, row.outcome) == (None, "unknown")


def test_a_call_is_dated_when_it_was_created() -> None:
    row = call(date="1705300225123")
    assert row.occurred.value == "2024-01-15T14:30:25.123+08:00"
    assert row.occurred.meaning is Meaning.CALL_CREATED
    assert row.occurred.precision is Precision.MILLISECOND
    assert row.occurred.basis == "1705300225123"


@pytest.mark.parametrize("date", ["", "null", "0", "-5", "x", "1e12", "9" * 15, "9" * 30, "١٧٠"])
def test_a_date_that_is_none_is_unknown_and_the_call_stays(date: str) -> None:
    row = call(date=date)
    assert row.occurred.precision is Precision.UNKNOWN
    assert row.number == "13900139000"


@pytest.mark.parametrize("number", ["", "null", "-1", "-2", "未知"])
def test_a_hidden_number_is_empty(number: str) -> None:
    row = call(number=number, presentation="2")
    assert row.number == ""
    assert not row.masked


@pytest.mark.parametrize("name", ["(Unknown)", "null", "", "未知", "13900139000", "+8613900139000"])
def test_no_contact_is_no_name(name: str) -> None:
    assert call(contact_name=name).name == ""


def test_the_contact_and_the_subscription_are_kept() -> None:
    row = call(contact_name="丙某李经理", subscription_id="2")
    assert (row.name, row.sim) == ("丙某李经理", "2")
    assert call(subscription_id="-1").sim == call(subscription_id="null").sim == ""


def test_every_field_is_kept_in_order() -> None:
    row = call(readable_date="2024年1月15日", post_dial_digits="")
    assert [key for key, _ in row.raw] == [
        "number",
        "date",
        "duration",
        "type",
        "readable_date",
        "post_dial_digits",
    ]


@pytest.mark.parametrize(
    ("type_", "box", "direction", "meaning"),
    [
        ("1", "received", Direction.IN, Meaning.RECEIVED),
        ("2", "sent", Direction.OUT, Meaning.SENT),
        ("3", "draft", None, Meaning.SAVED),
        ("4", "outbox", Direction.OUT, Meaning.SAVED),
        ("5", "failed", Direction.OUT, Meaning.SAVED),
        ("6", "queued", Direction.OUT, Meaning.SAVED),
        ("99", "unknown", None, Meaning.UNKNOWN),
    ],
)
def test_message_boxes(type_: str, box: str, direction: Direction | None, meaning: Meaning) -> None:
    (row,) = messages(f'<sms address="1" date="1705300360000" type="{type_}" body="x" />')
    assert isinstance(row, MessageRow)
    assert (row.box, row.direction, row.occurred.meaning) == (box, direction, meaning)
    assert row.text == "x"


def test_the_stamp_of_the_message_centre_is_kept_for_received_messages_only() -> None:
    received = message('date_sent="1705300357000" body="x"')
    assert received.sent_at is not None
    assert received.sent_at.value == "2024-01-15T14:32:37.000+08:00"
    assert message('date_sent="0" body="x"').sent_at is None
    (sent,) = messages('<sms type="2" date="1705300360000" date_sent="1705300357000" />')
    assert isinstance(sent, MessageRow)
    assert sent.sent_at is None


@pytest.mark.parametrize(
    ("text", "sender"),
    [
        ("【甲某消费金融】您的账单", "甲某消费金融"),
        ("您的账单【甲某消费金融】", "甲某消费金融"),
        ("您的账单【甲某消费金融】\n", "甲某消费金融"),
        ("说【不还】就上门", ""),
        ("【】空", ""),
        ("【一】短", ""),
        ("【" + "长" * 21 + "】", ""),
        ("【甲某】和【乙某】", "甲某"),
    ],
)
def test_the_claimed_sender_stands_at_begin_or_end(text: str, sender: str) -> None:
    assert android.claimed_sender(text) == sender


def test_the_borrowers_own_message_claims_no_sender() -> None:
    (row,) = messages('<sms type="2" address="1" date="1705300360000" body="【我方】你好" />')
    assert isinstance(row, MessageRow)
    assert row.claimed_sender == ""


def mms(attributes: str, parts: str = "", addresses: str = "") -> MessageRow:
    (row,) = messages(
        f'<mms date="1705300800000" {attributes}><parts>{parts}</parts>'
        f"<addrs>{addresses}</addrs></mms>"
    )
    assert isinstance(row, MessageRow)
    return row


def test_text_parts_are_joined_and_the_others_named() -> None:
    row = mms(
        'msg_box="1" address="13900139000"',
        '<part seq="-1" ct="application/smil" text="&lt;smil/&gt;" />'
        f'<part seq="0" ct="text/plain" text="一{ANGRY}" />'
        '<part seq="1" ct="image/jpeg" name="null" cl="null" data="QUJD" />'
        '<part seq="2" ct="video/3gpp" name="v.3gp" data="QUJD" />'
        '<part seq="3" ct="text/plain" text="二" />'
        '<part seq="4" ct="text/x-vcard" name="c.vcf" text="null" data="QUJD" />',
    )
    assert row.text == "一\U0001f621\n二"
    assert row.attachments == ("image/jpeg", "v.3gp", "c.vcf")
    assert not any("QUJD" in value for _, value in row.raw)


def test_the_sender_of_a_group_message_is_its_number() -> None:
    row = mms(
        'msg_box="1" address="13900139000~13800138001"',
        addresses='<addr address="13900139000" type="137" /><addr address="13800138001" '
        'type="151" /><addr address="insert-address-token" type="151" />',
    )
    assert row.number == "13900139000"
    assert row.number_raw == "13900139000~13800138001"


def test_a_message_to_several_people_has_no_single_number() -> None:
    row = mms('msg_box="2" address="13900139000~13800138001"')
    assert (row.number, row.number_raw) == ("", "13900139000~13800138001")
    same = mms('msg_box="2" address="13900139000~+8613900139000"')
    assert same.number == "13900139000"


def test_the_subject_of_an_mms_is_text_too() -> None:
    kept_by_android = "最后通知".encode().decode("latin-1")
    written = "".join(f"&#{ord(char)};" for char in kept_by_android)
    row = mms(
        f'msg_box="1" address="1" sub="{written}" sub_cs="106"',
        '<part seq="0" ct="text/plain" text="x" />',
    )
    assert row.text == "最后通知\nx"


def test_stamps_of_mms_are_whole_seconds_in_either_unit() -> None:
    row = mms('msg_box="1" address="1" date_sent="1705300799"')
    assert row.occurred.value == "2024-01-15T14:40:00+08:00"
    assert row.occurred.precision is Precision.SECOND
    assert row.sent_at is not None
    assert row.sent_at.value == "2024-01-15T14:39:59+08:00"


def test_an_unknown_record_is_told_and_counted() -> None:
    rows = messages('<rcs body="x"/><sms body="y" type="1"/>', count=2)
    assert isinstance(rows[0], RowProblem)
    assert rows[0].reason_code == "unknown-element"
    assert [row.position.record for row in rows] == [1, 2]


@pytest.mark.parametrize("said", [1, 3])
def test_another_number_of_records_than_announced_is_told(said: int) -> None:
    rows = messages('<sms body="x" type="1"/><sms body="y" type="1"/>', count=said)
    assert [type(row) for row in rows] == [MessageRow, MessageRow, RowProblem]
    problem = rows[-1]
    assert isinstance(problem, RowProblem)
    assert problem.reason_code == "count-differs"


def test_positions_are_the_lines_of_the_file() -> None:
    rows = messages('<sms body="x" type="1"/>\n\n<sms\n type="1" body="y" />\n<sms body="z"/>')
    assert [row.position.line for row in rows] == [4, 6, 8]


def test_a_line_is_not_told_once_line_breaks_were_rewritten() -> None:
    rows = messages('<sms body="x\ny" type="1"/>\n<sms body="z" type="1"/>')
    assert [row.position.line for row in rows] == [None, None]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("UTF-8", "utf-8-sig"), ("UTF-16", "utf-16"), ("GBK", "gb18030"), ("gb2312", "gb18030")],
)
def test_a_file_saved_again_in_another_encoding_is_read(declared: str, encoding: str) -> None:
    data = (
        f"<?xml version='1.0' encoding='{declared}'?>"
        f'<smses><sms address="1" type="1" date="1705300360000" body="看着办{ANGRY}"/></smses>'
    ).encode(encoding)
    reader = sms_backup_restore.messages_reader()
    assert reader.identify(data)
    (row,) = reader.rows(io.BytesIO(data), len(data), name="")
    assert isinstance(row, MessageRow)
    assert row.text == "看着办\U0001f621"


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_file_cut_off_gives_what_is_whole_and_says_so(cut: int) -> None:
    inner = '<sms type="1" body="x" />' * 3
    whole = f"{HEAD}<smses>{inner}</smses>".encode()
    data = whole[: len(whole) - cut]
    reader = sms_backup_restore.messages_reader()
    rows = []
    with pytest.raises(ExportFormError) as caught:
        rows.extend(reader.rows(io.BytesIO(data), len(data), name=""))
    assert caught.value.code == "truncated"
    assert caught.value.position.record == len(rows) == (3 if cut <= len("</smses>") else 2)


def test_rows_before_an_error_are_given_first() -> None:
    data = f'{HEAD}<smses><sms type="1" body="x"/><sms a=b/>'.encode()
    rows: list[Row] = []
    with pytest.raises(ExportFormError) as caught:
        rows.extend(sms_backup_restore.messages_reader().rows(io.BytesIO(data), 0, name=""))
    assert len(rows) == 1
    assert caught.value.code == "not-well-formed"


@given(st.binary(max_size=200))
def test_the_repair_gives_utf8_for_any_bytes(data: bytes) -> None:
    pieces = XmlRepair().pieces(
        io.BytesIO(data.removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff"))
    )
    b"".join(pieces).decode("utf-8")
