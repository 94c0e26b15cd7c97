"""Chinese prose as data, with the names of provisions filled in from the rules data."""

import importlib.resources
import tomllib
from collections.abc import Mapping
from typing import Any

from evidence.core.rules import Rules


def load(name: str) -> Mapping[str, Any]:
    """Return the texts of ``<name>.toml``."""
    text = importlib.resources.files("reports.texts").joinpath(f"{name}.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))


def provision_names(rules: Rules) -> dict[str, str]:
    """Return ``cmp2020_13`` → ``《…》第十三条`` for the placeholders of the texts."""
    return {
        p.id.replace("-", "_"): f"《{p.instrument}》{p.article}" for p in rules.provisions.values()
    }


def how_to_verify() -> str:
    """Return the explanation for a person who checks a bundle by hand."""
    text = importlib.resources.files("reports.texts").joinpath("how-to-verify.txt")
    return text.read_text(encoding="utf-8")
