"""Find the checkpoint of a case that somebody else holds only a hash of.

Rules:

1. Ed25519 is deterministic: the checkpoint over the first ``size`` entries can be made again, byte
   for byte, as long as the entries and the key are the same.
2. The newest are tried first; at most ``MAX_TRIED`` are.
"""

import itertools
from collections.abc import Callable

from evidence.core.checkpoint import SignedCheckpoint
from evidence.store.case_file import CaseFile

MAX_TRIED = 200_000


def find_checkpoint(case: CaseFile, wanted: Callable[[bytes], bool]) -> SignedCheckpoint | None:
    """Return the newest checkpoint of the case whose signed note is ``wanted``."""
    tried = itertools.islice(case.every_checkpoint(), MAX_TRIED)
    return next((signed for signed in tried if wanted(signed.text)), None)
