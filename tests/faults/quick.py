"""The program in this process: for the bounded tests, where nothing is killed."""

import contextlib
import dataclasses
import datetime as dt

import click.testing

from cli.context import CliContext
from cli.main import main
from evidence.store.clock import system_clock
from tests.faults.kills import OLD, Place, Run


@dataclasses.dataclass(frozen=True, kw_only=True)
class InProcess(Place):
    """A case whose commands run here, with a clock that may be wrong."""

    days: float = 0

    def run(self, *args: str, after: float | None = None, passphrase: str = OLD) -> Run:
        """Run a command; it cannot be killed."""
        assert after is None
        wrong = dt.timedelta(days=self.days)
        state = CliContext(clock=lambda: system_clock() + wrong)
        env = {"LIUHEN_CASE": None, "LIUHEN_LANG": None, "LIUHEN_PASSPHRASE": passphrase}
        runner = click.testing.CliRunner(env=env)
        with contextlib.chdir(self.folder), runner.isolation() as (out, err, _both):
            code = main(["--case", str(self.case), *args], state=state)
            return Run(code=code, out=out.getvalue().decode(), err=err.getvalue().decode())
