"""Cases of items ``exhibits`` and ``derived``: originals, their list, and copies for the reader."""

import hashlib
from collections.abc import Callable

from tests.verifiers.case import ALL_INTACT, EXIT_NOT_COMPLETE, NOT_CHECKED, Cases, Outcome
from tests.verifiers.forge import ENTRIES, INDEX, Bundle, Entry, Workshop

EXHIBITS = Cases()

FIRST, SECOND, PICTURE = (
    "data/exhibits/E001.wav",
    "data/exhibits/E002.wav",
    "data/exhibits/E003.png",
)


def _own(change: Callable[[Bundle], None]) -> Callable[[Workshop], Bundle]:
    """Return the maker that changes what the program wrote and seals it: no key is needed."""

    def make(w: Workshop) -> Bundle:
        bundle = w.real()
        change(bundle)
        bundle.seal()
        return bundle

    make.__name__ = change.__name__
    return make


def _index(change: Callable[[dict[str, Entry]], None]) -> Callable[[Workshop], Bundle]:
    def edit(bundle: Bundle) -> None:
        index = bundle.index
        change(index)
        bundle.index = index

    return _own(edit)


def _index_file(change: Callable[[bytes], bytes]) -> Callable[[Workshop], Bundle]:
    return _own(lambda bundle: bundle.edit(INDEX, change))


@EXHIBITS.broken("exhibits")
@_own
def exhibits_swapped(bundle: Bundle) -> None:
    first, second = bundle.read(FIRST), bundle.read(SECOND)
    bundle.write(FIRST, second)
    bundle.write(SECOND, first)


@EXHIBITS.broken("exhibits")
@_own
def exhibits_and_their_list_swapped(bundle: Bundle) -> None:
    exhibits_of = bundle.index
    exhibits_of["E001"]["sha256"], exhibits_of["E002"]["sha256"] = (
        exhibits_of["E002"]["sha256"],
        exhibits_of["E001"]["sha256"],
    )
    bundle.index = exhibits_of
    first, second = bundle.read(FIRST), bundle.read(SECOND)
    bundle.write(FIRST, second)
    bundle.write(SECOND, first)


for _path in (FIRST, SECOND, PICTURE):
    for _share in (0.0, 0.5, 1.0):
        EXHIBITS.broken("exhibits", name=f"byte of {_path} flipped at {_share} and sealed")(
            _own(lambda b, p=_path, s=_share: b.flip(p, round(s * (len(b.read(p)) - 1))))
        )
EXHIBITS.broken("exhibits", name="exhibit goes on")(
    _own(lambda b: b.edit(FIRST, lambda d: d + b"\0"))
)
EXHIBITS.broken("exhibits", name="exhibit cut off")(_own(lambda b: b.edit(FIRST, lambda d: d[:-1])))
EXHIBITS.broken("exhibits", name="exhibit emptied")(_own(lambda b: b.write(FIRST, b"")))


@EXHIBITS.broken("exhibits")
@_own
def exhibit_and_list_changed_alike(bundle: Bundle) -> None:
    bundle.flip(FIRST, 99)
    index = bundle.index
    index["E001"]["sha256"] = hashlib.sha256(bundle.read(FIRST)).hexdigest()
    bundle.index = index


@EXHIBITS.incomplete("exhibits")
@_own
def exhibit_withheld(bundle: Bundle) -> None:
    bundle.remove(SECOND)


@EXHIBITS.incomplete("exhibits")
@_own
def all_exhibits_withheld(bundle: Bundle) -> None:
    for path in (FIRST, SECOND, PICTURE):
        bundle.remove(path)


@EXHIBITS.broken("exhibits")
@_own
def exhibit_withheld_and_another_changed(bundle: Bundle) -> None:
    bundle.remove(SECOND)
    bundle.flip(FIRST, 99)


@EXHIBITS.incomplete("exhibits")
@_own
def exhibit_without_row_and_file(bundle: Bundle) -> None:
    # Its entry is disclosed; that is all there is of it.
    index = bundle.index
    del index["E002"]
    bundle.index = index
    bundle.remove(SECOND)


@EXHIBITS.incomplete("derived")
@_own
def derived_table(bundle: Bundle) -> None:
    bundle.write("data/redacted/E004.csv", "\ufeff号码\r\n".encode())


