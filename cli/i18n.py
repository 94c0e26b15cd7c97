"""The language of what the program says: Chinese is the text itself, English is a catalogue.

Rules:

1. A message is a whole sentence with ``{fields}``; nothing is put together from pieces.
2. ``N_`` marks a text where it is defined, ``_`` translates it where it is shown, so that nothing
   is translated at import.
3. Words of the case, of the law and of the reports are Chinese in every language.
"""

import functools
import gettext
import os
from pathlib import Path

DOMAIN = "liuhen"
LOCALE = Path(__file__).with_name("locale")


def N_(message: str) -> str:  # noqa: N802 - gettext's own name
    """Mark ``message`` for the catalogue and return it unchanged."""
    return message


def _(message: str) -> str:
    """Return ``message`` in the language of ``LIUHEN_LANG``."""
    if not message or not english():
        return message
    return _catalogue().gettext(message)


def english() -> bool:
    """Tell whether the person asked for English."""
    return os.environ.get("LIUHEN_LANG", "").lower().startswith("en")


@functools.cache
def _catalogue() -> gettext.NullTranslations:
    """Read the catalogue, once; what it lacks is shown in Chinese."""
    return gettext.translation(DOMAIN, LOCALE, languages=["en"], fallback=True)
