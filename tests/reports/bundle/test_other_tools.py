"""Tools that know nothing of this program accept a whole bundle, and refuse a changed one."""

import base64
import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import bagit
import pytest

from reports.bundle import layout


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(tool) is None, reason=f"{tool} is not installed")


def run(bundle: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=bundle, capture_output=True, text=True, check=False)


def change(bundle: Path) -> None:
    exhibit = next((bundle / "data/exhibits").iterdir())
    data = bytearray(exhibit.read_bytes())
    data[len(data) // 2] ^= 1
    exhibit.write_bytes(data)


@needs("sha256sum")
@pytest.mark.parametrize("manifest", [layout.MANIFEST, layout.TAG_MANIFEST])
def test_sha256sum_accepts_the_bundle(bundle: Path, manifest: str) -> None:
    checked = run(bundle, "sha256sum", "--strict", "-c", manifest)
    assert checked.returncode == 0
    assert checked.stdout.count(": OK") == len((bundle / manifest).read_text().splitlines())


@needs("sha256sum")
def test_sha256sum_refuses_a_changed_exhibit(bundle: Path) -> None:
    change(bundle)
    assert run(bundle, "sha256sum", "--strict", "-c", layout.MANIFEST).returncode == 1


def test_bagit_accepts_the_bundle_and_refuses_a_changed_one(bundle: Path) -> None:
    assert bagit.Bag(str(bundle)).validate()
    change(bundle)
    with pytest.raises(bagit.BagValidationError):
        bagit.Bag(str(bundle)).validate()


@needs("openssl")
def test_openssl_reads_the_key_that_the_pdf_prints(bundle: Path) -> None:
    shown = run(bundle, "openssl", "pkey", "-pubin", "-in", layout.KEY, "-noout", "-text")
    assert shown.returncode == 0
    digits = "".join(shown.stdout.partition("pub:")[2].split()).replace(":", "")
    first = json.loads((bundle / layout.ENTRIES).read_bytes().splitlines()[0])
    assert first["data"]["public_key"] == digits


@needs("openssl")
def test_openssl_verifies_the_signature_of_the_checkpoint(bundle: Path, tmp_path: Path) -> None:
    text, _, signature = (bundle / layout.CHECKPOINT).read_bytes().partition(b"\n\n")
    blob = base64.b64decode(signature.split()[-1], validate=True)
    signed, saved = tmp_path / "text", tmp_path / "signature"
    saved.write_bytes(blob[4:])
    verify = ("openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-inkey", layout.KEY)
    for content, code in ((text + b"\n", 0), (text.replace(b"\n", b"\n1", 1) + b"\n", 1)):
        signed.write_bytes(content)
        checked = run(bundle, *verify, "-in", str(signed), "-sigfile", str(saved))
        assert checked.returncode == code, checked.stderr


@needs("sh")
@needs("sha256sum")
def test_command_of_the_explanation_gives_the_first_leaf(bundle: Path) -> None:
    explained = (bundle / layout.HOW_TO_VERIFY).read_text(encoding="utf-8")
    command = next(line.strip() for line in explained.splitlines() if "printf" in line)
    digest = run(bundle, "sh", "-c", command).stdout.split()[0]
    assert digest == (bundle / layout.LEAVES).read_text().splitlines()[0]


def test_short_code_is_the_digest_of_the_checkpoint_file(bundle: Path) -> None:
    digest = hashlib.sha256((bundle / layout.CHECKPOINT).read_bytes()).hexdigest()
    info = (bundle / layout.BAG_INFO).read_text(encoding="utf-8")
    assert digest[:16].upper() in info.replace("-", "").upper()