@EXHIBITS.incomplete("exhibits", "derived")
@_own
def derived_table_in_place_of_the_original(bundle: Bundle) -> None:
    bundle.remove(SECOND)
    bundle.write("data/redacted/E002.csv", "\ufeff号码\r\n".encode())


@EXHIBITS.broken("exhibits")
@_own
def file_of_two_kinds(bundle: Bundle) -> None:
    bundle.write("data/exhibits/E001.mp3", bundle.read(FIRST))


for _name in ("E004.wav", "E1.wav", "more.wav", "E001", "e009.wav", "E001.wav.txt"):
    EXHIBITS.broken("exhibits", name=f"exhibit {_name} without a row")(
        _own(lambda b, n=_name: b.write(f"data/exhibits/{n}", b"more"))
    )
EXHIBITS.broken("exhibits", name="exhibit in a folder of its own")(
    _own(lambda b: b.write("data/exhibits/E004/E001.wav", b.read(FIRST)))
)
EXHIBITS.broken("exhibits", name="exhibit renamed")(
    _own(lambda b: (b.root / FIRST).rename(b.root / "data/exhibits/E004.wav"))
)

EXHIBITS.broken("exhibits", name="row dropped")(_index(lambda i: i.pop("E002")))
EXHIBITS.broken("exhibits", name="all rows dropped")(_index(lambda i: i.clear()))
EXHIBITS.broken("exhibits", name="row of a withheld entry")(
    _index(lambda i: i.update(E004={**i["E001"], "seq": 9}))
)
EXHIBITS.broken("exhibits", name="row beyond the log")(
    _index(lambda i: i.update(E004={**i["E001"], "seq": 99}))
)
EXHIBITS.broken("exhibits", name="row of an entry that is no exhibit")(
    _index(lambda i: i.update(E004={**i["E001"], "seq": 1}))
)
EXHIBITS.broken("exhibits", name="row of an exhibit that has one")(
    _index(lambda i: i.update(E004=i["E001"]))
)
EXHIBITS.broken("exhibits", name="row with another digest")(
    _index(lambda i: i["E003"].update(sha256="ab" * 32))
)
EXHIBITS.broken("exhibits", name="row with another name")(
    _index(lambda i: i["E003"].update(name="IMG_0043.png"))
)
EXHIBITS.broken("exhibits", name="rows swapped")(
    _index(lambda i: i.update(E001=i["E002"], E002=i["E001"]))
)
EXHIBITS.broken("exhibits", name="label without a number")(
    _index(lambda i: i.update(EXX=i.pop("E003")))
)


@EXHIBITS.broken("exhibits")
@_own
def label_without_a_number_and_no_file(bundle: Bundle) -> None:
    index = bundle.index
    index["EXX"] = index.pop("E003")
    bundle.index = index
    bundle.remove(PICTURE)


@EXHIBITS.broken("exhibits")
def digest_that_is_none(w: Workshop) -> Bundle:
    bundle = w.own()
    bundle.rewrite(lambda e: e["data"].update(sha256="none") if e["seq"] == 8 else None)
    index = bundle.index
    index["E003"]["sha256"] = "none"
    bundle.index = index
    bundle.remove(PICTURE)
    bundle.seal()
    return bundle


