"""The process that ``digest_process`` starts: ``python -m evidence.store.digest_worker``."""

import json
import sys
from pathlib import Path

from evidence.store import digests
from evidence.store.case_file import CaseFile
from evidence.store.digest_process import send, to_json
from evidence.store.sealing import PLAIN, KeySealer, PlainSealer


def main() -> None:
    """Answer for one span after the other until the parent closes the pipe."""
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    path, sealing, key = json.loads(requests.readline())
    sealer = PlainSealer() if sealing == PLAIN else KeySealer(sealing, bytes.fromhex(key))
    with CaseFile.reading_with(Path(path), sealer) as case:
        for line in requests:
            first, last = json.loads(line)
            send(answers, [to_json(one) for one in digests.read(case, (first, last))])


if __name__ == "__main__":
    main()
