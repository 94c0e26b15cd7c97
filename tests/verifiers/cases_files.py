"""Cases of item ``manifests``: files changed, missing, unlisted, linked; manifests malformed."""

import os
from collections.abc import Callable

from tests.verifiers.case import ALL_INTACT, Cases, Given
from tests.verifiers.forge import (
    BAG_INFO,
    BAGIT,
    MANIFEST,
    PACKET,
    TAG_MANIFEST,
    Bundle,
    Workshop,
)

FILES = Cases()

EXHIBIT = "data/exhibits/E001.wav"
TEXT = "data/text/facts.txt"
HELP = "verify/how-to-verify.txt"

_FLIPPED = (
    BAGIT,
    BAG_INFO,
    MANIFEST,
    TAG_MANIFEST,
    PACKET,
    EXHIBIT,
    TEXT,
    HELP,
    "data/exhibits/E002.wav",
    "data/exhibits/E003.png",
    "data/log/leaves.txt",
    "data/log/entries.jsonl",
    "data/log/exhibits.json",
    "data/anchor/checkpoint",
    "data/anchor/key.pem",
)


@FILES.intact()
def what_the_program_wrote(w: Workshop) -> Bundle:
    return w.real()


@FILES.intact()
def rewritten_log_alone_is_not_noticed(w: Workshop) -> Bundle:
    # The documented limit: only an outside timestamp or an earlier bundle tells.
    return w.own()


def _flip(path: str, share: float) -> Callable[[Workshop], Bundle]:
    def make(w: Workshop) -> Bundle:
        bundle = w.real()
        bundle.flip(path, round(share * (len(bundle.read(path)) - 1)))
        return bundle

    return make


for _path in _FLIPPED:
    for _share in (0.0, 0.37, 1.0):
        FILES.at_least("manifests", name=f"byte of {_path} flipped at {_share}")(
            _flip(_path, _share)
        )


@FILES.intact()
def packet_pdf_changed_and_sealed_is_not_noticed(w: Workshop) -> Bundle:
    # The documented limit: the PDF is fixed by the manifests alone.
    bundle = w.real()
    bundle.flip(PACKET, 1000)
    bundle.seal()
    return bundle


