"""怎样核验: every command that the explanation prints works, and shows what it says."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from reports import verifiers
from tests.verifiers.forge import Bundle, Workshop

TOOLS = ("bash", "openssl", "diff", "cmp", "find", "python3")
pytestmark = pytest.mark.skipif(
    any(shutil.which(tool) is None for tool in TOOLS),
    reason="a tool of the explanation is not installed",
)


def blocks() -> list[str]:
    """Return the indented blocks of the explanation: they are commands."""
    text = verifiers.load("how-to-verify.txt").decode()
    found = re.findall(r"(?:^    .*\n)+", text, flags=re.MULTILINE)
    return ["".join(line[4:] for line in block.splitlines(keepends=True)) for block in found]


@pytest.fixture(scope="module")
def bundle(workshop: Workshop) -> Bundle:
    """Return a stamped bundle that carries the verifiers, with what is needed beside it."""
    made, authority = workshop.own(), workshop.authority(intermediate="good")
    shutil.copytree(made.root, made.root.parent / "以前的材料包")
    made.rewrite(more=2)
    made.stamp(authority, at=None)
    (made.root.parent / "根证书.pem").write_bytes(authority.root_pem)
    return made


def run(bundle: Bundle, block: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-eo", "pipefail", "-c", block],
        cwd=bundle.root,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("block", blocks(), ids=lambda block: " ".join(block.split()[:3]))
def test_commands_of_the_explanation_run(bundle: Bundle, block: str) -> None:
    done = run(bundle, block)
    # The programs say what was not checked: --roots is not given in the first block.
    allowed = (0, 11) if block.startswith("bash verify") else (0,)
    assert done.returncode in allowed, done.stdout + done.stderr
    if "--roots" in block:
        assert done.stdout.endswith("RESULT: INTACT\n")


def test_commands_show_what_the_explanation_says(bundle: Bundle) -> None:
    said = {block: run(bundle, block).stdout for block in blocks()}
    by_word = {
        word: next(out for block, out in said.items() if word in block)
        for word in ("echo 没有", "printf", "python3 -I -c", "pkeyutl", "-CAfile", "cmp -")
    }
    assert by_word["echo 没有"] == "没有多余的文件\n"
    first, second = by_word["printf"].splitlines()
    assert first.split()[0] == second
    root, told, lines, size = by_word["python3 -I -c"].splitlines()
    assert (root, lines) == (told, size)
    assert "Signature Verified Successfully" in by_word["pkeyutl"]
    assert "Verification: OK" in by_word["-CAfile"]
    assert by_word["cmp -"] == "以前的记录原样在前\n"


def test_commands_notice_what_is_wrong(workshop: Workshop) -> None:
    bundle = workshop.own()
    bundle.write("data/more.txt", b"more")
    bundle.flip("data/exhibits/E001.wav", 99)
    bundle.sign(key=workshop.other_key())
    failed = {block.split()[0] for block in blocks() if run(bundle, block).returncode}
    assert {"sha256sum", "{", "d=$(mktemp", "bash"} <= failed
    stray = [path for path in Path(bundle.root).rglob("*") if path.name == "signed"]
    assert not stray
