"""verify.py and verify.sh as programs: real bundles, options, tools, and what they print."""

import ast
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from evidence.store.case_file import CaseFile
from reports import verifiers
from tests.reports.conftest import MADE_AT, World
from tests.reports.test_timestamps import stamp
from tests.verifiers import run
from tests.verifiers.case import (
    ALL_INTACT,
    EXIT_NOT_A_BUNDLE,
    EXIT_NOT_INTACT,
    EXIT_TOOL_MISSING,
    EXIT_USAGE,
    INTACT,
    Given,
    Outcome,
)
from tests.verifiers.forge import CHECKPOINT, Bundle, Workshop
from tests.verifiers.table import BY_NAME

bash = pytest.mark.skipif(
    shutil.which("openssl") is None or shutil.which("bash") is None,
    reason="bash or openssl is not installed",
)
PY = pytest.param([sys.executable, "-I", "-S"], "verify.py", id="py")
SH = pytest.param(["bash"], "verify.sh", id="sh", marks=bash)
both = pytest.mark.parametrize(("interpreter", "name"), [PY, SH])


@pytest.fixture(scope="module")
def stamped_packets(
    world: World, workshop: Workshop, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """Return two packets of one case, a timestamp taken before each."""
    folder = tmp_path_factory.mktemp("stamped")
    path = Path(shutil.copy(world.path, folder / "case.liuhen"))
    made = []
    for number in (1, 2):
        with CaseFile.open_append(path, clock=lambda: MADE_AT) as case:
            stamp(case, workshop.authority(intermediate="good"))
        made.append(world.build(path, folder / f"packet{number}").path)
    return made[0], made[1]


@both
def test_program_in_the_bundle_checks_the_bundle_that_it_lies_in(
    workshop: Workshop, interpreter: list[str], name: str, tmp_path: Path
) -> None:
    bundle = workshop.real()
    place = tmp_path / "一个 folder' with \"odd\\ names"
    shutil.copytree(bundle.root, place)
    assert (place / "verify" / name).read_bytes() == verifiers.load(name)
    said = subprocess.run(
        [*interpreter, str(place / "verify" / name)],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
    )
    assert run.outcome(said.returncode, said.stdout) == ALL_INTACT, said.stderr
    assert said.stderr == ""
    assert said.stdout.endswith("RESULT: INTACT\n")
    assert "16" in said.stdout
    assert "外部" in said.stdout


@pytest.mark.parametrize("name", ["json.py", "__future__.py", "os.py", "base64/__init__.py"])
def test_a_module_that_lies_beside_verify_py_is_not_run(
    workshop: Workshop, name: str, tmp_path: Path
) -> None:
    place = tmp_path / "bundle"
    shutil.copytree(workshop.real().root, place)
    planted, ran = place / "verify" / name, tmp_path / "ran"
    planted.parent.mkdir(exist_ok=True)
    planted.write_text(f"open({str(ran)!r}, 'x')", encoding="utf-8")
    for options in ([], ["-S"], ["-I"]):
        command = [sys.executable, *options, str(place / "verify" / "verify.py")]
        said = subprocess.run(command, capture_output=True, check=False, cwd=planted.parent)
        assert (said.returncode, said.stderr) == (EXIT_NOT_INTACT, b"")
    assert not ran.exists()


@bash
@pytest.mark.parametrize("path", [".:{path}", ":{path}"])
def test_a_tool_that_lies_in_the_bundle_is_not_run(
    workshop: Workshop, path: str, tmp_path: Path
) -> None:
    """Some people have the working folder among those where programs are looked for."""
    bundle, ran = workshop.own(), tmp_path / "ran"
    for name in ("sha256sum", "openssl"):
        planted = bundle.root / name
        planted.write_text(f"#!/bin/sh\necho >{shlex.quote(str(ran))}\n", encoding="utf-8")
        planted.chmod(0o700)
    bundle.seal()
    environment = {**os.environ, "PATH": path.format(path=os.environ["PATH"])}
    said = run.run(["bash", run.VERIFY_SH], Given(bundle=bundle.root), env=environment)
    assert not ran.exists()
    assert said.returncode == 0, said.stdout + said.stderr


@both
def test_later_packet_of_the_program_with_timestamps_is_intact(
    stamped_packets: tuple[Path, Path], interpreter: list[str], name: str, workshop: Workshop
) -> None:
    first, second = stamped_packets
    roots = (workshop.authority(intermediate="good").root_path,)
    given = Given(bundle=second, roots=roots, earlier=(first,))
    said = run.run([*interpreter, run.VERIFIERS / name], given)
    found = run.outcome(said.returncode, said.stdout)
    more = dict.fromkeys(("timestamp 001", "timestamp 002", "earlier"), INTACT)
    assert found == Outcome(exit=0, verdicts={**ALL_INTACT.verdicts, **more}), said.stdout
    swapped = run.run([*interpreter, run.VERIFIERS / name], Given(bundle=first, earlier=(second,)))
    assert swapped.returncode == EXIT_NOT_INTACT


@both
def test_relative_paths_are_taken_from_where_it_is_called(
    workshop: Workshop, interpreter: list[str], name: str
) -> None:
    given = BY_NAME["timestamp by hand"].make(workshop)
    folder = given.roots[0].parent
    bundle = os.path.relpath(given.bundle, folder)
    options = ["--roots", given.roots[0].name, "--earlier", bundle, bundle]
    said = subprocess.run(
        [*interpreter, str(run.VERIFIERS / name), *options],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "某某时间戳服务中心" in said.stdout
    assert "2026-11-25 16:00:00（北京时间）" in said.stdout


@both
def test_wrong_usage_and_help(interpreter: list[str], name: str) -> None:
    def call(*options: str) -> subprocess.CompletedProcess[str]:
        command = [*interpreter, str(run.VERIFIERS / name), *options]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert call("--help").returncode == 0
    assert "--earlier" in call("--help").stdout
    for options in (["--no-such-option"], ["--roots"], ["one", "two"]):
        wrong = call(*options)
        assert wrong.returncode == EXIT_USAGE
        assert wrong.stdout == ""


@both
def test_a_pipe_in_an_earlier_bundle_is_not_waited_for(
    workshop: Workshop, interpreter: list[str], name: str
) -> None:
    before, after = workshop.own(), workshop.own()
    before.remove(CHECKPOINT)
    os.mkfifo(before.root / CHECKPOINT)
    given = Given(bundle=after.root, earlier=(before.root,))
    said = run.run([*interpreter, run.VERIFIERS / name], given)
    assert said.returncode == EXIT_NOT_A_BUNDLE


@both
def test_roots_that_are_no_certificate_are_refused(
    workshop: Workshop, interpreter: list[str], name: str, tmp_path: Path
) -> None:
    (tmp_path / "roots.pem").write_bytes(b"no certificate")
    for roots in (tmp_path / "roots.pem", tmp_path / "nothing.pem"):
        given = Given(bundle=workshop.real().root, roots=(roots,))
        said = run.run([*interpreter, run.VERIFIERS / name], given)
        assert said.returncode == EXIT_NOT_A_BUNDLE
        assert said.stdout == ""


@both
def test_root_in_der_is_taken(
    workshop: Workshop, interpreter: list[str], name: str, tmp_path: Path
) -> None:
    from cryptography.hazmat.primitives.serialization import Encoding

    given = BY_NAME["timestamp by hand"].make(workshop)
    root = workshop.authority().root.public_bytes(Encoding.DER)
    (tmp_path / "root.cer").write_bytes(root)
    given = Given(bundle=given.bundle, roots=(tmp_path / "root.cer",))
    assert run.run([*interpreter, run.VERIFIERS / name], given).returncode == 0


@both
def test_nothing_is_written_and_nothing_hostile_is_printed(
    workshop: Workshop, interpreter: list[str], name: str, tmp_path: Path
) -> None:
    bundle = workshop.real()
    bundle.write("data/\033]0;title\007\u202e.txt", b"more")
    bundle.write("data/$(touch hacked)`touch hacked`.txt", b"more")
    (bundle.root / "data/-rf").symlink_to("/etc/passwd")
    authority = workshop.authority(name="\033[31m\u202e机构\x9b31m")
    bundle.stamp(authority)
    before = tree(bundle)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    given = Given(bundle=bundle.root, roots=(authority.root_path,))
    environment = {**os.environ, "TMPDIR": str(scratch)}
    said = run.run([*interpreter, run.VERIFIERS / name], given, env=environment)
    assert said.returncode == EXIT_NOT_INTACT
    assert not {"\033", "\007", "\u202e", "\x9b"} & set(said.stdout + said.stderr)
    assert "root:" not in said.stdout
    assert "机构" in said.stdout
    assert tree(bundle) == before
    assert list(scratch.iterdir()) == []


def test_verify_py_is_written_for_python_3_8() -> None:
    source = run.VERIFY_PY.read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 8))
    imported = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    } | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported <= sys.stdlib_module_names
    assert not imported & {"tomllib", "zoneinfo", "graphlib"}