@FILES.broken("manifests")
def text_missing(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.remove(TEXT)
    return bundle


@FILES.broken("manifests")
def file_emptied(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.write(TEXT, b"")
    return bundle


@FILES.broken("manifests")
def tag_file_missing(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.remove(HELP)
    return bundle


def _extra(path: str) -> Callable[[Workshop], Bundle]:
    def make(w: Workshop) -> Bundle:
        bundle = w.real()
        bundle.write(path, b"more")
        return bundle

    return make


for _path in (
    "more.txt",
    "data/more.txt",
    "data/.hidden",
    ".hidden",
    "verify/.hidden/more.sh",
    "data/exhibits.json",
    "data/deep/er/more.txt",
    "data/sp ace.txt",
    "data/\033[31mred.txt",
    "data/new\nline.txt",
    "data/中文.txt",
):
    FILES.broken("manifests", name=f"unlisted file {_path!a}")(_extra(_path))


@FILES.broken("manifests")
def listed_file_with_a_blank_in_its_name(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.write("data/sp ace.txt", b"more")
    bundle.seal()
    return bundle


# Unpacked on Windows or a Mac, each of these is another file than here, or none.
_ELSEWHERE = {
    "name of a twin": "data/text/FACTS.txt",
    "name of a twin in another folder": "Data/packet.pdf",
    "name of a device": "data/aux.txt",
    "name of a device in capitals": "verify/COM1",
    "name of a device for a folder": "data/nul/more.txt",
    "name that ends in a dot": "data/text/facts.",
    "folder that ends in a dot": "data/text./facts.txt",
    "plus sign in its name": "verify/a+b.txt",
    "folder nine deep": "data/a/b/c/d/e/f/g/h/more.txt",
}


def _listed(path: str) -> Callable[[Workshop], Bundle]:
    def make(w: Workshop) -> Bundle:
        bundle = w.real()
        bundle.write(path, b"more")
        bundle.seal()
        return bundle

    return make


for _name, _path in _ELSEWHERE.items():
    FILES.broken("manifests", name=f"listed file: {_name}")(_listed(_path))


@FILES.intact()
def listed_file_eight_folders_deep(w: Workshop) -> Bundle:
    return _listed("verify/b/c/d/e/f/g/h/con-1.txt")(w)


@FILES.intact()
def listed_file_that_nothing_else_speaks_of(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.write("data/more.txt", b"more")
    bundle.write("verify/more.txt", b"more")
    bundle.seal()
    return bundle


@FILES.broken("manifests")
def link_to_the_same_bytes(w: Workshop) -> Bundle:
    bundle = w.real()
    outside = bundle.root.parent / "facts.txt"
    (bundle.root / TEXT).rename(outside)
    (bundle.root / TEXT).symlink_to(outside)
    return bundle


# A browser does not show a page the links of a folder; the page says so.
@FILES.broken("manifests", html=ALL_INTACT)
def link_that_no_manifest_lists(w: Workshop) -> Bundle:
    bundle = w.real()
    (bundle.root / "data/text/more.txt").symlink_to("facts.txt")
    return bundle


@FILES.broken("manifests", html=ALL_INTACT)
def link_to_nothing(w: Workshop) -> Bundle:
    bundle = w.real()
    (bundle.root / "data/text/more.txt").symlink_to("nothing")
    return bundle


@FILES.broken("manifests")
def folder_that_is_a_link(w: Workshop) -> Bundle:
    bundle = w.real()
    outside = bundle.root.parent / "text"
    (bundle.root / "data/text").rename(outside)
    (bundle.root / "data/text").symlink_to(outside)
    return bundle


@FILES.broken("manifests")
def pipe_in_place_of_a_file(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.remove(TEXT)
    os.mkfifo(bundle.root / TEXT)
    return bundle


@FILES.broken("manifests")
def pipe_that_no_manifest_lists(w: Workshop) -> Bundle:
    bundle = w.real()
    os.mkfifo(bundle.root / "data/text/more.txt")
    return bundle


@FILES.broken("manifests")
def folder_in_place_of_a_file(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.remove(TEXT)
    (bundle.root / TEXT).mkdir()
    return bundle


def _edited(path: str, change: Callable[[bytes], bytes]) -> Callable[[Workshop], Bundle]:
    def make(w: Workshop) -> Bundle:
        bundle = w.real()
        bundle.edit(path, change)
        bundle.seal_tags()
        return bundle

    return make


_EMPTY = b"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

_MANIFESTS: dict[str, Callable[[bytes], bytes]] = {
    "upper-case digest": lambda m: m[:64].upper() + m[64:],
    "one blank": lambda m: m.replace(b"  ", b" ", 1),
    "binary mark": lambda m: m.replace(b"  ", b" *", 1),
    "carriage returns": lambda m: m.replace(b"\n", b"\r\n"),
    "no newline at the end": lambda m: m[:-1],
    "blank line": lambda m: m + b"\n",
    "bytes after the last line": lambda m: m + b"more",
    "line twice": lambda m: m + m.splitlines(keepends=True)[0],
    "digest too short": lambda m: m[1:],
    "first line dropped": lambda m: m.partition(b"\n")[2],
    "path that leaves the folder": lambda m: m + _EMPTY + b"  data/../../etc/passwd\n",
    "path with a dot": lambda m: m.replace(b"data/text", b"data/./text", 1),
    "path with two slashes": lambda m: m.replace(b"data/text", b"data//text", 1),
    "absolute path": lambda m: m + _EMPTY + b"  /dev/null\n",
    "path with a backslash": lambda m: m + _EMPTY + b"  data\\more.txt\n",
    "escaped path": lambda m: m + b"\\" + _EMPTY + b"  data/more\\n.txt\n",
    "path with a home": lambda m: m + _EMPTY + b"  ~/more.txt\n",
    "path with a percent sign": lambda m: m + _EMPTY + b"  data/mo%72e.txt\n",
    "path in Chinese": lambda m: m + _EMPTY + "  data/中文.txt\n".encode(),
    "path not in the bundle": lambda m: m + _EMPTY + b"  data/more.txt\n",
    "path of a folder": lambda m: m + _EMPTY + b"  data/text\n",
    "path of a tag file": lambda m: m + _EMPTY + b"  bagit.txt\n",
    "empty path": lambda m: m + _EMPTY + b"  \n",
    "escape sequence": lambda m: m + _EMPTY + b"  data/\033]0;x\007.txt\n",
    "NUL byte": lambda m: m.replace(b"data/text", b"data/\0text", 1),
    "path of ten thousand letters": lambda m: m + _EMPTY + b"  data/" + b"a" * 10_000 + b"\n",
    "huge line": lambda m: m + b"a" * 3_000_000 + b"\n",
    "byte order mark": lambda m: b"\xef\xbb\xbf" + m,
    "nothing": lambda m: b"",
}
for _name, _change in _MANIFESTS.items():
    FILES.broken("manifests", name=f"manifest with {_name}")(_edited(MANIFEST, _change))


_OXUM, _CODE = b"Payload-Oxum: ", b"Liuhen-Checkpoint-Code: "
_INFOS: dict[str, Callable[[bytes], bytes]] = {
    "one octet more": lambda i: i.replace(_OXUM, _OXUM + b"1"),
    "one file more": lambda i: i.replace(_OXUM + i.split(_OXUM)[1].split(b".")[0], _OXUM + b"9"),
    "sum of another form": lambda i: i.replace(_OXUM, _OXUM + b"+"),
    "blank after the sum": lambda i: i + b"payload-oxum: 0.0 \n",
    "sum twice": lambda i: i + _OXUM + i.split(_OXUM)[1].split(b"\n")[0] + b"\n",
    "another sum in small letters": lambda i: i + b"payload-oxum: 0.0\n",
    "code of another checkpoint": lambda i: i + _CODE + b"0123-4567-89AB-CDEF\n",
    "code without hyphens": lambda i: i.replace(i.split(_CODE)[1][:19], b"0" * 16),
    "code that goes on": lambda i: i.replace(_CODE, _CODE + b"0123-4567-89AB-CDEF\n "),
    "another case": lambda i: i + b"External-Identifier: " + b"ab" * 16 + b"\n",
    "line that is none": lambda i: i + b"Contact-Name\n",
    "label and no blank": lambda i: i + b"Contact-Name:somebody\n",
    "blank before the colon": lambda i: i + b"Contact-Name : somebody\n",
    "blank line": lambda i: i + b"\nContact-Name: somebody\n",
    "first line that goes on": lambda i: b" " + i,
    "byte order mark before a wrong sum": lambda i: b"\xef\xbb\xbf" + i + b"Payload-Oxum: 0.0\n",
    "NUL byte": lambda i: i + b"Contact-Name: some\0body\n",
    "more than is read": lambda i: i + b"Contact-Name: somebody\n" * 3000,
}


for _name, _change in _INFOS.items():
    FILES.broken("manifests", name=f"bag-info with {_name}")(_edited(BAG_INFO, _change))

# What RFC 8493 section 2.2.2 lets a bag say, and what nobody can check.
_INFOS_ALLOWED: dict[str, Callable[[bytes], bytes]] = {
    "another date": lambda i: i.replace(b"Bagging-Date: 2", b"Bagging-Date: 1"),
    "nothing": lambda i: b"",
    "no sum": lambda i: b"".join(r for r in i.splitlines(True) if not r.startswith(_OXUM)),
    "small letters": lambda i: i.replace(_OXUM, _OXUM.lower()).replace(_CODE, _CODE.lower()),
    "carriage returns": lambda i: i.replace(b"\n", b"\r\n"),
    "carriage returns alone": lambda i: i.replace(b"\n", b"\r"),
    "tabs": lambda i: i.replace(b": ", b":\t"),
    "no newline at the end": lambda i: i[:-1],
    "code twice": lambda i: i + _CODE + i.split(_CODE)[1][:20],
    "other labels": lambda i: (
        i + b"A b: c\nA b: \n" + "联系人: 林某: 甲\n".encode() + b"\xff: \xfe\n"
    ),
    "lines that go on": lambda i: i + b"Note: one\n  two: \n\tPayload-Oxum: 0.0\n \n",
    "a look-alike of a label": lambda i: i + "Liuhen-Chec\u212apoint-Code: 0\n".encode(),
}
for _name, _change in _INFOS_ALLOWED.items():
    FILES.intact(name=f"bag-info with {_name}")(_edited(BAG_INFO, _change))
FILES.incomplete("manifests", name="bag-info of another version")(
    _edited(BAG_INFO, lambda i: i.replace(b"Version: 1\n", b"Version: 2\n"))
)


@FILES.broken("manifests")
def tag_manifest_lists_payload(w: Workshop) -> Bundle:
    bundle = w.real()
    line = next(r for r in bundle.read(MANIFEST).splitlines() if r.endswith(TEXT.encode()))
    bundle.edit(TAG_MANIFEST, lambda m: m + line + b"\n")
    return bundle


@FILES.broken("manifests")
def tag_manifest_lists_itself(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.edit(TAG_MANIFEST, lambda m: m + _EMPTY + b"  tagmanifest-sha256.txt\n")
    return bundle


@FILES.broken("manifests")
def tag_manifest_emptied(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.write(TAG_MANIFEST, b"")
    return bundle


def _gone(path: str, *, sealed: bool) -> Callable[[Workshop], Bundle]:
    def make(w: Workshop) -> Bundle:
        bundle = w.real()
        bundle.remove(path)
        if sealed:
            bundle.seal()
        return bundle

    return make


for _path in (BAGIT, BAG_INFO, PACKET):
    FILES.broken("manifests", name=f"{_path} dropped and sealed")(_gone(_path, sealed=True))
FILES.broken("manifests", name="manifest missing")(_gone(MANIFEST, sealed=False))
FILES.broken("manifests", name="tag manifest missing")(_gone(TAG_MANIFEST, sealed=False))


@FILES.broken("manifests")
def manifest_missing_and_its_line_too(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.remove(MANIFEST)
    bundle.seal_tags()
    return bundle


@FILES.broken("manifests")
def declaration_of_another_version(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.swap(BAGIT, "1.0", "0.9")
    bundle.seal()
    return bundle


@FILES.broken("manifests")
def declaration_that_goes_on(w: Workshop) -> Bundle:
    bundle = w.real()
    bundle.edit(BAGIT, lambda data: data + b"\n")
    bundle.seal()
    return bundle


@FILES.refused()
def empty_folder(w: Workshop) -> Given:
    folder = w.place("nothing")
    folder.mkdir(parents=True)
    return Given(bundle=folder)


@FILES.refused()
def no_such_folder(w: Workshop) -> Given:
    return Given(bundle=w.place("nothing"))


@FILES.refused()
def file_in_place_of_the_folder(w: Workshop) -> Given:
    return Given(bundle=w.real().root / PACKET)
