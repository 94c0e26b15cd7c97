"""``liuhen transcript``: typed, imported, corrected and recognised lines."""

import hashlib
import importlib.util
from pathlib import Path

import pytest
from PIL import Image

from tests.cli.conftest import CALL, ESCAPES, Liuhen, World
from tests.evidence.ingest.recognise.drawn import draw, saved

MODEL = Path(__file__).parents[1] / "evidence" / "ingest" / "recognise" / "speech_model"
SRT = (
    "1\n00:00:00,100 --> 00:00:00,900\n李经理：今天必须还钱\n\n"
    "2\n00:00:01,000 --> 00:00:01,400\n没有\n"
)

needs_ocr = pytest.mark.skipif(
    not importlib.util.find_spec("rapidocr") or not importlib.util.find_spec("onnxruntime"),
    reason="the extra 'ocr' is not installed",
)
needs_speech = pytest.mark.skipif(
    not importlib.util.find_spec("sherpa_onnx"), reason="the extra 'speech' is not installed"
)


def data(liuhen: Liuhen, seq: object) -> dict[str, object]:
    return dict(liuhen.json("show", seq)["data"])


# --- typed ----------------------------------------------------------------------------------------


def test_typed_line_is_kept_word_for_word_with_place_and_speaker(
    liuhen: Liuhen, world: World
) -> None:
    text = " 再不还，“打断”你的腿！ "
    given = ("--from", "0:00.2", "--to", "0:01", "--speaker", "李经理")
    told = liuhen.json("transcript", "add", world.call, text, *given)
    assert (told["on"], told["writer"], told["lines"]) == (world.call, "person", 1)
    (line,) = data(liuhen, told["seq"])["lines"]  # type: ignore[misc]
    assert (line["text"], line["speaker"]) == (text, "李经理")
    assert line["span"] == {"start_ms": 200, "end_ms": 1000}
    assert liuhen.intact()


@pytest.mark.parametrize(
    "given",
    [
        ("--from", "0:00"),
        ("--to", "0:01"),
        ("--from", "0:01", "--to", "0:00"),
        ("--from", "0:00", "--to", "9:00"),
    ],
)
def test_passage_that_is_not_in_the_recording_is_refused(
    liuhen: Liuhen, world: World, given: tuple[str, ...]
) -> None:
    assert liuhen.refused("transcript", "add", world.call, "还钱", *given).startswith("span-")


def test_passage_of_a_picture_is_refused(liuhen: Liuhen, world: World) -> None:
    given = ("--from", "0:00", "--to", "0:01")
    assert liuhen("transcript", "add", world.screenshot, "还钱", *given).code != 0


def test_only_a_standing_picture_or_recording_has_a_transcript(
    liuhen: Liuhen, world: World
) -> None:
    assert liuhen.refused("transcript", "add", world.note, "还钱") == "wrong-kind 3"
    assert liuhen.refused("transcript", "add", 999, "还钱") == "seq-unknown 3"


def test_empty_line_is_refused(liuhen: Liuhen, world: World) -> None:
    assert liuhen("transcript", "add", world.call, "  ").code != 0


# --- imported -------------------------------------------------------------------------------------


