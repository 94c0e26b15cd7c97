"""The rules data that comes with the program."""

import hashlib
import importlib.resources

import pytest

from evidence.law import load_rules

VENDORED = {
    "provisions.json": "3aeda9698ea4c8fef4106db8c15812d7bb87e7670e0547b7dfd7e617878f0f92",
    "conduct.json": "1291b4d535e342ebf5f1bc9189a316857e5df5882132dc2374f6890d43a483ed",
    "channels.json": "52eda5de50d7d696fb5d485eec24b488e46e7d088def6f9fe23613cd772f3b51",
}


@pytest.mark.parametrize(("name", "digest"), VENDORED.items())
def test_vendored_file_is_unchanged(name: str, digest: str) -> None:
    data = importlib.resources.files("evidence.law").joinpath(name).read_bytes()
    assert hashlib.sha256(data).hexdigest() == digest


def test_rules_load_twice_the_same() -> None:
    assert load_rules() == load_rules()


def test_never_cite_list_is_that_of_the_rules_on_citing() -> None:
    assert load_rules().never_cite == {
        "pipl-26",
        "iloan2020-26",
        "iloan2020-collection",
        "nifa2024-guide",
        "asst2025-9",
    }


def test_levels_are_ordered_from_law_to_self_regulation() -> None:
    rules = load_rules()
    assert rules.level_order == (
        "法律",
        "司法解释",
        "部门规章",
        "规范性文件",
        "推荐性国家标准",
        "行业自律",
    )
    for level, wording in rules.level_wording.items():
        assert "违法" not in wording
        assert wording.startswith(("涉嫌", "疑似"))
        soft = level in ("推荐性国家标准", "行业自律")
        assert (f"不符合{level}要求" in wording) is soft
