"""Cases of items ``entries``, ``root`` and ``signature``: the log and its checkpoint."""

import base64
import json
import re
from collections.abc import Callable

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verifiers.case import ALL_INTACT, Cases
from tests.verifiers.forge import (
    CHECKPOINT,
    ENTRIES,
    INDEX,
    KEY,
    LEAVES,
    Bundle,
    Entry,
    Workshop,
    canonical,
    leaf_hash,
    signed_note,
)

LOG = Cases()

NOTE = 14
"""The last disclosed entry; those after are withheld."""
WITHHELD = 12
"""A withheld entry whose leaf no disclosed entry names as the one before."""
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


def _sealed(make: Callable[[Bundle], None]) -> Callable[[Workshop], Bundle]:
    """Return the maker that changes the forger's own bundle and seals it."""

    def made(w: Workshop) -> Bundle:
        bundle = w.own()
        make(bundle)
        bundle.seal()
        return bundle

    made.__name__ = make.__name__
    return made


def _lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[Workshop], Bundle]:
    def edit(bundle: Bundle) -> None:
        bundle.lines = change(bundle.lines)

    return _sealed(edit)


def _file(path: str, change: Callable[[bytes], bytes]) -> Callable[[Workshop], Bundle]:
    return _sealed(lambda bundle: bundle.edit(path, change))


# --- entries --------------------------------------------------------------------------------------

LOG.broken("entries", name="words of an entry changed")(
    _file(ENTRIES, lambda d: d.replace("很多次".encode(), "每五分".encode()))
)
LOG.broken("entries", name="time of an entry changed")(
    _file(ENTRIES, lambda d: d.replace(b"T08:00:14", b"T08:00:15"))
)
LOG.broken("entries", name="last entry cut off")(_file(ENTRIES, lambda d: d[:-20]))
LOG.broken("entries", name="no newline after the last entry")(_file(ENTRIES, lambda d: d[:-1]))
LOG.broken("entries", name="letter in place of the last newline")(
    _file(ENTRIES, lambda d: d[:-1] + b"x")
)
LOG.broken("entries", name="blank line among the entries")(
    _file(ENTRIES, lambda d: d.replace(b"}\n", b"}\n\n", 1))
)
LOG.broken("entries", "exhibits", unchecked=("signature",), name="carriage returns")(
    _file(ENTRIES, lambda d: d.replace(b"\n", b"\r\n"))
)
LOG.broken("entries", name="NUL byte in an entry")(
    _file(ENTRIES, lambda d: d.replace("很多次".encode(), "很多\0次".encode()))
)
LOG.broken("entries", name="NUL byte at the end of an entry")(
    _file(ENTRIES, lambda d: d[:-1] + b"\0\n")
)
LOG.broken("entries", name="bytes after the entries")(_file(ENTRIES, lambda d: d + b"more"))
LOG.broken("entries", name="line of a million brackets")(_lines(lambda r: [*r, b"[" * 1_000_000]))
LOG.broken("entries", name="line of a million digits")(_lines(lambda r: [*r, b"9" * 1_000_000]))
LOG.broken("entries", name="huge line")(_file(ENTRIES, lambda d: d + b"a" * 17_000_000 + b"\n"))
for _name, _more in {
    "huge line first": [b"a" * 17_000_000],
    "more lines than leaves": 16 * [b"{}"],
}.items():
    LOG.broken("entries", "exhibits", unchecked=("signature",), name=_name)(
        _lines(lambda r, more=_more: [*more, *r])
    )
LOG.broken("entries", name="entries swapped")(_lines(lambda r: [*r[:1], r[2], r[1], *r[3:]]))
LOG.broken("entries", name="entry twice")(_lines(lambda r: [*r, r[-1]]))
LOG.broken("entries", unchecked=("signature",), name="first entry dropped")(_lines(lambda r: r[1:]))
LOG.intact(name="entry withheld afterwards")(_lines(lambda r: r[:-1]))
LOG.broken("entries", "exhibits", unchecked=("signature",), name="no entries")(_lines(lambda r: []))


