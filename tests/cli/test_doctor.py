"""``liuhen doctor``."""

from pathlib import Path

import pytest

from tests.cli.conftest import Liuhen, World, write_sound
from tests.evidence.store import case_files


def break_a_page(case: Path, original: bytes) -> None:
    """Break the link of a page that holds a part of ``original`` to the next page."""
    data = bytearray(case.read_bytes())
    size = int.from_bytes(data[16:18])
    page = data.index(original[150_000:150_500]) // size * size
    data[page] ^= 0x40
    case.write_bytes(data)


def states(liuhen: Liuhen) -> dict[str, str]:
    checks = liuhen("doctor", "--json").json["checks"]
    assert all(set(check) == {"name", "state", "text", "advice"} for check in checks)
    return {check["name"]: check["state"] for check in checks}


def test_a_healthy_program_and_case_are_ok(liuhen: Liuhen) -> None:
    found = states(liuhen)
    assert {"program", "packages", "decoders", "pictures", "fonts", "space", "case"} <= set(found)
    assert set(found.values()) == {"ok"}
    assert liuhen("doctor").code == 0


def test_no_case_yet_is_no_failure(empty: Liuhen) -> None:
    assert states(empty)["case"] == "warning"
    result = empty.ok("doctor")
    assert "liuhen init" in result.out
    assert not empty.case.exists()


def test_a_file_that_is_no_case_fails(empty: Liuhen) -> None:
    empty.case.write_bytes(b"hello" * 1000)
    assert states(empty)["case"] == "failed"
    assert empty("doctor").code == 4


def test_whatever_is_wrong_comes_with_advice(empty: Liuhen) -> None:
    empty.case.write_bytes(b"hello" * 1000)
    for check in empty("doctor", "--json").json["checks"]:
        assert check["state"] == "ok" or check["advice"]


def test_what_a_damaged_case_still_holds_is_counted_and_can_be_taken_out(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    write_sound(tmp_path / "long.wav", 20)
    broken = liuhen.ok("import", tmp_path / "long.wav", "--json").json["seq"]
    break_a_page(liuhen.case, (tmp_path / "long.wav").read_bytes())
    result = liuhen("doctor", "--json")
    assert result.code == 4
    salvage = next(c for c in result.json["checks"] if c["name"] == "salvage")
    assert f"#{broken}" in salvage["text"]
    assert f"#{world.screenshot}" not in salvage["text"]
    liuhen.ok("export", world.screenshot, "-o", tmp_path / "saved.png")
    assert (tmp_path / "saved.png").read_bytes() == world.picture.read_bytes()


def test_looking_changes_no_byte_of_the_case(liuhen: Liuhen) -> None:
    before = liuhen.case.read_bytes()
    liuhen("doctor")
    assert liuhen.case.read_bytes() == before


def test_a_file_name_is_told_with_the_pattern_that_it_fits_and_no_case_is_needed(
    empty: Liuhen,
) -> None:
    known, strange = empty.json(
        "doctor", "--name", "a/13800000011_20261014210533.amr", "--name", "怪名字.amr"
    )["checks"]
    assert (known["state"], strange["state"]) == ("ok", "warning")
    for part in ("who-stamp", "13800000011", "21:05:33"):
        assert part in known["text"]
    assert "怪名字.amr" in strange["text"]
    assert strange["advice"]


def test_an_own_pattern_is_the_one_that_is_told(
    empty: Liuhen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "own.toml"
    own.write_text("[[pattern]]\nname='mine'\nkind='recording'\nregex='怪(?P<who>.+)'\n")
    monkeypatch.setenv("LIUHEN_FILENAME_PATTERNS", str(own))
    check = empty.json("doctor", "--name", "怪名字.amr")["checks"][0]
    assert check["state"] == "ok"
    assert "mine" in check["text"]


def test_an_import_says_of_a_name_without_a_time_how_to_look_into_it(liuhen: Liuhen) -> None:
    sound, dated = (
        liuhen.case.parent / name for name in ("怪名字.wav", "13800000011_20261014210533.wav")
    )
    write_sound(sound, seconds=2)
    write_sound(dated, seconds=1)
    told = liuhen.ok("import", sound).out.replace("'", "")
    assert "liuhen doctor --name 怪名字.wav" in told
    assert "--name" not in liuhen.ok("import", dated).out


def test_one_flipped_bit_is_found_named_and_is_no_unusable_case(
    liuhen: Liuhen, world: World
) -> None:
    case_files.flip(liuhen.case, "entry", "body", f"seq = {world.note}", byte=90)
    result = liuhen("doctor", "--json")
    assert result.code == 10
    (cause,) = result.json["damage"]
    assert (cause["seq"], cause["thing"], cause["pattern"]) == (world.note, "entry", "bit")
    assert (cause["byte"], cause["mask"]) == (90, 1)
    assert result.json["safe"] == {"prefix": world.note, "entries": world.note, "originals": 2}
    found = {c["name"]: c for c in result.json["checks"]}
    assert (found["structure"]["state"], found["contents"]["state"]) == ("ok", "failed")
    assert f"#{world.note}" in found["cause"]["text"]
    assert liuhen("doctor").code == 10
    assert liuhen("doctor", "--deep").code == 10


def test_an_original_is_named(liuhen: Liuhen, world: World) -> None:
    case_files.flip(liuhen.case, "chunk", "data", f"seq = {world.screenshot}", byte=20, mask=3)
    (cause,) = liuhen("doctor", "--json").json["damage"]
    assert (cause["name"], cause["pattern"]) == (world.picture.name, "unknown")
    assert cause["every_bit_tried"] is True


def test_of_a_whole_case_no_damage_is_listed_and_a_quick_look_leaves_contents_out(
    liuhen: Liuhen, world: World
) -> None:
    assert liuhen.json("doctor")["damage"] == []
    case_files.flip(liuhen.case, "entry", "body", f"seq = {world.note}", byte=90)
    told = liuhen.json("doctor", "--quick")
    assert told["damage"] is None
    assert "contents" not in {c["name"] for c in told["checks"]}
    assert liuhen("doctor", "--quick", "--deep").code == 2
