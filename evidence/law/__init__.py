"""The rules data that comes with the program, read once by whoever needs it.

``provisions.json``, ``conduct.json`` and ``channels.json`` are vendored unchanged; the other
files say in Chinese what their notes say, which lender is bound by what, and which provisions
belong to which addressee. ``periods.json`` names
the periods that the provisions set, each with their words.
"""

import importlib.resources

from evidence.core.periods import Period, parse_periods
from evidence.core.rules import Rules, parse_rules


def load_rules() -> Rules:
    """Read and check the vendored rules data."""
    folder = importlib.resources.files("evidence.law")
    names = (
        "provisions",
        "conduct",
        "channels",
        "respondent_types",
        "packet_channels",
        "remarks",
        "claims",
    )
    texts = {name: folder.joinpath(f"{name}.json").read_text(encoding="utf-8") for name in names}
    return parse_rules(**texts)


def load_periods(rules: Rules) -> tuple[Period, ...]:
    """Read and check the periods that the provisions set."""
    text = importlib.resources.files("evidence.law").joinpath("periods.json")
    return parse_periods(text.read_text(encoding="utf-8"), rules)
