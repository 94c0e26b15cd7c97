"""Write what the readers give for a sample beside it, to be read by a person and kept.

Usage: python -m tests.evidence.ingest.exports.golden [--force] SAMPLE...

Refuses to overwrite: delete the old file, or say --force, and read the difference.
"""

import argparse
import dataclasses
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evidence.core.moment import Moment
from evidence.ingest.exports import registry, sidecar
from evidence.ingest.exports.base import ExportFormError, Row

SAMPLES = Path(__file__).parent / "samples"
SUFFIX = ".expected.json"


def read(path: Path) -> list[Row]:
    """Return all rows of an export."""
    with path.open("rb") as file:
        reader = registry.find_reader(file.read(65536))
        assert reader is not None, f"no reader for {path.name}"
        file.seek(0)
        return list(reader.rows(file, path.stat().st_size, name=path.name))


def expected_path(sample: Path) -> Path:
    """Return where the expected values of a sample are kept."""
    return sample.with_name(sample.name + SUFFIX)


def samples() -> list[Path]:
    """Return all samples, without their expected values."""
    return sorted(p for p in SAMPLES.iterdir() if not p.name.endswith(SUFFIX))


def describe(path: Path) -> dict[str, Any]:
    """Return everything that the readers give for a file, as plain data."""
    data = path.read_bytes()
    if sidecar.identify(data[:65536]):
        return {"reader": "sidecar", "sidecar": plain(sidecar.parse_sidecar(data))}
    reader = registry.find_reader(data[:65536])
    if reader is None:
        return {"reader": None}
    found: dict[str, Any] = {
        "reader": reader.name,
        "media_type": reader.media_type,
        "medium": reader.medium.value,
    }
    rows: list[Any] = []
    try:
        with path.open("rb") as file:
            rows.extend(_rows(reader.rows(file, len(data), name=path.name)))
    except ExportFormError as error:
        found["error"] = {"code": error.code, "position": plain(error.position)}
    found["rows"] = rows
    return found


def plain(value: Any) -> Any:
    """Return a value as JSON has it, with the defaults left out."""
    if isinstance(value, Moment):
        return value.to_data()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def _rows(rows: Iterable[Row]) -> Iterable[Any]:
    for row in rows:
        yield {"kind": type(row).__name__, **plain(row)}


def main() -> int:
    """Write the expected values of the named samples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--force", action="store_true", help="overwrite")
    parser.add_argument("samples", nargs="+", type=Path)
    options = parser.parse_args()
    refused = 0
    for sample in options.samples:
        path = expected_path(sample)
        if path.exists() and not options.force:
            sys.stderr.write(f"{path.name} exists, not overwritten\n")
            refused += 1
            continue
        text = json.dumps(describe(sample), ensure_ascii=False, indent=1, sort_keys=False)
        path.write_text(text + "\n", encoding="utf-8")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
