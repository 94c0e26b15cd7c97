"""Chinese prose as data, with the names of provisions filled in from the rules data."""

import importlib.resources
import string
import tomllib
from collections.abc import Iterable, Mapping
from typing import Any

from evidence.core.rules import Rules

_ARTICLE = "_article"


def load(name: str) -> Mapping[str, Any]:
    """Return the texts of ``<name>.toml``."""
    text = importlib.resources.files("reports.texts").joinpath(f"{name}.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))


def provision_names(rules: Rules) -> dict[str, str]:
    """Return ``cmp2020_13`` → ``《…》第十三条`` for the placeholders of the texts.

    ``cmp2020_13_article`` is the article alone, after one of the same instrument. A provision
    whose number is not established has no placeholder: no text can name it.
    """
    known = [p for p in rules.provisions.values() if p.article]
    names = {_placeholder(p.id): f"《{p.instrument}》{p.article}" for p in known}
    return names | {f"{_placeholder(p.id)}{_ARTICLE}": p.article for p in known}


def provisions_named(rules: Rules, templates: Iterable[str]) -> frozenset[str]:
    """Return the ids of the provisions whose placeholders stand in ``templates``."""
    fields = {
        field.removesuffix(_ARTICLE)
        for text in templates
        for _, field, _, _ in string.Formatter().parse(text)
        if field
    }
    return frozenset(p for p in rules.provisions if _placeholder(p) in fields)


def how_to_verify() -> str:
    """Return the explanation for a person who checks a bundle by hand."""
    text = importlib.resources.files("reports.texts").joinpath("how-to-verify.txt")
    return text.read_text(encoding="utf-8")


def _placeholder(identity: str) -> str:
    return identity.replace("-", "_")
