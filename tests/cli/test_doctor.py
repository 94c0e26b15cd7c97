"""``liuhen doctor``."""

from pathlib import Path

from tests.cli.conftest import Liuhen, World, write_sound


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