@LOG.broken("entries", "exhibits")
def line_after_the_last_leaf(w: Workshop) -> Bundle:
    bundle = w.own()
    count = next(n for n, line in enumerate(bundle.lines) if json.loads(line)["seq"] != n)
    whole = bundle.lines[:count]  # up to there nothing is withheld
    bundle.leaves, bundle.lines = bundle.leaves[:count], [*whole, b"{}"]
    bundle.sign()
    bundle.seal()
    return bundle


@LOG.broken("entries")
def entry_added_at_the_end(w: Workshop) -> Bundle:
    bundle = w.own()
    last = json.loads(bundle.lines[-1])
    more = {**last, "seq": len(bundle.leaves), "prev": bundle.leaves[-1]}
    bundle.lines = [*bundle.lines, canonical(more)]
    bundle.seal()
    return bundle


def _rewritten(change: Callable[[Entry], None]) -> Callable[[Workshop], Bundle]:
    """Return the maker of a log in which only what ``change`` does is wrong."""

    def make(w: Workshop) -> Bundle:
        bundle = w.own()
        bundle.rewrite(change)
        return bundle

    return make


def _at(seq: int, **values: object) -> Callable[[Entry], None]:
    return lambda entry: entry.update(values) if entry["seq"] == seq else None


def _first(values: dict[str, object]) -> Callable[[Workshop], Bundle]:
    """Return the maker of a log whose entry 0 says ``values``; the checkpoint names a case."""

    def make(w: Workshop) -> Bundle:
        bundle = w.own()
        bundle.rewrite(lambda entry: entry["data"].update(values) if entry["seq"] == 0 else None)
        bundle.sign(case_id="ab" * 16)
        bundle.seal()
        return bundle

    return make


def _body(change: Callable[[bytes], bytes], *, seq: int = NOTE) -> Callable[[Workshop], Bundle]:
    """Return the maker of a log in which one body, a note's, is written otherwise."""

    def make(w: Workshop) -> Bundle:
        bundle = w.own()

        def dump(entry: Entry) -> bytes:
            body = canonical(entry)
            if entry["seq"] != seq:
                return body
            changed = change(body)
            assert changed != body
            return changed

        bundle.rewrite(dump=dump)
        return bundle

    return make


LOG.broken("entries", name="link to another entry")(_rewritten(_at(NOTE, prev="ab" * 32)))
LOG.broken("entries", name="first entry links to something")(_rewritten(_at(0, prev="ab" * 32)))
LOG.broken("entries", unchecked=("signature",), name="first entry of another kind")(
    _rewritten(_at(0, kind="note"))
)
LOG.broken("entries", name="second entry of kind case")(_rewritten(_at(NOTE, kind="case")))


@LOG.broken("entries")
def second_entry_that_is_a_case_like_the_first(w: Workshop) -> Bundle:
    bundle = w.own()
    first: Entry = {}

    def change(entry: Entry) -> None:
        if entry["seq"] == 0:
            first.update(entry["data"])
        elif entry["seq"] == NOTE:
            entry.update(kind="case", data=first)

    bundle.rewrite(change)
    return bundle


LOG.broken("entries", name="number of another entry")(_body(lambda b: b.replace(b":14,", b":13,")))
LOG.broken("entries", name="number beyond the log")(_body(lambda b: b.replace(b":14,", b":999,")))
LOG.broken("entries", name="text for a number")(_body(lambda b: b.replace(b":14,", b':"14",')))
LOG.broken("entries", name="entry that is a number")(_body(lambda b: b"14"))
LOG.broken("entries", name="list for the data")(_rewritten(_at(NOTE, data=[])))
LOG.broken("entries", unchecked=("signature",), name="first entry without a key")(
    _body(lambda b: b.replace(b'"public_key"', b'"public_kez"'), seq=0)
)
for _name, _data in {
    "a case id in capitals": {"case_id": "AB" * 16},
    "a case id too long": {"case_id": "ab" * 17},
    "a key in capitals": {"public_key": "AB" * 32},
    "a key that is no text": {"public_key": 7},
}.items():
    LOG.broken("entries", unchecked=("signature",), name=f"first entry with {_name}")(_first(_data))


