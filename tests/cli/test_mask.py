"""``liuhen mask``."""

from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import ESCAPES, Liuhen, World


def test_a_mask_says_on_what_and_where(liuhen: Liuhen, world: World) -> None:
    made = liuhen.json(
        "mask",
        world.screenshot,
        "--region",
        "1,2,30,40",
        "--region",
        "0,0,120,200",
        "--reason",
        "脸",
    )
    assert made["on"] == world.screenshot
    found = [(r["left"], r["top"], r["width"], r["height"]) for r in made["regions"]]
    assert found == [(1, 2, 30, 40), (0, 0, 120, 200)]
    shown = liuhen.json("show", made["seq"])
    assert shown["kind"] == "mask"
    assert shown["data"]["reason"] == "脸"


def test_a_passage_of_a_recording_is_masked(liuhen: Liuhen, world: World) -> None:
    made = liuhen.json("mask", world.call, "--from", "0:00.5", "--to", "0:01")
    assert made["spans"] == [{"start_ms": 500, "end_ms": 1000}]
    assert "00:00.500–00:01" in liuhen.ok("mask", "--list").out


def test_masks_of_one_exhibit_are_listed_and_one_can_be_withdrawn(
    liuhen: Liuhen, world: World
) -> None:
    assert liuhen.json("mask", "--list") == {"masks": []}
    first = liuhen.json("mask", world.screenshot, "--region", "1,2,30,40")["seq"]
    second = liuhen.json("mask", world.call, "--from", "0:00", "--to", "0:01")["seq"]
    assert [m["seq"] for m in liuhen.json("mask", "--list")["masks"]] == [first, second]
    assert [m["seq"] for m in liuhen.json("mask", world.call, "--list")["masks"]] == [second]
    gone = liuhen.json("withdraw", first, "--reason", "标错了")["seq"]
    listed = liuhen.json("mask", "--list")["masks"]
    assert [m["withdrawn_by"] for m in listed] == [gone, None]
    assert f"#{first}" not in liuhen.ok("mask", "--list").out


def test_mask_stands_beside_its_exhibit(liuhen: Liuhen, world: World) -> None:
    seq = liuhen.json("mask", world.screenshot, "--region", "1,2,30,40")["seq"]
    about = liuhen.json("show", world.screenshot)["about"]
    assert seq in [line["seq"] for line in about]
    assert seq in [line["seq"] for line in liuhen.json("list")["items"]]


@pytest.mark.parametrize(
    "box", ["0,0,121,10", "0,0,10,201", "119,199,2,1", "0,0,0,10"], ids=["w", "h", "corner", "none"]
)
def test_box_outside_the_picture_is_refused(liuhen: Liuhen, world: World, box: str) -> None:
    assert liuhen.refused("mask", world.screenshot, "--region", box) == "region-outside 3"
    error = liuhen("mask", world.screenshot, "--region", box, "--json").json["error"]
    assert (error["width"], error["height"]) == (120, 200)


def test_box_of_an_exif_turned_picture_is_measured_as_displayed(
    liuhen: Liuhen, world: World
) -> None:
    turned = world.case.parent / "turned.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (200, 120), "white").save(turned, exif=exif)
    seq = liuhen.json("import", turned)["seq"]
    assert liuhen.refused("mask", seq, "--region", "0,0,200,120") == "region-outside 3"
    liuhen.ok("mask", seq, "--region", "0,0,120,200")


@pytest.mark.parametrize(("first", "last"), [("0:01", "0:02"), ("0:01", "0:01"), ("9:00", "9:01")])
def test_passage_beyond_the_end_is_refused(
    liuhen: Liuhen, world: World, first: str, last: str
) -> None:
    assert liuhen.refused("mask", world.call, "--from", first, "--to", last) == "span-outside 3"


def test_place_of_the_other_kind_is_refused(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("mask", world.call, "--region", "0,0,9,9") == "wrong-kind 3"
    span = ("--from", "0:00", "--to", "0:01")
    assert liuhen.refused("mask", world.screenshot, *span) == "wrong-kind 3"
    both = ("--region", "0,0,9,9", *span)
    assert liuhen.refused("mask", world.screenshot, *both) == "wrong-kind 3"


def test_only_pictures_and_recordings_are_masked(liuhen: Liuhen, world: World) -> None:
    text = world.case.parent / "说明.txt"
    text.write_text("聊天记录", encoding="utf-8")
    document = liuhen.json("import", text)["seq"]
    for on in (document, world.note, world.tag, world.lender):
        assert liuhen.refused("mask", on, "--region", "0,0,9,9") == "wrong-kind 3"
    assert liuhen.refused("mask", 999, "--region", "0,0,9,9") == "seq-unknown 3"


def test_picture_that_cannot_be_decoded_cannot_be_masked(liuhen: Liuhen, world: World) -> None:
    broken = world.case.parent / "broken.png"
    broken.write_bytes(world.picture.read_bytes()[:-30])
    seq = liuhen.json("import", broken)["seq"]
    assert liuhen.refused("mask", seq, "--region", "0,0,9,9") == "mask-impossible 3"


def test_withdrawn_exhibit_cannot_be_masked(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("withdraw", world.screenshot, "--reason", "重复")
    assert liuhen.refused("mask", world.screenshot, "--region", "0,0,9,9") == "withdrawn 3"


def test_mask_without_a_place_is_refused(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("mask", world.call) == "nothing-requested 2"
    assert liuhen.refused("mask", world.call, "--from", "0:01") == "usage 2"
    assert liuhen.refused("mask") == "usage 2"
    assert liuhen.refused("mask", world.screenshot, "--region", "1,2,3") == "value-malformed 2"


def test_reason_reaches_the_terminal_harmlessly(liuhen: Liuhen, world: World) -> None:
    liuhen.ok("mask", world.screenshot, "--region", "0,0,9,9", "--reason", f"脸{ESCAPES}")
    for given in (("mask", "--list"), ("list",), ("show", world.screenshot)):
        assert not set(liuhen.ok(*given).out) & {"\x1b", "\x07", "\x9b", "\u202e"}


def test_masked_copy_is_written_to_be_looked_at(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    copy = tmp_path / "masked.png"
    assert liuhen.refused("mask", world.screenshot, "-o", copy) == "nothing-requested 2"
    assert not copy.exists()
    liuhen.ok("mask", world.screenshot, "--region", "10,20,30,40", "-o", copy)
    with Image.open(copy) as shown:
        assert shown.getpixel((10, 20)) == shown.getpixel((39, 59)) == (0, 0, 0)
        assert shown.getpixel((9, 20)) == shown.getpixel((40, 59)) == (255, 255, 255)
    liuhen.ok("mask", world.screenshot, "--region", "0,0,5,5")
    again = tmp_path / "again.png"
    assert liuhen.json("mask", world.screenshot, "-o", again)["path"] == str(again)
    with Image.open(again) as shown:
        assert shown.getpixel((0, 0)) == shown.getpixel((10, 20)) == (0, 0, 0)
    assert liuhen.refused("mask", world.screenshot, "-o", again) == "output-exists 3"
    sound = tmp_path / "masked.wav"
    liuhen.ok("mask", world.call, "--from", "0:00", "--to", "0:01", "-o", sound)
    assert sound.read_bytes()[:4] == b"RIFF"
