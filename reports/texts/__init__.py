"""Chinese prose as data, with the names of provisions filled in from the rules data."""

import functools
import importlib.resources
import tomllib
from collections.abc import Mapping
from typing import Any

from evidence.core.rules import Rules


@functools.cache
def load(name: str) -> Mapping[str, Any]:
    """Return the texts of ``<name>.toml``, read once; nobody changes them."""
    text = importlib.resources.files("reports.texts").joinpath(f"{name}.toml")
    return tomllib.loads(text.read_text(encoding="utf-8"))


def provision_names(rules: Rules) -> dict[str, str]:
    """Return ``cmp2020_13`` → ``《…》第十三条`` for the placeholders of the texts.

    ``cmp2020_13_article`` is the article alone, after one of the same instrument;
    ``rpt2019_instrument`` is the instrument alone. A provision whose number is not established
    has no placeholder of the first two kinds: no text can name its number.
    """
    return {key: name for key, (_, name) in _names(rules).items()}


class Names(dict[str, str]):
    """What fills the placeholders of one text; it remembers which provisions were named."""

    def __init__(self, rules: Rules, **others: str) -> None:
        """Hold the names of all provisions, and ``others``."""
        names = _names(rules)
        super().__init__({**{key: name for key, (_, name) in names.items()}, **others})
        self._ids = {key: identity for key, (identity, _) in names.items()}
        self.named: set[str] = set()
        """Ids of the provisions that were filled in."""

    def __getitem__(self, key: str) -> str:
        """Return what to fill in."""
        if key in self._ids:
            self.named.add(self._ids[key])
        return super().__getitem__(key)


def _names(rules: Rules) -> dict[str, tuple[str, str]]:
    """Return placeholder → (id, name)."""
    found: dict[str, tuple[str, str]] = {}
    for provision in rules.provisions.values():
        key, instrument = _placeholder(provision.id), f"《{provision.instrument}》"
        found[f"{key}_instrument"] = (provision.id, instrument)
        if provision.article:
            found[key] = (provision.id, f"{instrument}{provision.article}")
            found[f"{key}_article"] = (provision.id, provision.article)
    return found


def _placeholder(identity: str) -> str:
    return identity.replace("-", "_")
