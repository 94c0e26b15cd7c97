"""The table of good and tampered bundles that all three verifiers are held to.

Each case says how a bundle is made from a real one, and the verdict of every item. A verifier that
cannot see what the others see says so in ``Case.differs``.
"""

from tests.verifiers.case import Case
from tests.verifiers.cases_earlier import EARLIER
from tests.verifiers.cases_exhibits import EXHIBITS
from tests.verifiers.cases_files import FILES
from tests.verifiers.cases_log import LOG
from tests.verifiers.cases_timestamps import TIMESTAMPS

CASES: tuple[Case, ...] = (*FILES, *LOG, *EXHIBITS, *TIMESTAMPS, *EARLIER)

BY_NAME = {case.name: case for case in CASES}
