"""How this program starts another process of its own.

Rules:

1. Nothing in the working folder is run: ``-P`` keeps it off the module path. The borrower's folder
   of downloads, where a command may be run, can hold a ``json.py`` that somebody sent.
2. It speaks through two pipes; what else it or its libraries say goes nowhere.
3. It is given no passphrase by the environment, and no signal that a terminal sends to the parent.
"""

import os
import subprocess
import sys

_SECRETS = frozenset({"LIUHEN_PASSPHRASE"})
"""Environment variables that a child has no use for; a key it needs comes through its pipe."""


def start(module: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Run ``python -m module`` with pipes for its input and output.

    Raises:
        OSError: if the system lets no process be started.
    """
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env={k: v for k, v in os.environ.items() if k not in _SECRETS},
    )
