"""One child with the engines for all tests; they are skipped where an extra is not installed."""

import importlib.util
from collections.abc import Iterator

import pytest

from evidence.ingest.reader import RECOGNISING_SECONDS, Limits, MediaReader


@pytest.fixture(scope="session")
def ocr() -> Iterator[MediaReader]:
    if importlib.util.find_spec("rapidocr") is None or not importlib.util.find_spec("onnxruntime"):
        pytest.skip("the extra 'ocr' (rapidocr, onnxruntime) is not installed")
    with MediaReader(limits=Limits(seconds=RECOGNISING_SECONDS)) as reader:
        yield reader


@pytest.fixture(scope="session")
def speech() -> Iterator[MediaReader]:
    if importlib.util.find_spec("sherpa_onnx") is None:
        pytest.skip("the extra 'speech' (sherpa-onnx) is not installed")
    with MediaReader(limits=Limits(seconds=RECOGNISING_SECONDS), speech=True) as reader:
        yield reader