EXHIBITS.broken("exhibits", name="number with a point in a row")(
    _index(lambda i: i["E003"].update(seq=8.0))
)
EXHIBITS.broken("exhibits", name="row with another field")(
    _index(lambda i: i["E003"].update(size=539))
)
EXHIBITS.broken("exhibits", name="row without a name")(_index(lambda i: i["E003"].pop("name")))
EXHIBITS.broken("exhibits", name="digest in capitals")(
    _index(lambda i: i["E003"].update(sha256=i["E003"]["sha256"].upper()))
)
EXHIBITS.broken("exhibits", name="negative number in a row")(
    _index(lambda i: i["E003"].update(seq=-8))
)
EXHIBITS.broken("exhibits", name="text for a number in a row")(
    _index(lambda i: i["E003"].update(seq="8"))
)
for _name, _change in {
    "empty": lambda d: b"",
    "a number": lambda d: b"1\n",
    "not JSON": lambda d: b"{not JSON}\n",
    "with carriage returns": lambda d: d.replace(b"\n", b"\r\n"),
    "with other blanks": lambda d: d.replace(b"\n  ", b"\n    "),
    "without the last newline": lambda d: d[:-1],
    "with bytes after it": lambda d: d + b"more\n",
    "with a row twice": lambda d: d[:2] + d[2 : d.index(b"}") + 3] + d[2:],
    "with rows out of order": lambda d: d.replace(b"E001", b"E009"),
    "with a field twice": lambda d: d.replace(b'"seq": 6', b'"seq": 6,\n  "seq": 6'),
    "with an escaped letter": lambda d: d.replace(b"IMG", b"\\u0049MG"),
    "with a NUL byte": lambda d: d.replace(b"IMG", b"I\0MG"),
    "that is not UTF-8": lambda d: d.replace(b"IMG", b"\xff\xfeG"),
    "with a huge line": lambda d: d + b"a" * 3_000_000,
    "nested ten thousand deep": lambda d: b"[" * 10_000,
    "with a number of a million digits": lambda d: d.replace(
        b'"seq": 6', b'"seq": ' + b"6" * 10**6
    ),
}.items():
    EXHIBITS.broken("exhibits", name=f"list of exhibits {_name}")(_index_file(_change))


def _rewritten(change: Callable[[Entry], None]) -> Callable[[Workshop], Bundle]:
    def make(w: Workshop) -> Bundle:
        bundle = w.own()
        bundle.rewrite(change)
        return bundle

    return make


def _data(seq: int, change: Callable[[Entry], object]) -> Callable[[Workshop], Bundle]:
    """Return the maker of a log that says something else about an exhibit, rightly linked."""

    def edit(entry: Entry) -> None:
        if entry["seq"] == seq:
            change(entry["data"])

    return _rewritten(edit)


EXHIBITS.broken("exhibits", name="entry with another size")(_data(6, lambda d: d.update(size=1)))
EXHIBITS.broken("exhibits", name="entry with another digest")(
    _data(6, lambda d: d.update(sha256="ab" * 32))
)
EXHIBITS.broken("exhibits", name="entry with another name")(_data(6, lambda d: d.update(name="x")))
EXHIBITS.broken("entries", "exhibits", name="entry without a size")(
    _data(6, lambda d: d.pop("size"))
)
EXHIBITS.broken("entries", "exhibits", name="entry with a text for a size")(
    _data(6, lambda d: d.update(size="24044"))
)
EXHIBITS.broken("entries", "exhibits", name="entry with a size below zero")(
    _data(6, lambda d: d.update(size=-24044))
)
EXHIBITS.broken("entries", "exhibits", name="entry without a digest")(
    _data(6, lambda d: d.pop("sha256"))
)
EXHIBITS.intact(
    name="entry longer than the shell reads",
    sh=Outcome(
        exit=EXIT_NOT_COMPLETE,
        verdicts={**ALL_INTACT.verdicts, "entries": NOT_CHECKED, "exhibits": NOT_CHECKED},
    ),
)(_data(6, lambda d: d.update(zzz="长" * 30_000)))
# The same fields deeper down, or in a text, are not the exhibit's.
EXHIBITS.intact(name="entry with other sizes deeper down")(
    _data(
        6,
        lambda d: d.update(
            after={"name": "x", "sha256": "ab" * 32, "size": 1},
            zzz=[{"sha256": "ab" * 32, "size": 1}, '","sha256":"', '\\","size":1,"'],
        ),
    )
)
EXHIBITS.broken("exhibits", name="entry of another kind")(
    _rewritten(lambda e: e.update(kind="note") if e["seq"] == 6 else None)
)


@EXHIBITS.broken("entries", "exhibits")
@_own
def entry_of_an_exhibit_changed(bundle: Bundle) -> None:
    bundle.swap(ENTRIES, '"size":24044', '"size":24045')


@EXHIBITS.broken("exhibits")
@_own
def entry_of_an_exhibit_dropped(bundle: Bundle) -> None:
    bundle.lines = [line for line in bundle.lines if b'"seq":6,' not in line]