LOG.broken("entries", name="huge number")(
    _body(lambda b: b.replace(b":14,", b":99999999999999999999999999,"))
)
LOG.broken("entries", name="negative number")(_body(lambda b: b.replace(b":14,", b":-14,")))
LOG.broken("entries", name="version 2 of an entry")(_body(lambda b: b.replace(b'"v":1', b'"v":2')))
LOG.broken("entries", name="blanks in an entry")(_body(lambda b: b.replace(b",", b", ")))
LOG.broken("entries", name="no JSON at all")(_body(lambda b: b"not JSON"))
LOG.broken("entries", name="kind in capitals")(_body(lambda b: b.replace(b'"note"', b'"Note"')))
LOG.broken("entries", name="link too short")(_body(lambda b: b.replace(b'"prev":"', b'"prev":"x')))
LOG.broken("entries", name="another field in an entry")(
    _body(lambda b: b.replace(b',"v":1', b',"u":1,"v":1'))
)
# What a hash alone cannot tell; the shell verifier says so in its sentence.
for _name, _change in {
    "blank in the data": lambda b: b.replace(b'"on":', b'"on": '),
    "fields of the data out of order": lambda b: b.replace(b'{"on":6,', b'{"z":1,"on":6,'),
    "field of the data twice": lambda b: b.replace(b'"on":6,', b'"on":6,"on":6,'),
    "escaped letter": lambda b: b.replace(b"<b>", b"\\u003cb>"),
    "number with a point": lambda b: b.replace(b'"on":6', b'"on":6.0'),
    "huge integer in the data": lambda b: b.replace(b'"on":6', b'"on":9007199254740992'),
    "half a surrogate": lambda b: b.replace("😡".encode(), b"\\ud83d"),
    "bytes that are not UTF-8": lambda b: b.replace("😡".encode(), b"\xff\xfe"),
    "unclosed text": lambda b: b.replace(b"<b>", b'"<b>'),
    "lists forty deep": lambda b: b.replace(b'"on":6', b'"on":' + b"[" * 40 + b"]" * 40),
}.items():
    LOG.broken("entries", sh=ALL_INTACT, name=f"entry with {_name}")(_body(_change))


@LOG.intact()
def withheld_entry_of_other_words(w: Workshop) -> Bundle:
    bundle = w.own()
    bundle.rewrite(words="something else")
    return bundle


# --- leaves and root ------------------------------------------------------------------------------


def _leaves(change: Callable[[list[str]], list[str]]) -> Callable[[Workshop], Bundle]:
    def edit(bundle: Bundle) -> None:
        bundle.leaves = change(bundle.leaves)

    return _sealed(edit)


LOG.broken("root", name="leaf of a withheld entry changed")(
    _leaves(lambda s: [*s[:WITHHELD], leaf_hash(b"other"), *s[WITHHELD + 1 :]])
)
LOG.broken("root", name="leaf added")(_leaves(lambda s: [*s, leaf_hash(b"more")]))
LOG.broken("root", name="last leaf cut off")(_leaves(lambda s: s[:-1]))
LOG.broken("root", name="last leaf twice")(_leaves(lambda s: [*s, s[-1]]))
LOG.broken("entries", "root", name="leaf of an entry changed")(
    _leaves(lambda s: [*s[:NOTE], leaf_hash(b"other"), *s[NOTE + 1 :]])
)
LOG.broken("entries", "root", name="leaves cut off below the entries")(_leaves(lambda s: s[:12]))
LOG.broken("entries", "root", name="leaves of withheld entries swapped")(
    _leaves(lambda s: [*s[:12], s[13], s[12], *s[14:]])
)
for _name, _change in {
    "in capitals": lambda d: d.upper(),
    "with carriage returns": lambda d: d.replace(b"\n", b"\r\n"),
    "without the last newline": lambda d: d[:-1],
    "with a blank line": lambda d: d + b"\n",
    "with a digit too few": lambda d: d[1:],
    "with a comment": lambda d: b"# leaves\n" + d,
    "with a NUL byte": lambda d: d[:100] + b"\0" + d[100:],
    "with a line of NUL bytes": lambda d: d + b"\0" * 64 + b"\n",
    "with a huge line": lambda d: d + b"a" * 3_000_000,
}.items():
    LOG.broken("entries", unchecked=("root", "signature", "exhibits"), name=f"leaves {_name}")(
        _file(LEAVES, _change)
    )
