"""The policy of verify.html names the digests of its one script and its one style sheet.

``python -m tests.verifiers.page`` writes them anew after the page was edited.
"""

import base64
import hashlib
import re
from pathlib import Path

PAGE = Path(__file__).parent.parent.parent / "reports" / "verifiers" / "verify.html"
POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def source() -> str:
    """Return the page as it is shipped."""
    return PAGE.read_text(encoding="utf-8")


def sealed(text: str) -> str:
    """Return the page with the policy that lets its own script and style run, and nothing else."""
    policy = (
        f"default-src 'none'; style-src {_digest(text, 'style')}; "
        f"script-src {_digest(text, 'script')} 'wasm-unsafe-eval'; "
        "base-uri 'none'; form-action 'none'"
    )
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return POLICY.sub(lambda _: tag, text)


def _digest(text: str, tag: str) -> str:
    (body,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'"


if __name__ == "__main__":
    PAGE.write_text(sealed(source()), encoding="utf-8")