def test_imported_file_is_named_with_its_hash(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    path = tmp_path / "文字稿.srt"
    path.write_bytes(SRT.encode("gbk"))
    told = liuhen.json("transcript", "import", world.call, path)
    assert (told["writer"], told["lines"]) == ("file", 2)
    kept = data(liuhen, told["seq"])
    assert kept["source_name"] == path.name
    assert kept["source_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert liuhen.intact()


def test_file_that_is_no_transcript_is_refused(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    (tmp_path / "a.srt").write_bytes(bytes(64))
    (tmp_path / "b.srt").write_text(SRT.replace("00:00:01,400", "00:09:00,000"), encoding="utf-8")
    codes = [
        liuhen.refused("transcript", "import", world.call, tmp_path / n) for n in ("a.srt", "b.srt")
    ]
    assert len(set(codes)) == 1
    assert codes[0].startswith("transcript-")
    gone = liuhen.refused("transcript", "import", world.call, tmp_path / "没有.srt")
    assert gone == "file-unreadable 3"


def test_escape_sequences_in_a_transcript_never_reach_the_terminal(
    liuhen: Liuhen, world: World, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(f"说{ESCAPES}话：还{ESCAPES}钱", encoding="utf-8")
    told = liuhen.ok("transcript", "import", world.call, tmp_path / "a.txt")
    for result in (told, liuhen.ok("list"), liuhen.ok("show", world.call)):
        assert not set(result.out + result.err) & set("\x1b\x07\x9b\u202e")


# --- corrected ------------------------------------------------------------------------------------


def test_corrected_line_and_what_stood_there_are_both_kept(liuhen: Liuhen, world: World) -> None:
    first = liuhen.json("transcript", "add", world.call, "今天必须还线")["seq"]
    told = liuhen.json("transcript", "correct", first, "今天必须还钱", "--line", "1")
    assert (told["corrects"], told["line"]) == (first, 1)
    (old,) = data(liuhen, first)["lines"]  # type: ignore[misc]
    (new,) = data(liuhen, told["seq"])["lines"]  # type: ignore[misc]
    assert (old["text"], new["text"], new["replaces"]) == ("今天必须还线", "今天必须还钱", 1)
    out = liuhen.ok("show", first).out
    assert "今天必须还钱" in out
    assert "今天必须还线" in out


@pytest.mark.parametrize("line", ["0", "2", "-1"])
def test_line_that_is_not_there_cannot_be_corrected(
    liuhen: Liuhen, world: World, line: str
) -> None:
    first = liuhen.json("transcript", "add", world.call, "还线")["seq"]
    assert liuhen.refused("transcript", "correct", first, "还钱", "--line", line)


def test_withdrawn_transcript_cannot_be_corrected(liuhen: Liuhen, world: World) -> None:
    first = liuhen.json("transcript", "add", world.call, "还线")["seq"]
    liuhen.ok("withdraw", first, "--reason", "听错了")
    assert liuhen.refused("transcript", "correct", first, "还钱", "--line", "1")


# --- recognised -----------------------------------------------------------------------------------


@pytest.fixture
def pictures(liuhen: Liuhen, tmp_path: Path) -> list[int]:
    """Import a picture with words and one that is cut off."""
    (tmp_path / "1.jpg").write_bytes(saved(draw([(80, "今天必须还钱")], (800, 300)), "JPEG"))
    (tmp_path / "2.jpg").write_bytes((tmp_path / "1.jpg").read_bytes()[:4000])
    Image.new("RGB", (300, 200), "white").save(tmp_path / "3.png")
    told = liuhen("import", tmp_path / "1.jpg", tmp_path / "2.jpg", tmp_path / "3.png", "--json")
    return [row["seq"] for row in told.json_lines]


@needs_ocr
def test_recognition_leaves_nothing_in_the_home_folder_to_be_reported(
    liuhen: Liuhen, pictures: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))
        (tmp_path / "home" / name).mkdir(parents=True)
    liuhen.ok("transcript", "ocr", pictures[0])
    assert [path for path in (tmp_path / "home").rglob("*") if path.is_file()] == []


@needs_ocr
def test_failure_is_recorded_and_the_others_are_read(liuhen: Liuhen, pictures: list[int]) -> None:
    result = liuhen("transcript", "ocr", pictures[1], pictures[2], pictures[0], "--json")
    assert result.code == 3
    broken, blank, good = result.json_lines
    assert (broken["on"], broken["lines"]) == (pictures[1], 0)
    assert broken["failure"]
    assert blank["failure"]
    assert blank["engine"]
    assert good["engine"].startswith("rapidocr ")
    assert not good["failure"]
    (line,) = data(liuhen, good["seq"])["lines"]  # type: ignore[misc]
    assert line["text"] == "今天必须还钱"
    assert line["region"]
    assert liuhen.intact()


@needs_ocr
def test_all_reads_only_pictures_that_were_not_read(
    liuhen: Liuhen, world: World, pictures: list[int]
) -> None:
    liuhen.ok("transcript", "ocr", pictures[0])
    again = liuhen("transcript", "ocr", "--all", "--json").json_lines
    assert world.screenshot in {row["on"] for row in again}
    assert pictures[0] not in {row["on"] for row in again}


@needs_speech
def test_recording_is_heard_with_the_model_that_is_named(liuhen: Liuhen) -> None:
    seq = liuhen.ok("import", CALL, "--json").json["seq"]
    told = liuhen.json("transcript", "speech", seq, "--model", MODEL)
    assert told["engine"].startswith("sherpa-onnx ")
    assert told["lines"]
    lines = data(liuhen, told["seq"])["lines"]
    assert all(line["span"] for line in lines)  # type: ignore[attr-defined]


@needs_speech
def test_folder_without_a_model_is_refused(liuhen: Liuhen, world: World, tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    given = ("transcript", "speech", world.call, "--model")
    assert liuhen.refused(*given, tmp_path / "model").startswith("speech-model")
    assert liuhen.refused(*given, tmp_path / "没有") == "file-unreadable 3"


def test_recording_is_no_picture_and_a_picture_no_recording(liuhen: Liuhen, world: World) -> None:
    assert liuhen.refused("transcript", "ocr", world.call)
    assert liuhen.refused("transcript", "speech", world.screenshot, "--model", MODEL)
    assert liuhen.refused("transcript", "ocr")
