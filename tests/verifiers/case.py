"""What a case of the table is: how it is made, and what every verifier must say about it."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

from tests.verifiers.forge import Bundle, Workshop

INTACT = "INTACT"
NOT_INTACT = "NOT INTACT"
NOT_CHECKED = "NOT CHECKED"

EXIT_INTACT, EXIT_NOT_INTACT, EXIT_NOT_COMPLETE = 0, 10, 11
EXIT_NOT_A_BUNDLE, EXIT_USAGE, EXIT_TOOL_MISSING = 3, 2, 5

ALWAYS = ("manifests", "entries", "root", "signature", "exhibits")
"""Items that every bundle has; ``derived``, ``timestamp NNN`` and ``earlier`` only some."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Given:
    """What a verifier is called with."""

    bundle: Path
    roots: tuple[Path, ...] = ()
    """Root certificates (PEM)."""
    earlier: tuple[Path, ...] = ()
    """Earlier bundles."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a verifier says."""

    exit: int
    verdicts: Mapping[str, str]
    """By item; of several with one name the worst."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Case:
    """One good or tampered bundle."""

    name: str
    make: Callable[[Workshop], Given]
    expected: Outcome
    exact: bool = True
    """Whether ``expected`` has every item; if not, the others depend on where a byte fell."""
    differs: Mapping[str, Outcome] = dataclasses.field(default_factory=dict)
    """By verifier (``sh``, ``html``), where one cannot see as much as the others."""

    def mismatch(self, outcome: Outcome, verifier: str) -> str:
        """Return what is not as expected; empty if all is."""
        expected = self.differs.get(verifier, self.expected)
        wrong = [] if outcome.exit == expected.exit else [f"exit {outcome.exit}"]
        for item in sorted(
            expected.verdicts.keys() | (outcome.verdicts.keys() if self.exact else ())
        ):
            found, wanted = outcome.verdicts.get(item), expected.verdicts.get(item)
            if found != wanted:
                wrong.append(f"{item}: {found}, expected {wanted}")
        return "; ".join(wrong)


Made = Bundle | Given
Maker = Callable[[Workshop], Made]


class Cases(list[Case]):
    """The cases of one kind, in order; each decorator adds the function as a case."""

    def intact(
        self, *more: str, sh: Outcome | None = None, name: str = ""
    ) -> Callable[[Maker], Maker]:
        """Every item is intact, ``more`` items too."""
        verdicts = dict.fromkeys((*ALWAYS, *more), INTACT)
        return self._adder(EXIT_INTACT, verdicts, name, differs={"sh": sh} if sh else {})

    def incomplete(self, *items: str, name: str = "") -> Callable[[Maker], Maker]:
        """Nothing is wrong, but ``items`` cannot be checked."""
        verdicts = dict.fromkeys(ALWAYS, INTACT) | dict.fromkeys(items, NOT_CHECKED)
        return self._adder(EXIT_NOT_COMPLETE, verdicts, name)

    def broken(
        self,
        *items: str,
        unchecked: tuple[str, ...] = (),
        intact: tuple[str, ...] = (),
        sh: Outcome | None = None,
        html: Outcome | None = None,
        name: str = "",
    ) -> Callable[[Maker], Maker]:
        """``items`` are not intact, ``unchecked`` cannot be checked, all others are intact."""
        verdicts = dict.fromkeys((*ALWAYS, *intact), INTACT) | dict.fromkeys(unchecked, NOT_CHECKED)
        verdicts |= dict.fromkeys(items, NOT_INTACT)
        differs = {who: what for who, what in (("sh", sh), ("html", html)) if what is not None}
        return self._adder(EXIT_NOT_INTACT, verdicts, name, differs=differs)

    def at_least(self, *items: str, name: str = "") -> Callable[[Maker], Maker]:
        """``items`` are not intact; what else is depends on the byte."""
        verdicts = dict.fromkeys(items, NOT_INTACT)
        return self._adder(EXIT_NOT_INTACT, verdicts, name, exact=False)

    def refused(self, *, name: str = "") -> Callable[[Maker], Maker]:
        """This is no bundle: nothing is said about any item."""
        return self._adder(EXIT_NOT_A_BUNDLE, {}, name)

    def _adder(
        self,
        code: int,
        verdicts: Mapping[str, str],
        name: str,
        *,
        exact: bool = True,
        differs: Mapping[str, Outcome] | None = None,
    ) -> Callable[[Maker], Maker]:
        def add(maker: Maker) -> Maker:
            def make(workshop: Workshop) -> Given:
                made = maker(workshop)
                return Given(bundle=made.root) if isinstance(made, Bundle) else made

            self.append(
                Case(
                    name=name or maker.__name__.replace("_", " ").strip(),
                    make=make,
                    expected=Outcome(exit=code, verdicts=verdicts),
                    exact=exact,
                    differs=differs or {},
                )
            )
            return maker

        return add


ALL_INTACT = Outcome(exit=EXIT_INTACT, verdicts=dict.fromkeys(ALWAYS, INTACT))
