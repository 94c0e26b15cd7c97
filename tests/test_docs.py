"""What the documents say: their commands run, their links resolve, and they claim no more than
the law allows (LAW, "Evidence: what may be said")."""

import dataclasses
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cli import commands
from evidence.core import export_row, records, suggestion, transcript
from evidence.errors import ExitCode

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.en.md")
DOCUMENTS = sorted(
    str(path.relative_to(ROOT))
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "samples" / "README.md")
)
PLACES_OF_THE_WORKSHOP = re.compile(r"/work/|/tmp/|/opt/|/root/|/home/")

FORBIDDEN = (
    "已公证",
    "区块链存证",
    "司法认可",
    "具有法律效力",
    "保证",
    "必然",
    "违法犯罪",
    "停息挂账",
    "征信修复",
    "blockchain",
    "notari",
    "notary",
    "guarantee",
    "legally binding",
    "court-proof",
)
DENIED = re.compile(r"不是|不能|没有|并非|\b(?:not|no|never)\b")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def readme_command(name: str, readme: str = "README.md") -> str:
    """What ``.ci/run`` runs: the same script extracts it."""
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    return subprocess.run(
        ["bash", ROOT / ".ci" / "readme-command", name, readme],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    ).stdout


# --- the README's commands ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["demo", "test"])
def test_readme_commands_are_one_line_that_stands_in_both_languages(name: str) -> None:
    command = readme_command(name)
    assert command.count("\n") == 1
    assert command == readme_command(name, "README.en.md")
    for readme in READMES:
        assert f"```sh\n{command}```" in text(readme)


def test_readme_commands_make_an_environment_and_use_the_tested_versions() -> None:
    for name in ("demo", "test"):
        steps = readme_command(name).strip().split(" && ")
        assert steps[0] == "python3 -m venv .venv"
        assert steps[1].startswith(".venv/bin/pip install -c constraints.txt ")
        assert steps[2].startswith(".venv/bin/")
        assert len(steps) == 3
    assert " -m pytest" in readme_command("test")
    assert readme_command("demo").strip().endswith("liuhen demo -o demo-output")


def test_ci_runs_the_extracted_commands_and_no_copy_of_them() -> None:
    script = text(".ci/run")
    for name in ("demo", "test"):
        assert f".ci/readme-command {name}" in script
        assert readme_command(name).strip() not in script


def test_an_unknown_command_name_is_an_error_and_not_an_empty_command() -> None:
    if shutil.which("bash") is None:
        pytest.skip("bash is not installed")
    ran = subprocess.run(
        ["bash", ROOT / ".ci" / "readme-command", "nothing"], capture_output=True, check=False
    )
    assert ran.returncode != 0
    assert ran.stdout == b""


def test_the_commands_of_daily_use_run_as_they_stand(tmp_path: Path) -> None:
    lines = readme_command("daily").splitlines()
    assert len(lines) == 6
    assert lines == readme_command("daily", "README.en.md").splitlines()
    (tmp_path / "samples").symlink_to(ROOT / "samples", target_is_directory=True)
    environment = {
        "PATH": "",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "LIUHEN_CASE": str(tmp_path / "case.liuhen"),
        "HOME": str(tmp_path),
    }
    for line in lines:
        program, *arguments = shlex.split(line)
        assert program == "liuhen"
        ran = subprocess.run(
            [sys.executable, "-m", "cli.main", *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.returncode == ExitCode.OK, (line, ran.stderr)
    assert (tmp_path / "packet-12378" / "data" / "packet.pdf").stat().st_size > 0


def test_both_readmes_have_the_same_sections() -> None:
    chinese, english = (re.findall(r"^#+ ", text(name), re.MULTILINE) for name in READMES)
    assert chinese == english


@pytest.mark.parametrize("readme", READMES)
def test_readme_lists_every_exit_code(readme: str) -> None:
    listed = re.findall(r"^\| ([0-9]+) \|", text(readme), re.MULTILINE)
    assert [int(code) for code in listed] == sorted(ExitCode)


# --- every document -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENTS)
def test_relative_links_resolve(name: str) -> None:
    here = (ROOT / name).parent
    targets = re.findall(r"\]\(([^)\s]+)\)", text(name))
    relative = [t.partition("#")[0] for t in targets if "://" not in t and not t.startswith("#")]
    assert [t for t in relative if not (here / t).exists()] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_in_the_text_exist(name: str) -> None:
    said = re.findall(r"(?:^|`)liuhen ([a-z][a-z-]*)", text(name), re.MULTILINE)
    assert [word for word in said if word not in commands.NAMES] == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_forbidden_claims_stand_only_where_they_are_denied(name: str) -> None:
    sentences = re.split(r"[。；\n]|\. ", text(name))
    claims = [
        sentence
        for sentence in sentences
        if any(word in sentence.lower() for word in FORBIDDEN) and not DENIED.search(sentence)
    ]
    assert claims == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_path_of_the_machine_it_was_written_on(name: str) -> None:
    assert PLACES_OF_THE_WORKSHOP.findall(text(name)) == []


def test_changelog_has_a_section_for_what_is_new() -> None:
    sections = re.findall(
        r"^## \[(Unreleased|[0-9]+\.[0-9]+\.[0-9]+)\]", text("CHANGELOG.md"), re.MULTILINE
    )
    assert sections
    assert len(set(sections)) == len(sections)


def test_every_sample_is_listed_with_its_origin() -> None:
    listed = text("samples/README.md")
    demo, media = ROOT / "samples" / "demo" / "files", ROOT / "samples" / "media"
    names = [str(path.relative_to(demo)) for path in demo.rglob("*") if path.is_file()]
    names += [path.name for path in media.iterdir() if not path.name.endswith(".expected.json")]
    assert [name for name in names if f"`{name}`" not in listed] == []


def test_every_decision_is_listed() -> None:
    listed = set(re.findall(r"\(([0-9]{4}-[^)]+\.md)\)", text("docs/adr/README.md")))
    assert listed == {path.name for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}


def record_classes() -> list[type]:
    """The records of all kinds and what they are made of."""
    return [
        value
        for module in (records, export_row, transcript, suggestion)
        for value in vars(module).values()
        if isinstance(value, type)
        and value.__module__ == module.__name__
        and dataclasses.is_dataclass(value)
        and value is not transcript.CurrentLine  # of a reader, never stored
    ]


def test_the_page_of_the_case_file_names_every_kind_and_every_field_of_each() -> None:
    named = set(re.findall(r"`([a-z0-9_]+)`", text("docs/reference/case-file.md")))
    fields = {f"{c.__name__}.{f.name}" for c in record_classes() for f in dataclasses.fields(c)}
    assert {"ExportRow.export", "Transcript.on", "Suggestion.pattern", "Tag.suggestion"} <= fields
    assert sorted(field for field in fields if field.rpartition(".")[2] not in named) == []
    assert {kind.value for kind in records.Kind} <= named


# --- versions -------------------------------------------------------------------------------------


def test_constraints_name_one_exact_version_of_every_dependency() -> None:
    import tomllib

    pinned = re.findall(r"^([a-z0-9.-]+)==[^;\s]+", text("constraints.txt"), re.MULTILINE)
    project = tomllib.loads(text("pyproject.toml"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["test"], *extras["ocr"], *extras["speech"]]
    wanted = [requirement for requirement in wanted if not requirement.startswith("liuhen[")]
    names = {re.split(r"[<>=;\s]", requirement)[0] for requirement in wanted}
    assert names <= set(pinned)
    assert len(set(pinned)) == len(pinned)
