"""The documentation is what the program does: reference pages, help, examples, hints."""

import ast
import os
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.app import Command
from cli.display import width
from evidence.errors import ExitCode
from tests import reference
from tests.cli.conftest import LENDER, REPOSITORY, SAMPLES, START, Liuhen, ticking
from tests.tsa import PLAIN, Authority, make_authority
from tests.tsa_server import answering, serve

SPEECH_MODEL = REPOSITORY / "tests" / "evidence" / "ingest" / "recognise" / "speech_model"
HELPS = {path: (command, ctx) for path, command, ctx in reference.every_command()}


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", reference.pages())
def test_a_reference_page_is_what_the_program_says(name: str) -> None:
    written = (reference.FOLDER / name).read_text(encoding="utf-8")
    assert written == reference.pages()[name], "run: python -m tests.reference"


def test_the_reference_has_the_help_of_every_command(empty: Liuhen) -> None:
    page = reference.pages()["cli.md"]
    for path in HELPS:
        _, *args = path.split()
        assert empty.ok(*args, "--help").out in page, path


def test_every_exit_code_has_a_meaning_and_the_number_of_the_design() -> None:
    assert set(reference.EXIT_CODES) == set(ExitCode)
    assert [code.value for code in ExitCode] == [0, 1, 2, 3, 4, 5, 10, 11, 130]


def test_error_codes_are_ascii_and_each_has_one_class() -> None:
    from evidence import errors

    classes = [
        value
        for value in vars(errors).values()
        if isinstance(value, type)
        and issubclass(value, errors.EvidenceError)
        and "code" in vars(value)
    ]
    codes = [value.code for value in classes]
    assert len(codes) == len(set(codes))
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", code) for code in codes)


def test_every_code_that_an_import_can_give_is_listed() -> None:
    given = set()
    for path in (REPOSITORY / "evidence" / "ingest").glob("*.py"):
        given |= set(re.findall(r'code="([a-z-]+)"', path.read_text()))
    assert given <= set(reference.OUTCOME_CODES) | {e.code for e in reference.every_error()}


