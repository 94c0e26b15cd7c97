"""A person's own file name conventions: read strictly, tried first, wrong ones explained."""

from pathlib import Path

import pytest

from evidence.errors import PatternFileError
from evidence.ingest.filenames import read_filename
from evidence.ingest.patterns import MAX_FILE, built_in, load_patterns

ROOT = Path(__file__).parents[3]
OWN = r"""
packages = ["com.example.loan"]

[[pattern]]
name = "my-recorder"
kind = "recording"
meaning = "recording_start"
warn = "自己的规则"
regex = '''REC-(?P<number>\d{5,15})-(?P<name>[^-]{1,20})-(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)'''

[[path_pattern]]
name = "my-folders"
kind = "recording"
regex = '''(?:.*/)?calls/(?P<who>\d{5,15})/[^/]+'''
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "patterns.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_own_patterns_are_used_and_the_built_in_ones_stay(own: Path) -> None:
    patterns = load_patterns(own)
    facts = read_filename("REC-13800000011-丙某-20261014.mp3", patterns=patterns)
    assert (facts.pattern, facts.party.number, facts.party.name) == (
        "my-recorder",
        "13800000011",
        "丙某",
    )
    assert facts.warnings == ("自己的规则",)
    in_folder = read_filename("x.mp3", "a/calls/13800000012/x.mp3", patterns=patterns)
    assert in_folder.party.number == "13800000012"
    assert read_filename("13800000011_20261014210533.amr", patterns=patterns).moments
    assert read_filename("REC-13800000011-丙某-20261014.mp3").pattern is None


def test_the_example_of_the_how_to_reads_the_name_that_it_is_given_for(own: Path) -> None:
    page = (ROOT / "docs" / "how-to" / "file-names.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]
    name = page.split("`CALL-")[1].split("`")[0]
    own.write_text(example, encoding="utf-8")
    facts = read_filename(f"CALL-{name}", patterns=load_patterns(own))
    assert (facts.pattern, facts.party.number) == ("my-recorder", "13800000011")
    assert [m.value for m in facts.moments] == ["2026-10-14T21:05:33+08:00"]


def test_an_own_pattern_comes_before_a_built_in_one(own: Path) -> None:
    row = "\n[[pattern]]\nname = 'mine'\nkind = 'recording'\nregex = '(?P<who>.+)_20261014210533'"
    own.write_text(OWN + row, encoding="utf-8")
    assert read_filename("甲_20261014210533.amr", patterns=load_patterns(own)).pattern == "mine"


def test_a_file_from_a_windows_editor_is_read(own: Path) -> None:
    own.write_bytes(b"\xef\xbb\xbf" + OWN.replace("\n", "\r\n").encode())
    assert len(load_patterns(own).names) == len(built_in().names) + 1


WRONG = {
    "syntax": (b"packages = [\n\n[[pattern]\n", "行"),
    "encoding": ("# 规则".encode("gb18030"), "第 1 行"),
    "encoding later": (b"# ok\n# ok\n# \xb9\xe6\n", "第 3 行"),
    "unknown table": (b"[[patterns]]\nname='a'\n", "patterns"),
    "no list": (b"[pattern]\nname='a'\n", "pattern"),
    "unknown key": (b"[[pattern]]\nname='a'\nkind='recording'\nregexp='a'\n", "regexp"),
    "no name": (b"[[pattern]]\nkind='recording'\nregex='a'\n", "name"),
    "no kind": (b"[[pattern]]\nname='a'\nregex='a'\n", "kind"),
    "no regex": (b"[[pattern]]\nname='a'\nkind='recording'\n", "regex"),
    "wrong kind": (b"[[pattern]]\nname='a'\nkind='video'\nregex='a'\n", "kind"),
    "wrong meaning": (
        b"[[pattern]]\nname='a'\nkind='recording'\nregex='a'\nmeaning='later'\n",
        "meaning",
    ),
    "number for text": (b"[[pattern]]\nname='a'\nkind='recording'\nregex=5\n", "regex"),
    "text for switch": (
        b"[[pattern]]\nname='a'\nkind='recording'\nregex='a'\ntruncated='no'\n",
        "truncated",
    ),
    "bad regex": (b"[[pattern]]\nname='a'\nkind='recording'\nregex='(a'\n", "regex"),
    "unknown group": (
        b"[[pattern]]\nname='a'\nkind='recording'\nregex='(?P<year>[0-9]+)'\n",
        "year",
    ),
    "year alone": (b"[[pattern]]\nname='a'\nkind='recording'\nregex='(?P<y>[0-9]+)'\n", "regex"),
    "huge repeat": (
        b"[[pattern]]\nname='a'\nkind='recording'\nregex='a{99999999999999}'\n",
        "regex",
    ),
    "two of a name": (b"[[pattern]]\nname='a'\nkind='recording'\nregex='a'\n" * 2, "name"),
    "packages": (b"packages = 'com.example'\n", "packages"),
    "huge": (b"#" * (MAX_FILE + 1), "KB"),
}


@pytest.mark.parametrize(("data", "place"), WRONG.values(), ids=WRONG)
def test_a_wrong_file_is_refused_with_its_path_and_the_place(
    tmp_path: Path, data: bytes, place: str
) -> None:
    path = tmp_path / "规则.toml"
    path.write_bytes(data)
    with pytest.raises(PatternFileError) as caught:
        load_patterns(path)
    assert caught.value.path == str(path)
    assert place in caught.value.detail


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(PatternFileError):
            load_patterns(path)


# --- where the command line finds the file ------------------------------------------------------


def test_the_variable_names_the_file_and_the_usual_place_needs_none(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import platformdirs

    from cli.context import PATTERNS_NAME, PATTERNS_VARIABLE, CliContext

    usual = tmp_path / "config" / "liuhen"
    monkeypatch.setattr(platformdirs, "user_config_path", lambda *a, **k: usual)
    monkeypatch.delenv(PATTERNS_VARIABLE, raising=False)
    assert CliContext().patterns_path is None
    assert CliContext().patterns() is built_in()
    usual.mkdir(parents=True)
    (usual / PATTERNS_NAME).write_text(OWN, encoding="utf-8")
    assert CliContext().patterns_path == usual / PATTERNS_NAME
    monkeypatch.setenv(PATTERNS_VARIABLE, str(own))
    assert CliContext().patterns_path == own


def test_import_uses_the_own_file_and_stops_at_a_wrong_one_before_anything_is_saved(
    own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

    from cli.context import PATTERNS_VARIABLE, CliContext
    from cli.main import main
    from evidence.errors import ExitCode
    from tests.evidence.ingest.media import silence_wav

    case = str(tmp_path / "case.liuhen")
    recording = tmp_path / "REC-13800000011-丙某-20261014.wav"
    recording.write_bytes(silence_wav(0.1))
    monkeypatch.setenv(PATTERNS_VARIABLE, str(own))
    assert main(["--case", case, "init"], state=CliContext()) == ExitCode.OK
    own.write_text("[[pattern]]\nname = 1\n", encoding="utf-8")
    capsys.readouterr()
    arguments = ["--case", case, "--json", "import", str(recording)]
    assert main(arguments, state=CliContext()) == ExitCode.INPUT_UNUSABLE
    told = capsys.readouterr()
    assert PatternFileError.code in told.out + told.err
    assert main(["--case", case, "doctor"], state=CliContext()) == ExitCode.OK
    own.write_text(OWN, encoding="utf-8")
    assert main(arguments, state=CliContext()) == ExitCode.OK
    capsys.readouterr()
    assert main(["--case", case, "--json", "list"], state=CliContext()) == ExitCode.OK
    assert "13800000011" in json.dumps(json.loads(capsys.readouterr().out))
