"""One decoding child for all tests that only read."""

import io
from collections.abc import Callable, Iterator

import pytest

from evidence.ingest import registry
from evidence.ingest.base import Extraction, Refusal
from evidence.ingest.loading import HEAD_BYTES
from evidence.ingest.reader import MediaReader

Look = Callable[[bytes], Extraction | Refusal]


@pytest.fixture(scope="session")
def reader() -> Iterator[MediaReader]:
    with MediaReader() as shared:
        yield shared


@pytest.fixture(scope="session")
def look(reader: MediaReader) -> Look:
    """Return what an import makes of bytes: identified, then interpreted as an import does it."""
    known = registry.importers()

    def interpret(data: bytes) -> Extraction | Refusal:
        importer = registry.identify(data[:HEAD_BYTES], known)
        if isinstance(importer, Refusal):
            return importer
        if importer.uses_decoder:
            return reader.extract(io.BytesIO(data), len(data))
        return importer.extract(io.BytesIO(data), len(data))

    return interpret