# --- help -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", HELPS)
@pytest.mark.parametrize("language", ["", "en"])
def test_no_line_of_a_help_is_wider_than_80_columns(
    path: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIUHEN_LANG", language)
    command, context = HELPS[path]
    for line in command.get_help(context).splitlines():
        assert width(line) <= 80, line


@pytest.mark.parametrize("path", HELPS)
def test_every_command_has_a_sentence_an_example_and_words_for_each_parameter(path: str) -> None:
    command, context = HELPS[path]
    assert isinstance(command, Command)
    assert (command.help or "").endswith("。")
    assert command.examples
    assert all(line.startswith(("liuhen ", "    ")) for line in command.examples)
    for parameter in command.get_params(context):
        words = getattr(parameter, "explain", None) or getattr(parameter, "help", None)
        assert words, parameter.name


# --- examples -------------------------------------------------------------------------------------


def examples(command: Command) -> list[list[str]]:
    """Return the command lines of the examples, as a shell would split them."""
    text = "\n".join(command.examples).replace("\\\n", " ")
    return [shlex.split(line)[1:] for line in text.splitlines()]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return who answers the requests of the examples."""
    return make_authority(tmp_path_factory.mktemp("tsa") / "authority", key="p256")


def ask_for_timestamp(liuhen: Liuhen, folder: Path, authority: Authority) -> None:
    """Write a request, its answer and the root certificate under the names of the examples."""
    (folder / "请求.tsq").unlink(missing_ok=True)
    (folder / "请求.checkpoint").unlink(missing_ok=True)
    liuhen.ok("timestamp", "request", "-o", folder / "请求.tsq")
    answer_request(folder, authority)


def answer_request(folder: Path, authority: Authority) -> None:
    (folder / "请求.tsr").write_bytes(
        authority.answer((folder / "请求.tsq").read_bytes(), at=START, forgery=PLAIN)
    )
    (folder / "根证书.pem").write_bytes(authority.root_pem)


@pytest.fixture(scope="session")
def example_folder(
    demo: Path, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a folder as the examples expect it: samples, the demo and a checkpoint of its case."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "samples").symlink_to(SAMPLES)
    shutil.copytree(demo, folder / "demo-output")
    liuhen = Liuhen(case=folder / "demo-output" / "case.liuhen", clock=ticking())
    liuhen.ok("checkpoint", "-o", folder / "checkpoint.txt")
    liuhen.ok("suggest")
    ask_for_timestamp(liuhen, folder, authority)
    shutil.copytree(SAMPLES / "media", folder / "手机同步")
    shutil.copytree(SPEECH_MODEL, folder / "sense-voice")
    (folder / "文字稿.srt").write_text(
        "1\n00:00:00,000 --> 00:00:04,000\n林先生，你再不还\n", encoding="utf-8"
    )
    return folder


@pytest.mark.parametrize("path", HELPS)
def test_every_example_of_a_help_runs_in_order_on_the_samples(
    path: str,
    example_folder: Path,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = Path(shutil.copytree(example_folder, tmp_path / "here", symlinks=True))
    monkeypatch.chdir(folder)
    case = folder / "demo-output" / "case.liuhen"
    command, _ = HELPS[path]
    assert isinstance(command, Command)
    for line in examples(command):
        args = line
        if "init" in args:
            case = folder / "new.liuhen"
        if path == "liuhen" and "demo" in args:
            continue  # it is what the folder was made with
        if "demo" in args:
            shutil.rmtree(folder / "demo-output", ignore_errors=True)
        if args[:2] == ["watch", "手机同步"] and "--once" not in args:
            continue  # it runs until it is stopped
        if args[:2] == ["respondent", "add"] and "--update" not in args:
            case.unlink(missing_ok=True)
            Liuhen(case=case, clock=ticking()).ok("init")
        if args == ["checkpoint", "-o", "checkpoint.txt"]:
            (folder / "checkpoint.txt").unlink()
        if args[0] == "passphrase":
            case, args = with_passphrase(args, folder)
        if args[:2] == ["timestamp", "request"]:
            (folder / "请求.tsq").unlink()
            (folder / "请求.checkpoint").unlink()
        with serve(answering(authority)) as server:
            words = [server.url if arg.startswith("http://127.") else arg for arg in args]
            result = Liuhen(case=case, clock=ticking())(*words)
        assert result.code == 0, (args, result)
        if args[:2] == ["timestamp", "request"]:
            answer_request(folder, authority)


def with_passphrase(args: list[str], folder: Path) -> tuple[Path, list[str]]:
    """Return a case that the command is for, and the command with what a person would type."""
    case = folder / "with-passphrase.liuhen"
    case.unlink(missing_ok=True)
    liuhen = Liuhen(case=case, clock=ticking())
    given = {
        "--passphrase-file": ("密码.txt", "甲某的 旧 密码 很长"),
        "--new-passphrase-file": ("新.txt", "甲某的 新 密码 很长"),
        "--code-file": ("恢复码.txt", ""),
    }
    for name, text in given.values():
        (folder / name).write_text(text + "\n", encoding="utf-8")
        (folder / name).chmod(0o600)
    if args[1:2] == ["set"]:
        liuhen.ok("init")
    else:
        made = liuhen.json("init", "--passphrase", "--passphrase-file", folder / "密码.txt")
        (folder / "恢复码.txt").write_text(made["recovery_code"], encoding="utf-8")
    wanted = ["--passphrase-file"]
    if args[1:2] in (["change"], ["reset"]):
        wanted.append("--new-passphrase-file")
    if args[1:2] == ["reset"]:
        wanted.append("--code-file")
    typed = [w for o in wanted if o not in args for w in (o, str(folder / given[o][0]))]
    return case, [*args, *typed]


# --- hints ----------------------------------------------------------------------------------------

PLACEHOLDERS = {
    "编号": "{call}",
    "{seq}": "{call}",
    "{by}": "{call}",
    "号码": "13800000012",
    "理由": "标错了",
    "姓名": "林某",
    "手机号": "13800000001",
    "名称": LENDER,
    "机构全称": "乙某",
    "类型": "bank",
    "行为类型": "threat",
    "原话": "原话",
    "文件": "new-file",
    "新文件": "new-case",
    "备份文件": "demo-output/case.liuhen",
    "{path}": "demo-output/case.liuhen",
    "文件夹": "new-folder",
    "文件或文件夹": "samples/media/s_nb.amr",
    "检查点文件": "checkpoint.txt",
    "案件文件": "copy.liuhen",
    "备份": "copy.liuhen",
    "{case}": "demo-output/case.liuhen",
    "{name}": "录音.m4a",
    "{number}": "13800000004",
    "称呼": "母亲",
    "{reply}": "请求.tsr",
    "根证书": "根证书.pem",
}
"""What a person puts in for the words of a hint."""


def quoted_commands() -> Iterator[str]:
    """Yield every command that a text of the program tells somebody to run."""
    for package in ("cli", "evidence", "reports"):
        for path in (REPOSITORY / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    yield from re.findall(r"“(liuhen [^”]+)”", node.value)
                    yield from re.findall(r"：(liuhen [^\n，；”]+)$", node.value, re.MULTILINE)
                    if node.value.startswith("liuhen ") and node.value not in EXAMPLES:
                        yield from re.findall(r"^liuhen [a-z].*$", node.value)


EXAMPLES = {line for command, _ in HELPS.values() for line in getattr(command, "examples", ())}
HINTS = sorted(
    hint
    for hint in set(quoted_commands())
    if not hint.startswith("liuhen {path}")  # the --help of whatever was misunderstood
)


def test_the_hints_are_found() -> None:
    assert len(HINTS) >= 15
    assert "liuhen list" in HINTS


@pytest.mark.parametrize("hint", HINTS)
def test_every_command_in_a_hint_works_when_its_words_are_filled_in(
    hint: str,
    liuhen: Liuhen,
    demo: Path,
    authority: Authority,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cli.commands import NAMES

    monkeypatch.chdir(tmp_path)
    (tmp_path / "samples").symlink_to(SAMPLES)
    (tmp_path / "demo-output").symlink_to(demo)
    liuhen.ok("checkpoint", "-o", "checkpoint.txt")
    liuhen.ok("backup", "-o", "copy.liuhen")
    if "timestamp attach" in hint:
        ask_for_timestamp(liuhen, tmp_path, authority)
    call = str(liuhen.json("list", "--kind", "exhibit")["items"][0]["seq"])
    _, *words = shlex.split(hint)
    if "提示编号" in words:
        number = str(liuhen.json("suggest")["suggestions"][0]["seq"])
        words = [number if word == "提示编号" else word for word in words]
    args = [PLACEHOLDERS.get(word, word).replace("{call}", call) for word in words]
    assert not [word for word in args if "{" in word], "a field that the test does not know"
    if args[:1] == ["rules"] and len(args) > 1:
        args[1] = "cpm2022-41"
    if args[:2] == ["respondent", "add"]:
        args[2] = "乙某"
    if args[0] in ("init", "restore"):
        liuhen.case.unlink()
    if "--salvage" in args:
        os.truncate(liuhen.case, liuhen.case.stat().st_size - 1)
    if args[0] == "passphrase":
        case, args = with_passphrase(args, tmp_path)
        liuhen = Liuhen(case=case, clock=ticking())
    result = liuhen(*args)
    assert result.code == 0, (args, result)
    assert args[0].startswith("--") or args[0] in NAMES


def documented_commands() -> Iterator[tuple[str, str]]:
    """Yield every command line in the code blocks of the documents."""
    pages = [*REPOSITORY.glob("README*.md"), *(REPOSITORY / "docs" / "how-to").glob("*.md")]
    for page in pages:
        for block in re.findall(r"```[a-z]*\n(.*?)```", page.read_text(), re.DOTALL):
            for line in block.replace("\\\n", " ").splitlines():
                if line.startswith("liuhen "):
                    yield page.name, line


DOCUMENTED = sorted(set(documented_commands()))


@pytest.mark.parametrize(("page", "line"), DOCUMENTED)
def test_every_command_of_the_documents_can_be_read_by_the_program(
    page: str, line: str, empty: Liuhen
) -> None:
    """On no case a command that is well written fails for want of the case, not of words."""
    _, *args = shlex.split(line, comments=True)
    if {"init", "demo"} & set(args):
        return
    result = empty(*args, "--case", empty.case)
    assert result.code != 2, (page, result.err)
