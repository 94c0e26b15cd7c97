"""Write the golden files that are missing: ``python -m tests.evidence.core.golden.make``."""

import sys
from pathlib import Path

from evidence.core.entry import GENESIS, Entry, LeafHash, encode_entry, leaf_hash
from tests.evidence.core.golden.samples import SAMPLES, Sample

FOLDER = Path(__file__).parent


def path_of(sample: Sample, folder: Path = FOLDER) -> Path:
    """Return where the entries of a sample stand."""
    return folder / f"{sample.name}.txt"


def lines_of(sample: Sample) -> list[tuple[LeafHash, bytes]]:
    """Return leaf and body of each entry as this version writes them."""
    link, made = GENESIS, []
    for seq, record in enumerate(sample.records):
        body = encode_entry(
            Entry(
                seq=seq,
                prev=link,
                nonce=bytes(range(seq, seq + 16)),
                kind=sample.kind,
                recorded_at=f"2026-11-20T08:{seq:02d}:00.000Z",
                data=sample.to_data(record),
            )
        )
        link = leaf_hash(body)
        made.append((link, body))
    return made


def write(sample: Sample, folder: Path = FOLDER) -> None:
    """Write one file; raises FileExistsError instead of writing over it."""
    text = b"".join(leaf.hex().encode() + b" " + body + b"\n" for leaf, body in lines_of(sample))
    with path_of(sample, folder).open("xb") as file:
        file.write(text)


def read(sample: Sample, folder: Path = FOLDER) -> list[tuple[LeafHash, bytes]]:
    """Return leaf and body of each entry as they were written once."""
    found = []
    for line in path_of(sample, folder).read_bytes().removesuffix(b"\n").split(b"\n"):
        leaf, _, body = line.partition(b" ")
        found.append((LeafHash(bytes.fromhex(leaf.decode())), body))
    return found


def main() -> int:
    """Write what is missing and say so; a file that exists is never touched."""
    missing = [sample for sample in SAMPLES if not path_of(sample).exists()]
    for sample in missing:
        write(sample)
        sys.stdout.write(f"{path_of(sample)}\n")
    if not missing:
        sys.stderr.write("every golden file exists already; none is ever written over\n")
    return 0 if missing else 1


if __name__ == "__main__":
    sys.exit(main())
