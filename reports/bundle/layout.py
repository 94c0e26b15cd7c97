"""Every path inside a bundle (DESIGN section 5), and the check that a path stays inside."""

from pathlib import Path, PurePosixPath

PACKET = "data/packet.pdf"
LEAVES = "data/log/leaves.txt"
ENTRIES = "data/log/entries.jsonl"
EXHIBITS = "data/log/exhibits.json"
CHECKPOINT = "data/anchor/checkpoint"
KEY = "data/anchor/key.pem"
HOW_TO_VERIFY = "verify/how-to-verify.txt"

BAGIT = "bagit.txt"
BAG_INFO = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"


def text(name: str) -> str:
    """Return the path of a paste text."""
    return f"data/text/{name}.txt"


def is_safe(path: str) -> bool:
    """Tell whether a path of a manifest is plain ASCII and stays in the bundle."""
    pure = PurePosixPath(path)
    return (
        path.isascii()
        and path.isprintable()
        and not pure.is_absolute()
        and str(pure) == path
        and ".." not in pure.parts
        and "\\" not in path
        and ":" not in path
    )


def inside(root: Path, path: str) -> Path:
    """Return the file of a bundle path; the path must be safe."""
    if not is_safe(path):
        raise ValueError(path)
    return root.joinpath(*PurePosixPath(path).parts)