def test_random_bytes_anywhere_never_crash_verify_py(
    workshop: Workshop, capsys: pytest.CaptureFixture[str]
) -> None:
    verify, random = run.module(), Random(7)
    given = BY_NAME["timestamp with an intermediate"].make(workshop)
    bundle = Bundle(given.bundle, workshop.other_key())
    proofs = [p for p in bundle.files() if p.startswith(("data/anchor/", "data/log/"))]
    for path in random.choices(proofs, weights=[10 * p.endswith(".tsr") + 1 for p in proofs], k=80):
        before = bundle.read(path)
        data, place = bytearray(before), random.randrange(len(before))
        data[place : place + random.choice([0, 1, 1, 1, 9])] = random.randbytes(
            random.choice([0, 1])
        )
        bundle.write(path, bytes(data))
        code = verify.main(run.arguments(given))
        assert code == (0 if bytes(data) == before else EXIT_NOT_INTACT), path
        bundle.write(path, before)
    capsys.readouterr()


@bash
def test_full_disk_is_no_verdict(workshop: Workshop) -> None:
    # No file may be written at all; a hash of what could not be written would be wrong.
    script = f"trap '' XFSZ; ulimit -f 0; exec bash {run.VERIFY_SH} \"$@\""
    said = run.run(["bash", "-c", script, "bash"], Given(bundle=workshop.real().root))
    assert said.returncode in (EXIT_NOT_A_BUNDLE, EXIT_TOOL_MISSING)
    assert said.stdout == ""


