"""``liuhen deadlines``: what runs, until when, and what to do; and the calendar file."""

import re
from pathlib import Path

import pytest

from tests.cli.conftest import LENDER, Liuhen


@pytest.fixture
def handed_in(liuhen: Liuhen) -> int:
    given = ("--to", "12378", "--respondent", LENDER, "--at", "2026-11-02", "--receipt", "R-1")
    return int(liuhen.json("submitted", *given)["seq"])


def test_without_a_submission_it_says_what_to_record(liuhen: Liuhen) -> None:
    assert liuhen.json("deadlines")["deadlines"] == []
    result = liuhen.ok("deadlines")
    assert result.out == ""
    assert "submitted" in result.err


def test_each_deadline_has_its_provision_and_what_to_do(liuhen: Liuhen, handed_in: int) -> None:
    said = liuhen.json("deadlines")
    first = said["deadlines"][0]
    assert (first["id"], first["submission"], first["provision"]) == (
        "forward",
        handed_in,
        "cmp2020-33",
    )
    assert first["command"] == f"liuhen submitted --event forwarded --of {handed_in}"
    assert "7个工作日" in first["quote"]
    assert said["assumptions"]
    shown = liuhen.ok("deadlines")
    for deadline in said["deadlines"]:
        assert deadline["day"] in shown.out
        assert f"“{deadline['quote']}”" in shown.out
    assert first["next"] in shown.out
    assert first["command"] in shown.out
    assert all(line in shown.err for line in said["assumptions"])


def test_the_command_that_is_shown_records_what_is_waited_for(
    liuhen: Liuhen, handed_in: int
) -> None:
    command = liuhen.json("deadlines")["deadlines"][0]["command"]
    liuhen.ok(*command.split()[1:], "--at", "2026-11-04")
    again = liuhen.json("deadlines")["deadlines"]
    assert {d["id"]: d["state"] for d in again}["forward"] == "done"


def test_a_decision_that_is_late_only_by_an_estimate_is_asked_about_first(liuhen: Liuhen) -> None:
    given = ("--to", "12378", "--respondent", LENDER, "--at", "2026-06-01")
    of = liuhen.json("submitted", *given)["seq"]
    late = [d for d in liuhen.json("deadlines")["deadlines"] if d["state"] == "overdue"]
    assert {d["command"] for d in late} == {f"liuhen submitted --event forwarded --of {of}"}


def test_a_channel_without_a_known_deadline_is_said_so(liuhen: Liuhen) -> None:
    liuhen.ok("respondent", "add", "丙某小额贷款有限公司", "--type", "microloan")
    given = ("--to", "12378", "--respondent", "丙某小额贷款有限公司")
    seq = liuhen.json("submitted", *given)["seq"]
    said = liuhen.json("deadlines")
    assert said["deadlines"] == []
    assert said["without_deadline"] == [seq]
    assert f"#{seq}" in liuhen.ok("deadlines").out


def test_a_report_to_the_police_says_what_its_days_run_from(liuhen: Liuhen) -> None:
    seq = liuhen.json("submitted", "--to", "police", "--respondent", LENDER)["seq"]
    assert f"liuhen submitted --event accepted --of {seq}" in liuhen.ok("deadlines").out
    liuhen.ok("submitted", "--event", "accepted", "--of", seq)
    (first, *_later) = liuhen.json("deadlines")["deadlines"]
    assert first["provision"] == "psl-118"


def test_the_calendar_file_is_well_formed_and_names_nobody(
    liuhen: Liuhen, handed_in: int, tmp_path: Path
) -> None:
    path = tmp_path / "deadlines.ics"
    liuhen.ok("deadlines", "--ics", path)
    data = path.read_bytes()
    lines = data.split(b"\r\n")
    assert lines[-1] == b""
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 75 for line in lines)
    text = data.decode().replace("\r\n ", "")
    running = [
        d for d in liuhen.json("deadlines")["deadlines"] if d["state"] in ("open", "overdue")
    ]
    starts = re.findall(r"DTSTART;VALUE=DATE:(\d{8})", text)
    assert starts == [d["day"].replace("-", "") for d in running]
    assert len(set(re.findall(r"UID:(.*)", text))) == len(running)
    assert text.count("BEGIN:") == text.count("END:") == len(running) + 1
    assert LENDER not in text
    assert "R-1" not in text
    assert liuhen.refused("deadlines", "--ics", path) == "output-exists 3"
