"""``suggest`` with the person's own patterns."""

from pathlib import Path

import pytest

from tests.cli.conftest import Liuhen

OWN = """schema = 1
[[pattern]]
id = "my-threat"
conduct = "threat"
explanation = "他们常用的暗语"
match = ['喝茶{~6}小心']
examples = ["请你喝茶的时候小心点"]
"""


def test_own_patterns_are_used_beside_the_built_in_ones(
    empty: Liuhen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty.ok("init")
    empty.ok("note", "他说请你喝茶的时候小心点，再不还钱就打断你的腿")
    monkeypatch.setenv("LIUHEN_SUGGEST_PATTERNS", str(tmp_path / "own.toml"))
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    found = {s["pattern"] for s in empty.json("suggest")["suggestions"]}
    assert "my-threat" in found
    assert found > {"my-threat"}


@pytest.mark.parametrize("text", ["schema = 2", "not toml"])
def test_a_bad_file_of_own_patterns_is_named(
    empty: Liuhen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    empty.ok("init")
    monkeypatch.setenv("LIUHEN_SUGGEST_PATTERNS", str(tmp_path / "own.toml"))
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    assert empty.refused("suggest") == "value-malformed 2"