LOG.broken("entries", "root", "exhibits", unchecked=("signature",), name="no leaves")(
    _leaves(lambda s: [])
)


@_sealed
def _size_differs(bundle: Bundle) -> None:
    root = base64.b64decode(bundle.note().split(b"\n")[2])
    bundle.sign(size=len(bundle.leaves) + 1, root=root)


LOG.broken("root", name="signed size differs")(_size_differs)
LOG.broken("root", name="signed root differs")(_sealed(lambda b: b.sign(root=bytes(32))))
LOG.broken("root", name="checkpoint over fewer entries")(_sealed(lambda b: b.sign(size=10)))


def _text(change: Callable[[str], str]) -> Callable[[Workshop], Bundle]:
    """Return the maker of a checkpoint whose signed text is changed; the signature is right."""

    def edit(bundle: Bundle) -> None:
        text = bundle.read(CHECKPOINT).decode().partition("\n\n")[0] + "\n"
        assert change(text) != text
        bundle.write(CHECKPOINT, signed_note(change(text), bundle.key))

    return _sealed(edit)


_SPARE = str.maketrans("AQgwEUk0IYo4Mcs8", "BRhxFVl1JZp5Ndt9")
"""Last digits of base64 that say the same 32 bytes in another way."""

for _name, _change in {
    "size with a plus sign": lambda t: t.replace("\n16", "\n+16"),
    "size with a zero in front": lambda t: t.replace("\n16", "\n016"),
    "size in other digits": lambda t: t.replace("\n16", "\n１６"),
    "size with a blank": lambda t: t.replace("\n16", "\n16 "),
    "size with an underscore": lambda t: t.replace("\n16", "\n1_6"),
    "huge size": lambda t: t.replace("\n16", "\n" + "9" * 40),
    "another kind of log": lambda t: t.replace("liuhen/", "other/"),
    "a case id in capitals": lambda t: t.replace("liuhen/", "liuhen/ABCDEF")[:39] + t[39:],
    "another line": lambda t: t + "more\n",
    "a root too short": lambda t: t[:-5] + "\n",
    "a root written in another way": lambda t: t[:-3] + t[-3].translate(_SPARE) + t[-2:],
    "no root": lambda t: "\n".join(t.split("\n")[:2]) + "\n",
}.items():
    LOG.broken("root", unchecked=("signature",), name=f"checkpoint with {_name}")(_text(_change))

for _name, _change in {
    "cut off": lambda d: d[:-30],
    "without a newline": lambda d: d[:-1],
    "with carriage returns": lambda d: d.replace(b"\n", b"\r\n"),
    "with a second signature": lambda d: d + d.splitlines(keepends=True)[-1],
    "with a minus for the dash": lambda d: d.replace("—".encode(), b"-"),
    "with the name of another key": lambda d: re.sub(
        b"(?<=\xe2\x80\x94 liuhen/)[0-9a-f]{32}", b"0" * 32, d
    ),
    "with another name of the key": lambda d: d.replace("— liuhen/".encode(), "— liuhem/".encode()),
    "with a NUL byte": lambda d: d[:-1] + b"\0\n",
    "with a NUL byte in front": lambda d: b"\0" + d,
    "with a signature written in another way": lambda d: (
        d[:-3] + d[-3:-2].decode().translate(_SPARE).encode() + d[-2:]
    ),
    "with a signature too short": lambda d: d[:-9] + b"\n",
    "with bytes after it": lambda d: d + b"more",
    "longer than a page": lambda d: d + b"\n" * 5000,
    "empty": lambda d: b"",
    "not UTF-8": lambda d: d.replace("—".encode(), b"\xff\xfe\xfd"),
}.items():
    LOG.broken("root", unchecked=("signature",), name=f"checkpoint {_name}")(
        _file(CHECKPOINT, _change)
    )


# --- signature ------------------------------------------------------------------------------------


