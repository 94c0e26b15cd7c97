"""``liuhen export``."""

import hashlib
import stat
import wave
from pathlib import Path

import pytest

from tests.cli.conftest import CALL, Liuhen, World


def test_an_original_comes_out_byte_for_byte(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    out = tmp_path / "out.wav"
    told = liuhen.json("export", world.call, "-o", out)
    data = world.sound.read_bytes()
    assert out.read_bytes() == data
    assert told == {
        "seq": world.call,
        "path": str(out),
        "sha256": hashlib.sha256(data).hexdigest(),
        "original": True,
        "original_sha256": hashlib.sha256(data).hexdigest(),
    }


def test_a_passage_is_a_derived_copy_of_the_right_length(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    out = tmp_path / "clip.wav"
    told = liuhen.json("export", world.call, "--from", "0:00.5", "--to", "0:01.25", "-o", out)
    assert told["original"] is False
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest() != told["original_sha256"]
    with wave.open(str(out)) as clip, wave.open(str(world.sound)) as whole:
        assert clip.getnframes() == 0.75 * clip.getframerate()
        assert clip.getframerate() == whole.getframerate()
        whole.setpos(4000)
        assert clip.readframes(6000) == whole.readframes(6000)


def test_a_passage_of_a_compressed_recording_can_be_cut(liuhen: Liuhen, tmp_path: Path) -> None:
    seq = liuhen.ok("import", CALL, "--json").json["seq"]
    liuhen.ok("export", seq, "--from", "0:00.1", "--to", "0:00.3", "-o", tmp_path / "clip.wav")
    with wave.open(str(tmp_path / "clip.wav")) as clip:
        assert clip.getnframes() / clip.getframerate() == pytest.approx(0.2, abs=0.001)


@pytest.mark.parametrize(("first", "last"), [("0:01", "0:02"), ("0:01", "0:00.5"), ("1", "1")])
def test_a_wrong_passage_is_refused_with_the_allowed_range(
    liuhen: Liuhen, world: World, tmp_path: Path, first: str, last: str
) -> None:
    given = ("export", world.call, "--from", first, "--to", last, "-o", tmp_path / "clip.wav")
    assert liuhen.refused(*given) == "span-outside 3"
    assert liuhen(*given, "--json").json["error"]["last"] == "00:01.500"
    assert not list(tmp_path.glob("*clip*"))


def test_a_passage_of_a_picture_is_refused(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    given = ("export", world.screenshot, "--from", "0", "--to", "1", "-o", tmp_path / "clip.wav")
    assert liuhen.refused(*given) == "span-not-applicable 3"


def test_one_end_of_a_passage_is_a_usage_error(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    assert liuhen.refused("export", world.call, "--to", "0:01", "-o", tmp_path / "x") == "usage 2"


def test_nothing_is_ever_overwritten(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    assert liuhen.refused("export", world.call, "-o", taken) == "output-exists 3"
    assert taken.read_text() == "mine"


def test_a_missing_folder_is_named(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    given = ("export", world.call, "-o", tmp_path / "没有" / "a.wav")
    assert liuhen.refused(*given) == "output-not-writable 3"
    assert "没有" in liuhen(*given).err


def test_only_exhibits_can_be_exported(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    assert liuhen.refused("export", world.note, "-o", tmp_path / "a") == "wrong-kind 3"
    assert liuhen.refused("export", 999, "-o", tmp_path / "a") == "seq-unknown 3"


def test_an_output_is_required(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("export", world.call) == "usage 2"


def test_only_the_owner_can_read_what_comes_out(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    liuhen.ok("export", world.call, "-o", tmp_path / "out.wav")
    assert stat.S_IMODE((tmp_path / "out.wav").stat().st_mode) & 0o077 == 0


def test_a_withdrawn_exhibit_can_still_be_taken_out(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    liuhen.ok("withdraw", world.call, "--reason", "不用")
    liuhen.ok("export", world.call, "-o", tmp_path / "out.wav")
    assert (tmp_path / "out.wav").read_bytes() == world.sound.read_bytes()