@bash
@pytest.mark.parametrize("tool", ["openssl", "sha256sum"])
def test_missing_tool_is_said_and_nothing_passes(
    workshop: Workshop, tool: str, tmp_path: Path
) -> None:
    for folder in ("/usr/bin", "/bin"):
        for program in Path(folder).iterdir():
            link = tmp_path / program.name
            if program.name != tool and not link.is_symlink():
                link.symlink_to(program)
    given = Given(bundle=workshop.real().root)
    environment = {**os.environ, "PATH": str(tmp_path)}
    said = run.run([str(shutil.which("bash")), run.VERIFY_SH], given, env=environment)
    assert said.returncode == EXIT_TOOL_MISSING
    assert tool in said.stderr
    assert said.stdout == ""


@bash
def test_shell_verifier_needs_no_tool_beyond_coreutils_and_openssl(
    workshop: Workshop, tmp_path: Path
) -> None:
    # basenc is not in coreutils before 8.31.
    names = "sha256sum openssl base64 od tr cut split mktemp stat date head cat wc mkdir rm"
    for name in names.split():
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    given = BY_NAME["timestamp over an earlier checkpoint"].make(workshop)
    environment = {"PATH": str(tmp_path)}
    said = run.run([str(shutil.which("bash")), run.VERIFY_SH], given, env=environment)
    assert said.returncode == 0, said.stdout + said.stderr
    assert said.stderr == ""


def tree(bundle: Bundle) -> dict[str, tuple[int, int]]:
    found = [bundle.root, *bundle.root.rglob("*")]
    return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_size) for p in found}
