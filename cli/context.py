"""What every command shares: which case, which form of output, which clock."""

import dataclasses
import os
import re
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from evidence.store.clock import Clock, system_clock

if TYPE_CHECKING:
    from evidence.core.rules import Rules
    from evidence.ingest.patterns import Patterns
    from evidence.store.case_file import CaseFile
    from evidence.store.key_slots import Kdf, Locks
    from evidence.store.sealing import Sealer

CASE_VARIABLE = "LIUHEN_CASE"
CASE_NAME = "case.liuhen"

_COMMAND = re.compile(r"(?:^|(?<=[“：]))liuhen (?!--)")
PATTERNS_VARIABLE = "LIUHEN_FILENAME_PATTERNS"
PATTERNS_NAME = "filename_patterns.toml"
SUGGEST_PATTERNS_VARIABLE = "LIUHEN_SUGGEST_PATTERNS"
SUGGEST_PATTERNS_NAME = "suggest_patterns.toml"
PASTE_LIMITS_VARIABLE = "LIUHEN_PASTE_LIMITS"
PASTE_LIMITS_NAME = "paste_limits.toml"
LOCK_AFTER = 15.0
"""Minutes for which a key that a person typed waits for something to happen."""


@dataclasses.dataclass(slots=True, kw_only=True)
class CliContext:
    """The state of one run of the command; options set it before and after the command's name."""

    clock: Clock = system_clock
    case_option: str | None = None
    as_json: bool = False
    passphrase_file: str | None = None
    key_typed: bool = False
    """Whether a person typed what opened the case, so that nobody else can give it again."""
    lock_after: float = LOCK_AFTER
    """Minutes for which a question waits while ``key_typed``; for ever if 0."""
    kdf: "Kdf | None" = None
    """What a new passphrase is stretched with; the usual if None."""
    _sealers: "dict[str, Sealer]" = dataclasses.field(default_factory=dict)

    @property
    def case_path(self) -> Path:
        """The case file: the option, else ``LIUHEN_CASE``, else the user's data directory."""
        named = self.case_option or os.environ.get(CASE_VARIABLE)
        if named:
            return Path(named).expanduser()
        import platformdirs

        return platformdirs.user_data_path("liuhen", appauthor=False) / CASE_NAME

    @property
    def patterns_path(self) -> Path | None:
        """The person's own file name patterns: what ``LIUHEN_FILENAME_PATTERNS`` names, else the
        file in the user's configuration directory if there is one.
        """
        return _own_file(PATTERNS_VARIABLE, PATTERNS_NAME)

    @property
    def suggest_patterns_path(self) -> Path | None:
        """The person's own patterns for suggestions, found like the file name patterns."""
        return _own_file(SUGGEST_PATTERNS_VARIABLE, SUGGEST_PATTERNS_NAME)

    @property
    def paste_limits_path(self) -> Path | None:
        """The person's own lengths for paste texts, found like the file name patterns."""
        return _own_file(PASTE_LIMITS_VARIABLE, PASTE_LIMITS_NAME)

    def patterns(self) -> "Patterns":
        """Read the file name patterns: the built-in ones after the person's own."""
        from evidence.ingest.patterns import built_in, load_patterns

        own = self.patterns_path
        return built_in() if own is None else load_patterns(own)

    def pasteable(self, text: str, *, about: str | None = None) -> str:
        """Return ``text`` with its commands on the case that the person named.

        A command that we tell somebody to run must work as it stands. What is ``about`` another
        file of a case, such as a backup, must not send them to this one.
        """
        other = about is not None and Path(about) != self.case_path
        named = about if other else self.case_option
        if named is None:
            return text
        command = f"liuhen --case {shlex.quote(named)} "
        return _COMMAND.sub(lambda _found: command, text)

    def read(self) -> "CaseFile":
        """Open the case for reading."""
        from evidence.store.case_file import CaseFile

        return CaseFile.open_read(self.case_path, unlock=self.unlock)

    def append(self) -> "CaseFile":
        """Open the case for appending."""
        from evidence.store.case_file import CaseFile

        return CaseFile.open_append(self.case_path, clock=self.clock, unlock=self.unlock)

    def unlock(self, path: Path, locks: "Locks") -> "Sealer":
        """Return the key of a case with a passphrase; asked for once in a run of the command."""
        found = self._sealers.get(locks.sealing)
        if found is None:
            from cli.passphrase import unlocked

            found = self._sealers[locks.sealing] = unlocked(self, path, locks)
        return found

    def rules(self) -> "Rules":
        """Read the rules data."""
        from evidence.law import load_rules

        return load_rules()

    @property
    def interactive(self) -> bool:
        """Whether there is a person to ask whether to go on."""
        return not self.as_json and self.can_ask

    @property
    def can_ask(self) -> bool:
        """Whether there is a person to type what nobody else knows."""
        return sys.stdin.isatty() and sys.stderr.isatty()


def _own_file(variable: str, name: str) -> Path | None:
    """Return the file that a variable names, else the one in the configuration directory."""
    named = os.environ.get(variable)
    if named:
        return Path(named).expanduser()
    import platformdirs

    usual = platformdirs.user_config_path("liuhen", appauthor=False) / name
    return usual if usual.exists() else None
