"""What every section gets: text, styles, media, and the page numbers of the last pass."""

import dataclasses
from collections.abc import Mapping

from reports.media import Media
from reports.pdf.styles import Styles
from reports.pdf.text import Typesetter


@dataclasses.dataclass(slots=True)
class Pages:
    """Where things came to lie; filled while drawing, read by the next pass."""

    first_of: dict[str, int] = dataclasses.field(default_factory=dict)
    """Anchor → page."""
    last_of: dict[str, int] = dataclasses.field(default_factory=dict)
    """Exhibit label → last page."""
    total: int = 0

    def text(self, anchor: str) -> str:
        """Return the page of an anchor, or a dash while it is not known."""
        page = self.first_of.get(anchor)
        return str(page) if page else "–"

    def exhibits(self) -> dict[int, str]:
        """Return which exhibits each page shows: ``E003``, or ``E015–E017``."""
        labels: dict[int, list[str]] = {}
        for label, last in self.last_of.items():
            for page in range(self.first_of.get(f"exhibit-{label}", last + 1), last + 1):
                labels.setdefault(page, []).append(label)
        return {
            page: "–".join(dict.fromkeys((shown[0], shown[-1]))) for page, shown in labels.items()
        }


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """One pass's tools."""

    text: Typesetter
    styles: Styles
    media: Mapping[str, Media]
    pages: Pages
