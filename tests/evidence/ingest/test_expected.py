"""Samples and the facts expected of them, and the demo files against what is known about them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.evidence.ingest import expected, media
from tests.evidence.ingest.conftest import Look

DEMO = media.SAMPLES / "demo"
TRUTH = json.loads((DEMO / "truth.json").read_text(encoding="utf-8"))
RECORDINGS = [f for f in TRUTH["files"] if f["kind"] == "call_recording"]
PICTURES = [f for f in TRUTH["files"] if f["kind"] in ("screenshot", "saved_image")]
CONFLICTING = {
    path
    for conflict in TRUTH["conflicts"]
    if conflict["type"] == "filename_vs_creation_time"
    for path in conflict["files"]
}
DOCUMENTS = [f for f in TRUTH["files"] if f not in RECORDINGS + PICTURES]


def name(file: dict[str, Any]) -> str:
    return Path(file["path"]).name


@pytest.mark.parametrize("sample", expected.samples(), ids=lambda path: path.name)
def test_every_sample_has_the_facts_that_are_written_beside_it(sample: Path, look: Look) -> None:
    written = json.loads(expected.beside(sample).read_text(encoding="utf-8"))
    assert expected.facts(sample, look) == written


def test_expected_facts_are_never_overwritten(tmp_path: Path) -> None:
    sample = tmp_path / "a.txt"
    sample.write_text("x")
    expected.write(sample, {"a": 1})
    with pytest.raises(FileExistsError):
        expected.write(sample, {"a": 2})
    assert json.loads(expected.beside(sample).read_text()) == {"a": 1}


def test_no_expected_facts_are_without_their_sample() -> None:
    for folder in expected.FOLDERS:
        for path in folder.glob("*" + expected.SUFFIX):
            assert path.with_name(path.name.removesuffix(expected.SUFFIX)).is_file()


# --- the demo -------------------------------------------------------------------------------------


def read(file: dict[str, Any], look: Look) -> dict[str, Any]:
    return expected.facts(DEMO / file["path"], look)


def test_every_demo_file_is_known_and_unchanged(look: Look) -> None:
    found = {str(p.relative_to(DEMO)) for p in (DEMO / "files").rglob("*") if p.is_file()}
    assert found == {f["path"] for f in TRUTH["files"]}
    for file in TRUTH["files"]:
        stored = read(file, look)
        assert (stored["sha256"], stored["size"]) == (file["sha256"], file["bytes"])
        assert not stored.get("unreadable")
        assert bool(stored.get("conflicts")) is (file["path"] in CONFLICTING)


@pytest.mark.parametrize("file", RECORDINGS, ids=name)
def test_demo_recordings_have_their_true_facts(file: dict[str, Any], look: Look) -> None:
    stored = read(file, look)
    assert stored["medium"] == "recording"
    assert stored["codec"] == file["codec"]
    assert abs(stored["duration_ms"] - file["duration_ms"]) <= TRUTH["tolerances"]["duration_ms"]
    happened = file["occurred"]
    if file["path"] in CONFLICTING:
        assert stored["occurred"]["precision"] == "unknown"
        (conflict,) = stored["conflicts"]
        assert len(conflict["values"]) == 2
        assert conflict["note"]
        return
    start = happened.get("call_created", happened["start"])
    assert stored["occurred"]["value"] == start
    assert stored["occurred"]["source"] == "file_name"


@pytest.mark.parametrize("file", RECORDINGS, ids=name)
def test_demo_recordings_say_who_only_where_the_name_does(file: dict[str, Any], look: Look) -> None:
    stored = read(file, look)
    party = stored.get("party") or {}
    number = file["party"]["number"]
    if number in name(file).replace(" ", ""):
        assert party["number"] == number
        assert (party.get("name") or "") == file["party"]["name"]
        assert not party.get("number_truncated")
    else:
        assert not party.get("number")
    says_direction = "BCR" in file["path"]
    assert stored.get("direction") == (file["direction"] if says_direction else None)


@pytest.mark.parametrize("file", PICTURES, ids=name)
def test_demo_pictures_say_when_they_were_taken_or_saved(file: dict[str, Any], look: Look) -> None:
    stored = read(file, look)
    captured = file["captured"]
    assert stored["medium"] == "screenshot"
    assert stored["width"] > 300
    assert stored["height"] > 300
    saved = captured["time"] is None
    assert stored["occurred"]["value"] == (captured["saved"] if saved else captured["time"])
    assert stored["occurred"]["meaning"] == ("saved" if saved else "captured")
    assert (stored.get("app") or None) == captured["app"]
    assert not (stored.get("party") or {}).get("number")


_EXPORTS = {
    "sms_export": ("message", "sms-backup-restore-messages"),
    "call_export": ("call", "sms-backup-restore-calls"),
    "bill": ("bill", "bill-csv"),
    "sidecar": ("call", "bcr-sidecar"),
}


@pytest.mark.parametrize("file", DOCUMENTS, ids=name)
def test_demo_exports_and_notes_are_what_they_are(file: dict[str, Any], look: Look) -> None:
    stored = read(file, look)
    if file["kind"] in _EXPORTS:
        medium, importer = _EXPORTS[file["kind"]]
        assert (stored["medium"], stored["origin"]["importer"]) == (medium, importer)
    else:
        assert stored["medium"] == "document"
        assert stored["text_encoding"]
    assert stored["occurred"]["precision"] == "unknown"
    assert not (stored.get("party") or {}).get("number")
