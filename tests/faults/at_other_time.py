"""The program with a clock that is wrong: ``python -m tests.faults.at_other_time DAYS ARGS…``."""

import datetime as dt
import sys

from cli.context import CliContext
from cli.main import main
from evidence.store.clock import system_clock

if __name__ == "__main__":
    wrong = dt.timedelta(days=float(sys.argv[1]))
    sys.exit(main(sys.argv[2:], state=CliContext(clock=lambda: system_clock() + wrong)))