def _signed(change: Callable[[bytes], bytes]) -> Callable[[Workshop], Bundle]:
    """Return the maker of a checkpoint whose key id and signature are changed."""

    def edit(data: bytes) -> bytes:
        head, _, blob = data.rstrip(b"\n").rpartition(b" ")
        return head + b" " + base64.b64encode(change(base64.b64decode(blob))) + b"\n"

    return _file(CHECKPOINT, edit)


def _flipped(position: int) -> Callable[[bytes], bytes]:
    return lambda d: d[:position] + bytes([d[position] ^ 1]) + d[position + 1 :]


def _other_s(blob: bytes) -> bytes:
    s = int.from_bytes(blob[36:], "little") + ED25519_ORDER
    return blob[:36] + s.to_bytes(32, "little")


for _position in (4, 35, 36, 66):
    LOG.broken("signature", name=f"signature flipped at {_position}")(_signed(_flipped(_position)))
LOG.broken("signature", name="id of the key flipped")(_signed(_flipped(0)))
LOG.broken("signature", name="signature in another form")(_signed(_other_s))
LOG.broken("signature", name="signature of zeros")(_signed(lambda d: d[:4] + bytes(64)))


@LOG.broken("signature")
def signed_by_another_key(w: Workshop) -> Bundle:
    bundle = w.own()
    bundle.sign(key=w.other_key())
    bundle.seal()
    return bundle


@LOG.broken("signature")
def signed_by_another_key_that_lies_beside_it(w: Workshop) -> Bundle:
    # All that is needed to change a log and sign it again; entry 0 still names the old key.
    bundle = w.real()
    bundle.rewrite(key=False)
    return bundle


@LOG.broken("signature")
def key_of_another_case(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.write_key()
    bundle.seal()
    return bundle


@LOG.broken("signature")
def checkpoint_of_another_case(w: Workshop) -> Bundle:
    bundle = w.own()
    bundle.sign(case_id="0" * 32)
    bundle.seal()
    return bundle


@LOG.broken("signature")
def key_of_another_kind(w: Workshop) -> Bundle:
    bundle = w.own()
    public = ec.derive_private_key(7, ec.SECP256R1()).public_key()
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    bundle.write(KEY, public.public_bytes(serialization.Encoding.PEM, form))
    bundle.seal()
    return bundle


@LOG.broken("signature")
def key_of_another_kind_and_the_same_length(w: Workshop) -> Bundle:
    bundle = w.own()
    spki = bytes.fromhex("302a300506032b656e032100")  # X25519
    body = base64.b64encode(spki + bundle.key.public_key().public_bytes_raw()).decode()
    pem = f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"
    bundle.write(KEY, pem.encode())
    bundle.seal()
    return bundle


for _name, _change in {
    "with carriage returns": lambda d: d.replace(b"\n", b"\r\n"),
    "with words in front": lambda d: b"key\n" + d,
    "twice": lambda d: d + d,
    "cut off": lambda d: d[:-10],
    "empty": lambda d: b"",
    "with a NUL byte": lambda d: d[:40] + b"\0" + d[40:],
}.items():
    LOG.broken("signature", name=f"key {_name}")(_file(KEY, _change))


# --- missing --------------------------------------------------------------------------------------

for _path, _unchecked in {
    LEAVES: ("entries", "root", "signature", "exhibits"),
    ENTRIES: ("entries", "signature", "exhibits"),
    INDEX: ("exhibits",),
    CHECKPOINT: ("root", "signature"),
    KEY: ("signature",),
}.items():
    LOG.broken("manifests", unchecked=_unchecked, name=f"{_path} dropped and sealed")(
        _sealed(lambda b, path=_path: b.remove(path))
    )


@LOG.broken("manifests", unchecked=("entries", "root", "signature", "exhibits"))
def leaves_are_a_link(w: Workshop) -> Bundle:
    bundle = w.real()
    outside = bundle.root.parent / "leaves.txt"
    outside.write_bytes(bundle.read(LEAVES))
    bundle.remove(LEAVES)
    (bundle.root / LEAVES).symlink_to(outside)
    return bundle
