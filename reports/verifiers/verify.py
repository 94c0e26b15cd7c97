#!/usr/bin/env python3
"""留痕材料包核验程序 / checks a bundle of liuhen, for somebody who trusts nobody.

用法：python3 verify.py [--roots 根证书.pem]... [--earlier 以前的材料包]... [材料包]

It needs Python 3.8 or later and nothing else: no network, no other package, no other program. It
is one long file so that it can be carried, read and compared as one. It shares no code with the
program that wrote the bundle, nor with verify.sh and verify.html beside it; all three follow
docs/reference/bundle.md. A verifier that comes with a bundle can be a forged one: whoever does not
trust its sender takes this file from where the program is published.

What is checked, one verdict for each item (INTACT, NOT INTACT or NOT CHECKED):

1. ``manifests``      every file is listed with its SHA-256, and nothing else lies there; size,
                      case and short code are as ``bag-info.txt`` says, where it says them
2. ``entries``        each disclosed entry hashes to its leaf and links to the leaf before
3. ``root``           the RFC 6962 root over all leaves is the checkpoint's
4. ``signature``      the checkpoint is signed by the key that entry 0 names
5. ``exhibits``       each original has the size and SHA-256 that its entry says
6. ``derived``        copies for the reader, if any: cannot be checked without the original
7. ``timestamp NNN``  each RFC 3161 token, judged at its own time, with --roots from outside
8. ``earlier``        each --earlier bundle is the beginning of this one

Exit codes: 0 all INTACT, 10 something NOT INTACT, 11 nothing wrong but something NOT CHECKED,
2 wrong usage, 3 not a bundle or not readable.

Rules: nothing of the bundle is run, no link is followed, nothing outside is read, whatever is
printed of it is freed of control characters, and what is read into memory is bounded.
"""

import sys  # built in, and first: all that follows, even __future__, is looked for in files

if __name__ == "__main__" and not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
    del sys.path[0]  # this file's folder, which can be the bundle's: no json.py there is run

import argparse
import base64
import binascii
import concurrent.futures
import datetime as dt
import hashlib
import itertools
import json
import os
import re
import signal
import stat
from typing import Any, BinaryIO, Callable, Iterator, NamedTuple, NoReturn

INTACT, NOT_INTACT, NOT_CHECKED = "INTACT", "NOT INTACT", "NOT CHECKED"

LEAVES = "data/log/leaves.txt"
ENTRIES = "data/log/entries.jsonl"
INDEX = "data/log/exhibits.json"
CHECKPOINT = "data/anchor/checkpoint"
KEY = "data/anchor/key.pem"
BAGIT, BAG_INFO = "bagit.txt", "bag-info.txt"
MANIFEST, TAG_MANIFEST = "manifest-sha256.txt", "tagmanifest-sha256.txt"
PAYLOAD_REQUIRED = ("data/packet.pdf", LEAVES, ENTRIES, INDEX, CHECKPOINT, KEY)
TAGS_REQUIRED = (BAGIT, BAG_INFO, MANIFEST)
BUNDLE_VERSION = "1"
BAGIT_TEXT = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"

BLOCK = 1 << 20
MAX_FILES, MAX_DEPTH, MAX_PATH = 100_000, 8, 200
MAX_ISSUERS = 64
MAX_MANIFEST = MAX_INDEX = 32 << 20
MAX_LEAVES = 65 * 2_000_000
PART = 1 << 14  # leaves that are taken at once: a power of two, so that each part is a subtree
MAX_LINE = 16 << 20
MAX_NOTE = 4096
MAX_INFO = 64 << 10
MAX_TOKEN = 1 << 20
MAX_INTEGER, MAX_NESTING = 2**53 - 1, 32
MAX_OID = 64
MAX_SAID = 3  # problems of one item that are told one by one

DIGEST = re.compile(r"[0-9a-f]{64}")
CASE_ID = re.compile(r"[0-9a-f]{32}")
SAFE_PATH = re.compile(r"[a-z0-9._-]*[a-z0-9_-](/[a-z0-9._-]*[a-z0-9_-])*")
DEVICE = re.compile(r"/(con|prn|aux|nul|com[0-9]|lpt[0-9])[./]")
EXHIBIT_PATH = re.compile(r"data/exhibits/(E[0-9]{3,6})\.[a-z0-9]{1,8}")
INFO_LINE = re.compile(r"([^ \t:]|[^ \t:][^:]*[^ \t:]):[ \t](.*)", re.DOTALL)
TOKEN_PATH = re.compile(r"data/anchor/([0-9]{3})\.tsr")

DOES_NOT_PROVE = (
    "不证明通话或消息确实发生、说话人是谁，也不证明导入之前没有剪辑。",
    "不证明所列的形成时间真实；文件名和设备时间可以被改动。",
    "packet.pdf、摘录和文字只由清单固定，清单可以连同文件一起换掉；以记录和原始文件为准。",
    "bag-info.txt 中的日期、程序版本和说明没有核对；日期是投诉人电脑上的。",
    "记录和密钥由投诉人一方掌握。没有外部时间戳、也没有事先交给他人的检查点时，不能排除整份记录重新制作过。",
    "时间戳只说明文件在该时间之前已经存在，不说明内容真实。",
)


class Malformed(Exception):
    """Something is not as it must be; the message says what."""


class Unsupported(Exception):
    """Something may be right, but this program cannot judge it."""


class Unreadable(Exception):
    """There is no bundle, or a file cannot be read."""


def shown(value: object) -> str:
    """Return what may be printed of something that the bundle says."""
    long = isinstance(value, int) and value.bit_length() > 256
    text = "…" if long else str(value)
    text = text if len(text) <= 160 else text[:160] + "…"
    return "".join(c if c.isprintable() else "\\x%02x" % ord(c) for c in text)


def demand(ok: bool, template: str, *values: object) -> None:
    """Refuse what is malformed."""
    if not ok:
        raise Malformed(template.format(*map(shown, values)))


class Item:
    """One line of the result."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.good = ""
        self.bad: "list[str]" = []
        self.open: "list[str]" = []
        self.more_bad = self.more_open = 0

    def check(self, ok: bool, template: str, *values: object) -> bool:
        """Take down a problem unless ``ok``."""
        if not ok:
            self._take(self.bad, template, values)
        return ok

    def skip(self, template: str, *values: object) -> None:
        """Take down something that cannot be checked."""
        self._take(self.open, template, values)

    def _take(self, said: "list[str]", template: str, values: "tuple[object, ...]") -> None:
        if len(said) < MAX_SAID:
            said.append(template.format(*map(shown, values)))
        elif said is self.bad:
            self.more_bad += 1
        else:
            self.more_open += 1

    @property
    def verdict(self) -> str:
        """The worst that was found."""
        return NOT_INTACT if self.bad else NOT_CHECKED if self.open else INTACT

    @property
    def sentence(self) -> str:
        """What was found, in one line."""
        said = self.bad or self.open or [self.good]
        more = self.more_bad if self.bad else self.more_open
        return "；".join(said) + ("（另有 %d 处）" % more if more else "")


# --- reading a folder that a stranger made --------------------------------------------------------


class Folder:
    """The plain files of a bundle, and what else lies there."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.files: "dict[str, int]" = {}
        self.odd: "list[tuple[str, str]]" = []
        self.seen = 0
        if not os.path.isdir(root):
            raise Unreadable("没有这个文件夹：%s" % shown(root))
        self._list("", 0)
        small: "set[str]" = set()
        for path in self.files:  # many systems take such files for one
            if path.lower() in small:
                self.odd.append((path, "另有一个文件的名称只有大小写不同"))
            small.add(path.lower())

    def _list(self, prefix: str, depth: int) -> None:
        with os.scandir(os.path.join(self.root, prefix)) as found:
            some = itertools.islice(found, MAX_FILES + 1)
            children = sorted(some, key=lambda child: child.name)
        self.seen += len(children)
        if self.seen > MAX_FILES:
            raise Unreadable("文件太多")
        for child in children:
            path = prefix + child.name
            info = child.stat(follow_symlinks=False)
            if not is_safe(path):
                self.odd.append((path, "名称不允许"))
            elif stat.S_ISDIR(info.st_mode) and depth < MAX_DEPTH:
                self._list(path + "/", depth + 1)
            elif not stat.S_ISREG(info.st_mode):
                self.odd.append((path, "是链接或特殊文件"))
            else:
                self.files[path] = info.st_size

    def open(self, path: str) -> "BinaryIO":
        """Open a listed file, which may have become a link meanwhile."""
        flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
        flags |= getattr(os, "O_NONBLOCK", 0)
        handle = os.open(os.path.join(self.root, *path.split("/")), flags)
        return os.fdopen(handle, "rb")

    def read(self, path: str, limit: int) -> bytes:
        """Return a whole file of bounded size."""
        demand(self.files[path] <= limit, "{} 太大（{} 字节）", path, self.files[path])
        with self.open(path) as file:
            return file.read(limit)

    def digest(self, path: str) -> str:
        """Return SHA-256 of a file in hex."""
        digest, block = hashlib.sha256(), memoryview(bytearray(BLOCK))
        with self.open(path) as file:
            while count := file.readinto(block):  # type: ignore[attr-defined]  # BufferedReader has it
                digest.update(block[:count])
        return digest.hexdigest()

    def digests(self) -> "dict[str, str]":
        """Return SHA-256 of every file; two at a time, the largest first."""
        paths = sorted(self.files, key=lambda path: -self.files[path])
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            return dict(zip(paths, pool.map(self.digest, paths)))


def is_safe(path: str) -> bool:
    """Tell whether a path stays in the bundle and is the same file on every system."""
    small = path.lower() if len(path) <= MAX_PATH and path.isascii() else ""
    return SAFE_PATH.fullmatch(small) is not None and DEVICE.search("/%s/" % small) is None


# --- 1. manifests ---------------------------------------------------------------------------------


def check_manifests(folder: "Folder", digests: "dict[str, str]") -> "Item":
    """Compare the files with the manifests, and the manifests with the files."""
    item = Item("manifests")
    for path, reason in folder.odd:
        item.check(False, "{}：{}", path, reason)
    payload = {path for path in folder.files if path.startswith("data/")}
    tags = set(folder.files) - payload - {TAG_MANIFEST}
    for name, present, required in (
        (MANIFEST, payload, PAYLOAD_REQUIRED),
        (TAG_MANIFEST, tags, TAGS_REQUIRED),
    ):
        if not item.check(name in folder.files, "缺少 {}", name):
            continue
        try:
            listed = parse_manifest(name, folder.read(name, MAX_MANIFEST))
        except Malformed as error:
            item.check(False, "{}", error)
            continue
        for path in sorted(set(listed) - present):
            item.check(False, "{} 列出的 {} 不存在或不该列在这里", name, path)
        for path in sorted(present - set(listed)):
            item.check(False, "{} 没有列在 {} 中", path, name)
        for path in sorted(present & set(listed)):
            same = digests[path] == listed[path]
            item.check(same, "{} 的 SHA-256 应为 {}，实为 {}", path, listed[path], digests[path])
        for path in required:
            item.check(path in listed, "{} 应列出 {}", name, path)
    if BAGIT in folder.files:
        same = folder.files[BAGIT] == len(BAGIT_TEXT) and folder.read(BAGIT, 99) == BAGIT_TEXT
        item.check(same, "{} 不是 BagIt 1.0 的声明", BAGIT)
    check_info(item, folder, digests)
    item.good = "%d 个文件与清单一致，没有多余的文件" % len(folder.files)
    return item


def parse_manifest(name: str, data: bytes) -> "dict[str, str]":
    """Return the digests of a manifest by path."""
    listed: "dict[str, str]" = {}
    lines = data.decode("latin-1").split("\n")
    demand(lines.pop() == "", "{} 最后一行没有换行", name)
    demand(len(lines) <= MAX_FILES, "{} 有太多行", name)
    for number, line in enumerate(lines, 1):
        digest, path = line[:64], line[66:]
        well = DIGEST.fullmatch(digest) is not None and line[64:66] == "  "
        demand(well, "{} 第 {} 行不是“SHA-256、两个空格、路径”", name, number)
        demand(is_safe(path), "{} 第 {} 行的路径不允许：{}", name, number, path)
        demand(path not in listed, "{} 第 {} 行重复：{}", name, number, path)
        listed[path] = digest
    return listed


def check_info(item: "Item", folder: "Folder", digests: "dict[str, str]") -> None:
    """Compare what ``bag-info.txt`` says of the bundle with the bundle."""
    sizes = [size for path, size in folder.files.items() if path.startswith("data/")]
    true = {"payload-oxum": "%d.%d" % (sum(sizes), len(sizes))}
    if CHECKPOINT in folder.files:
        code = digests[CHECKPOINT][:16].upper()
        true["liuhen-checkpoint-code"] = "-".join(re.findall("....", code))
    try:
        note = folder.read(CHECKPOINT, MAX_NOTE) if CHECKPOINT in folder.files else b""
        true["external-identifier"] = parse_note(note).case_id
    except Malformed:
        pass  # for check_root to say
    try:
        stated = parse_info(folder.read(BAG_INFO, MAX_INFO)) if BAG_INFO in folder.files else []
    except Malformed as error:
        item.check(False, "{}", error)
        return
    once = sum(label == "payload-oxum" for label, _ in stated) <= 1
    item.check(once, "{} 有不止一个 Payload-Oxum", BAG_INFO)
    for label, value in stated:
        wanted = true.get(label, value)
        item.check(value == wanted, "{} 的 {} 是 {}，应为 {}", BAG_INFO, label, value, wanted)
    if any(pair[0] == "liuhen-bundle-version" and pair[1] != BUNDLE_VERSION for pair in stated):
        item.skip("{} 写明这不是第 1 版的材料包，本程序只核对第 1 版", BAG_INFO)


def parse_info(data: bytes) -> "list[tuple[str, str]]":
    """Return labels in small letters, and values (RFC 8493 section 2.2.2)."""
    demand(b"\0" not in data, "{} 有 NUL 字节", BAG_INFO)
    pairs: "list[tuple[str, str]]" = []
    lines = re.split("\r\n|\r|\n", data.decode("latin-1"))
    for number, line in enumerate(lines[:-1] if lines[-1] == "" else lines, 1):
        if pairs and line[:1] in (" ", "\t"):
            pairs[-1] = (pairs[-1][0], "…")  # goes on; what is compared fits on a line
            continue
        match = INFO_LINE.fullmatch(line)
        demand(match is not None, "{} 第 {} 行不是“名称: 内容”", BAG_INFO, number)
        pairs += [(match[1].lower(), match[2])] if match else []
    return pairs


# --- 2. entries -----------------------------------------------------------------------------------


class ExhibitEntry(NamedTuple):
    """What an exhibit entry says about its original."""

    name: str
    size: int
    sha256: str


class Log:
    """What the files of the log say, as far as it was found right."""

    def __init__(self) -> None:
        self.leaves: "Leaves | None" = None
        self.note: "Note | None" = None
        self.key: "bytes | None" = None
        self.entries_read = False
        self.disclosed = 0
        self.case_id = self.public_key = ""
        self.exhibits: "dict[int, ExhibitEntry]" = {}


def check_entries(folder: "Folder", log: "Log") -> "Item":
    """Compare the disclosed entries with their leaves."""
    item = Item("entries")
    if LEAVES in folder.files:
        try:
            log.leaves = read_leaves(folder)
        except Malformed as error:
            item.check(False, "{}", error)
            return item
    if log.leaves is None or ENTRIES not in folder.files:
        item.skip("缺少 {}", LEAVES if log.leaves is None else ENTRIES)
        return item
    log.entries_read = True
    last = -1
    with folder.open(ENTRIES) as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), 1):
            fits = number <= len(log.leaves)
            if not item.check(fits, "{} 的行数比 leaves.txt 多", ENTRIES):
                break
            if not item.check(line.endswith(b"\n"), "第 {} 行太长或被截断", number):
                break
            try:
                entry = parse_entry(line[:-1])
            except Malformed as error:
                item.check(False, "{} 第 {} 行{}", ENTRIES, number, error)
                continue
            if check_entry(item, log, entry, line[:-1], last):
                last = entry["seq"]
    item.check(bool(log.case_id), "没有公开第 0 条记录（案件编号和公钥）")
    item.good = "公开的 %d 条记录都与 leaves.txt 相符并前后相连" % log.disclosed
    return item


def check_entry(item: "Item", log: "Log", entry: "dict[str, Any]", body: bytes, last: int) -> bool:
    """Check one entry; tell whether it is the entry of its leaf."""
    seq, leaves = entry["seq"], log.leaves or Leaves()
    if not item.check(seq < len(leaves), "记录 {} 超出 leaves.txt 的 {} 行", seq, len(leaves)):
        return False
    if not item.check(seq > last, "记录 {} 排在记录 {} 之后：重复或次序不对", seq, last):
        return False
    leaf = hashlib.sha256(b"\x00" + body).hexdigest()
    matches = leaf == leaves.hex(seq)
    if not item.check(matches, "记录 {} 的哈希应为 {}，实为 {}", seq, leaves.hex(seq), leaf):
        return False
    before = leaves.hex(seq - 1) if seq else "0" * 64
    prev = entry["prev"]
    item.check(prev == before, "记录 {} 的 prev 应为 {}，实为 {}", seq, before, prev)
    log.disclosed += 1
    is_case = entry["kind"] == "case"
    item.check(is_case == (seq == 0), "记录 {} 的种类 {} 不对", seq, entry["kind"])
    data = entry["data"]
    try:
        if is_case and seq == 0:
            log.case_id, log.public_key = case_facts(data)
        elif entry["kind"] == "exhibit":
            log.exhibits[seq] = exhibit_facts(data)
    except Malformed as error:
        item.check(False, "记录 {}：{}", seq, error)
    return True


def case_facts(data: "dict[str, Any]") -> "tuple[str, str]":
    """Return case id and public key of entry 0."""
    case_id, key = data.get("case_id"), data.get("public_key")
    well = isinstance(case_id, str) and CASE_ID.fullmatch(case_id) is not None
    well = well and isinstance(key, str) and DIGEST.fullmatch(key) is not None
    demand(well, "缺少案件编号或公钥")
    return str(case_id), str(key)


def exhibit_facts(data: "dict[str, Any]") -> "ExhibitEntry":
    """Return what an exhibit entry says about its original."""
    name, size, sha256 = data.get("name"), data.get("size"), data.get("sha256")
    well = isinstance(name, str) and type(size) is int and size >= 0 and isinstance(sha256, str)
    demand(well, "缺少证据的名称、大小或 SHA-256")
    return ExhibitEntry(str(name), int(size or 0), str(sha256))


class Leaves:
    """The leaf hashes of a bundle, 32 bytes each; there may be millions."""

    def __init__(self) -> None:
        self.packed = bytearray()

    def add(self, data: bytes) -> None:
        """Take in lines of ``leaves.txt``."""
        lines, first = len(data) // 65, len(self) + 1
        well = data[64::65] == b"\n" * lines and not data.translate(None, b"0123456789abcdef\n")
        if not well or data.count(b"\n") != lines or len(data) % 65:
            texts = data.split(b"\n")
            demand(texts.pop() == b"", "{} 最后一行没有换行", LEAVES)
            for number, text in enumerate(texts, first):
                right = DIGEST.fullmatch(text.decode("latin-1")) is not None
                demand(right, "{} 第 {} 行不是 64 位十六进制", LEAVES, number)
        self.packed += bytes.fromhex(data.decode("ascii"))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.packed) // 32

    def hex(self, seq: int) -> str:
        """Return one leaf."""
        if seq >= len(self):
            raise IndexError(seq)
        return self.packed[32 * seq : 32 * seq + 32].hex()

    def common(self, other: "Leaves") -> int:
        """Return with how many leaves both begin."""
        least = min(len(self), len(other))
        step = next(
            (at for at in range(0, least, PART) if self._part(at, least) != other._part(at, least)),
            least,
        )
        rest = range(step, min(step + PART, least))
        return next((seq for seq in rest if self.hex(seq) != other.hex(seq)), least)

    def root(self, count: int) -> bytes:
        """Return the root of RFC 6962 section 2.1 over the first leaves."""
        parts = (merkle_root(self._part(at, count)) for at in range(0, count, PART))
        return merkle_root(b"".join(parts))

    def _part(self, at: int, most: int) -> bytes:
        return bytes(self.packed[32 * at : 32 * min(at + PART, most)])


def read_leaves(folder: "Folder") -> "Leaves":
    """Return what ``leaves.txt`` holds."""
    leaves, size = Leaves(), folder.files[LEAVES]
    demand(size <= MAX_LEAVES, "{} 太大（{} 字节）", LEAVES, size)
    with folder.open(LEAVES) as file:
        while data := file.read(min(65 * PART, size + 1 - 65 * len(leaves))):
            leaves.add(data)
    return leaves


def merkle_root(level: bytes) -> bytes:
    """Return the root over nodes of 32 bytes; one without a partner moves up."""
    while len(level) > 32:
        pairs = (level[at : at + 64] for at in range(0, len(level) - 63, 64))
        above = b"".join(hashlib.sha256(b"\x01" + pair).digest() for pair in pairs)
        level = above + level[2 * len(above) :]
    return level or hashlib.sha256().digest()


ENTRY_FIELDS = {
    "kind": re.compile(r"[a-z][a-z0-9_]{0,31}"),
    "nonce": re.compile(r"[0-9a-f]{32}"),
    "prev": DIGEST,
    "recorded_at": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]{1,9})?Z"),
}


def parse_entry(body: bytes) -> "dict[str, Any]":
    """Return the body of an entry; it must be canonical JSON (RFC 8785) of known fields."""
    try:
        entry = DECODER.decode(body.decode("utf-8"))
        again = ENCODER.encode(entry).encode("utf-8")
    except (ValueError, RecursionError):
        raise Malformed("不是规定的 JSON") from None
    demand(isinstance(entry, dict), "不是 JSON 对象")
    demand(again == body, "不是规范形式的 JSON")
    check_values(entry, MAX_NESTING)
    demand(set(entry) == {"v", "seq", "data", *ENTRY_FIELDS}, "的字段不是规定的字段")
    demand(entry["v"] == 1 and type(entry["v"]) is int, "的版本不是 1")
    demand(type(entry["seq"]) is int and entry["seq"] >= 0, "的序号不对")
    demand(isinstance(entry["data"], dict), "的 data 不是对象")
    for field, pattern in ENTRY_FIELDS.items():
        value = entry[field]
        demand(isinstance(value, str) and bool(pattern.fullmatch(value)), "的 {} 不对", field)
    return entry  # type: ignore[no-any-return]  # json gives Any


def check_values(value: object, depth: int) -> None:
    """Refuse what canonical JSON of this program cannot hold."""
    if isinstance(value, int):
        demand(abs(value) <= MAX_INTEGER, "有太大的整数")
    elif isinstance(value, (dict, list)):
        demand(depth > 0, "嵌套太深")
        for child in value.values() if isinstance(value, dict) else value:
            check_values(child, depth - 1)


def refuse(text: str) -> "NoReturn":
    """Refuse a number that is not a plain integer."""
    raise ValueError(text)


def integer(text: str) -> int:
    """Return a number that is not too long: older Pythons take hours for millions of digits."""
    return int(text) if len(text) <= 17 else refuse(text)


DECODER = json.JSONDecoder(parse_int=integer, parse_float=refuse, parse_constant=refuse)
ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# --- 3. root and the checkpoint -------------------------------------------------------------------


class Note(NamedTuple):
    """A signed checkpoint."""

    case_id: str
    size: int
    root: bytes
    signed: bytes
    key_id: bytes
    signature: bytes


NOTE = re.compile(
    "(liuhen/([0-9a-f]{32})\n(0|[1-9][0-9]{0,15})\n([A-Za-z0-9+/]{43}=)\n)\n"
    "\u2014 liuhen/\\2 ([A-Za-z0-9+/]{91}=)\n"
)


def parse_note(data: bytes) -> "Note":
    """Return a checkpoint (C2SP tlog-checkpoint in a signed note), taken strictly."""
    match = NOTE.fullmatch(data.decode("utf-8", "replace"))
    if match is None:
        raise Malformed("不是规定形式的检查点")
    root, blob = (base64.b64decode(part) for part in match.group(4, 5))
    again = base64.b64encode(root).decode()
    demand(again == match[4], "检查点的根值不是规范的 base64")
    demand(base64.b64encode(blob).decode() == match[5], "检查点的签名不是规范的 base64")
    return Note(match[2], int(match[3]), root, match[1].encode(), blob[:4], blob[4:])


def check_root(folder: "Folder", log: "Log") -> "Item":
    """Compare the root over the leaves with the checkpoint's."""
    item = Item("root")
    if CHECKPOINT not in folder.files:
        item.skip("缺少 {}", CHECKPOINT)
        return item
    try:
        log.note = note = parse_note(folder.read(CHECKPOINT, MAX_NOTE))
    except Malformed as error:
        item.check(False, "{}：{}", CHECKPOINT, error)
        return item
    if log.leaves is None:
        item.skip("{} 缺少或不能读", LEAVES)
        return item
    count = len(log.leaves)
    item.check(count == note.size, "检查点有 {} 条记录，leaves.txt 有 {} 行", note.size, count)
    root = log.leaves.root(count)
    same = root == note.root
    item.check(same, "根值应为 {}（检查点），由 leaves.txt 算得 {}", note.root.hex(), root.hex())
    item.good = "由 %d 行 leaves.txt 算得的根值与检查点一致：%s" % (count, root.hex())
    return item


# --- 4. signature ---------------------------------------------------------------------------------

SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")
PEM = "-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n"


def parse_key(data: bytes) -> bytes:
    """Return the 32 bytes of an Ed25519 key (RFC 8410), taken strictly."""
    try:
        der = base64.b64decode(data.split(b"\n")[1], validate=True)
    except (IndexError, binascii.Error):
        raise Malformed("不是规定形式的公钥") from None
    again = PEM.format(base64.b64encode(SPKI_PREFIX + der[12:]).decode()).encode()
    demand(again == data and len(der) == 44, "不是规定形式的 Ed25519 公钥")
    return der[12:]


def check_signature(folder: "Folder", log: "Log") -> "Item":
    """Check who signed the checkpoint."""
    item = Item("signature")
    if KEY in folder.files:
        try:
            log.key = parse_key(folder.read(KEY, 1024))
        except Malformed as error:
            item.check(False, "{}：{}", KEY, error)
            return item
    if log.key is None or log.note is None:
        item.skip("{} 缺少或不能读", KEY if log.key is None else CHECKPOINT)
        return item
    check_note_signature(item, log.note, log.key)
    if log.case_id:
        key, case_id = log.key.hex(), log.note.case_id
        same = log.public_key == key
        item.check(same, "公钥应为第 0 条记录中的 {}，实为 {}", log.public_key, key)
        same = log.case_id == case_id
        item.check(same, "案件编号应为第 0 条记录中的 {}，实为 {}", log.case_id, case_id)
    else:
        item.skip("第 0 条记录没有核对成功，不知道案件的公钥")
    item.good = "签名由第 0 条记录所列的公钥作出：%s" % log.key.hex()
    return item


def check_note_signature(item: "Item", note: "Note", key: bytes) -> None:
    """Check the signature of a note, and that it names the key."""
    name = b"liuhen/" + note.case_id.encode()
    expected = hashlib.sha256(name + b"\n\x01" + key).digest()[:4]
    item.check(note.key_id == expected, "检查点的密钥编号不是这个公钥的")
    item.check(ed25519(key, note.signature, note.signed), "检查点的签名不对")


# Ed25519 (RFC 8032 section 5.1), in affine terms of extended coordinates (X, Y, Z, T).

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def ed25519(public_key: bytes, signature: bytes, message: bytes) -> bool:
    """Tell whether a signature is right."""
    key, r = decompress(public_key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public_key + message).digest()
    k = int.from_bytes(digest, "little") % L
    left, right = times(s, BASE), add(r, times(k, key))
    same_x = (left[0] * right[2] - right[0] * left[2]) % P == 0
    return same_x and (left[1] * right[2] - right[1] * left[2]) % P == 0


def decompress(data: bytes) -> "tuple[int, int, int, int] | None":
    """Return the point that 32 bytes encode."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def add(
    p: "tuple[int, int, int, int]", q: "tuple[int, int, int, int]"
) -> "tuple[int, int, int, int]":
    """Add two points."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(factor: int, point: "tuple[int, int, int, int]") -> "tuple[int, int, int, int]":
    """Multiply a point."""
    total = (0, 1, 1, 0)
    while factor:
        if factor & 1:
            total = add(total, point)
        point, factor = add(point, point), factor >> 1
    return total


BASE = decompress((4 * pow(5, P - 2, P) % P).to_bytes(32, "little")) or (0, 1, 1, 0)


# --- 5. exhibits, 6. derived ----------------------------------------------------------------------


class Row(NamedTuple):
    """One row of exhibits.json."""

    seq: int
    sha256: str
    name: str


def parse_index(data: bytes) -> "dict[str, Row]":
    """Return the exhibits by label; the file must be as the program writes it."""
    try:
        rows = json.loads(data.decode("utf-8"), parse_int=integer)
        again = json.dumps(rows, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        same = again.encode("utf-8") == data
    except (ValueError, RecursionError):
        raise Malformed("不是 JSON") from None
    demand(same, "不是规定形式的 JSON")
    demand(isinstance(rows, dict), "不是证据列表")
    return {label: parse_row(label, row) for label, row in rows.items()}


def parse_row(label: str, row: object) -> "Row":
    """Return one row."""
    well = re.fullmatch(r"E[0-9]{3,6}", label) is not None
    demand(well, "证据编号 {} 不对", label)
    if not isinstance(row, dict) or set(row) != {"seq", "sha256", "name"}:
        raise Malformed("%s 的字段不是规定的字段" % label)
    demand(type(row["seq"]) is int and row["seq"] >= 0, "{} 的记录序号不对", label)
    well = isinstance(row["sha256"], str) and DIGEST.fullmatch(row["sha256"]) is not None
    demand(well, "{} 的 SHA-256 不对", label)
    return Row(row["seq"], row["sha256"], row["name"])


def check_exhibits(
    folder: "Folder", digests: "dict[str, str]", log: "Log"
) -> "tuple[Item, int, int]":
    """Compare the originals with their entries; return also how many are there and withheld."""
    item = Item("exhibits")
    if INDEX not in folder.files or not log.entries_read:
        item.skip("{} 缺少或不能读", INDEX if log.entries_read else "记录")
        return item, 0, 0
    try:
        rows = parse_index(folder.read(INDEX, MAX_INDEX))
    except Malformed as error:
        item.check(False, "{}：{}", INDEX, error)
        return item, 0, 0
    files = originals(folder, rows, item)
    seen: "set[int]" = set()
    for label, row in rows.items():
        entry = log.exhibits.get(row.seq)
        item.check(row.seq not in seen, "{} 的记录 {} 已经有编号", label, row.seq)
        seen.add(row.seq)
        check_row(item, label, row, entry)
        for path in files.get(label, []):
            check_original(item, path, (folder.files[path], digests[path]), entry)
    for seq in sorted(set(log.exhibits) - seen):
        item.skip("记录 {} 的证据没有编号，也没有随附", seq)
    withheld = [label for label in rows if label not in files]
    if withheld:
        item.skip("原件没有随附：{}", "、".join(withheld))
    item.good = "%d 个证据的原始文件与各自的记录一致" % len(files)
    return item, len(files), len(withheld)


def originals(folder: "Folder", rows: "dict[str, Row]", item: "Item") -> "dict[str, list[str]]":
    """Return the files of each row; each file must have a row, and each row one file."""
    files: "dict[str, list[str]]" = {}
    for path in sorted(folder.files):
        if path.startswith("data/exhibits/"):
            match = EXHIBIT_PATH.fullmatch(path)
            label = match[1] if match else ""
            if item.check(label in rows, "{} 不在 exhibits.json 中", path):
                files.setdefault(label, []).append(path)
    for label, found in files.items():
        item.check(len(found) == 1, "{} 有两个文件", label)
    return files


def check_row(item: "Item", label: str, row: "Row", entry: "ExhibitEntry | None") -> None:
    """Compare a row with its entry."""
    told = entry is not None
    item.check(told, "{} 的记录 {} 没有公开、没有核对成功或不是证据", label, row.seq)
    if entry is not None:
        same = row.sha256 == entry.sha256
        item.check(same, "{} 的 SHA-256 应为 {}，列表为 {}", label, entry.sha256, row.sha256)
        item.check(row.name == entry.name, "{} 的名称与记录不一致：{}", label, row.name)


def check_original(
    item: "Item", path: str, found: "tuple[int, str]", entry: "ExhibitEntry | None"
) -> None:
    """Compare size and digest of an original with its entry."""
    if entry is not None:
        same = found[1] == entry.sha256
        item.check(same, "{} 的 SHA-256 应为 {}，实为 {}", path, entry.sha256, found[1])
        item.check(found[0] == entry.size, "{} 应为 {} 字节，实为 {}", path, entry.size, found[0])


def check_derived(folder: "Folder") -> "Iterator[Item]":
    """Say that copies for the reader are not checked."""
    count = sum(path.startswith("data/redacted/") for path in folder.files)
    if count:
        item = Item("derived")
        item.skip("{} 个摘录或遮盖的副本只由清单固定；与原件是否一致，要有原件才能核对", count)
        yield item


# --- 7. timestamps: DER ---------------------------------------------------------------------------


class Der(NamedTuple):
    """One DER value (X.690)."""

    tag: int
    content: bytes
    whole: bytes

    def children(self) -> "list[Der]":
        """Return the values that this one holds."""
        found, at = [], 0
        while at < len(self.content):
            child, at = der(self.content, at)
            found.append(child)
        return found

    @property
    def oid(self) -> str:
        """The object identifier in dots."""
        demand(self.tag == 0x06 and bool(self.content), "不是对象标识符")
        if len(self.content) > MAX_OID:  # none that is known; its numbers would take minutes
            return self.content.hex()
        first = min(self.content[0] // 40, 2)
        arcs, value = [first, self.content[0] - 40 * first], 0
        for byte in self.content[1:]:
            value = value << 7 | byte & 0x7F
            if not byte & 0x80:
                arcs.append(value)
                value = 0
        return ".".join(map(str, arcs))

    @property
    def integer(self) -> int:
        """The number."""
        demand(self.tag == 0x02, "不是整数")
        return int.from_bytes(self.content, "big", signed=True)

    @property
    def time(self) -> "dt.datetime":
        """The moment of a UTCTime or GeneralizedTime."""
        text = self.content.decode("latin-1")
        if self.tag == 0x17:
            text = ("19" if text[:2] >= "50" else "20") + text
        match = re.fullmatch(r"([0-9]{14})(\.[0-9]{1,9})?Z", text)
        demand(self.tag in (0x17, 0x18) and match is not None, "时间的形式不对")
        try:
            moment = dt.datetime.strptime(text[:14], "%Y%m%d%H%M%S")
        except ValueError:
            raise Malformed("没有这个时间：%s" % shown(text)) from None
        return moment.replace(tzinfo=dt.timezone.utc)


def der(data: bytes, at: int = 0) -> "tuple[Der, int]":
    """Return the DER value at a place, and where the next one begins."""
    size, start = data[at + 1], at + 2
    if size & 0x80:
        count = size & 0x7F
        demand(0 < count <= 4, "DER 长度的形式不对")
        start += count
        size = int.from_bytes(data[at + 2 : start], "big")
    end = start + size
    demand(len(data) >= end, "DER 不完整")
    return Der(data[at], data[start:end], data[at:end]), end


def der_only(data: bytes) -> "Der":
    """Return the one DER value that ``data`` is."""
    value, end = der(data)
    demand(end == len(data), "后面还有多余的字节")
    return value


# --- 7. timestamps: keys and signatures -----------------------------------------------------------

HASHES = {
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}
SIGNATURES = {
    "1.2.840.113549.1.1.1": ("rsa", ""),
    "1.2.840.113549.1.1.11": ("rsa", "sha256"),
    "1.2.840.113549.1.1.12": ("rsa", "sha384"),
    "1.2.840.113549.1.1.13": ("rsa", "sha512"),
    "1.2.840.10045.4.3.2": ("ecdsa", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa", "sha512"),
}
"""Signature algorithms; rsaEncryption alone (RFC 3370) leaves the hash to the signer's field."""

DIGEST_INFO = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


class Curve(NamedTuple):
    """A prime curve of FIPS 186 with a = -3."""

    p: int
    b: int
    x: int
    y: int
    n: int


CURVES = {
    "1.2.840.10045.3.1.7": Curve(  # P-256
        0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF,
        0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B,
        0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
        0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    ),
    "1.3.132.0.34": Curve(  # P-384
        2**384 - 2**128 - 2**96 + 2**32 - 1,
        0xB3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF,
        0xAA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7,
        0x3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F,
        0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973,
    ),
}


def verify_signature(
    spki: "Der", algorithm: "Der", signature: bytes, data: bytes, hashed: str = ""
) -> bool:
    """Tell whether ``signature`` over ``data`` is by the key of a SubjectPublicKeyInfo."""
    kind, name = SIGNATURES.get(algorithm.children()[0].oid, ("", ""))
    name = name or hashed
    about, bits = spki.children()
    key = about.children()[0].oid
    if kind == "rsa" and key == "1.2.840.113549.1.1.1" and name:
        modulus, exponent = (part.integer for part in der_only(bits.content[1:]).children())
        return rsa(modulus, exponent, signature, name, data)
    if kind == "ecdsa" and key == "1.2.840.10045.2.1":
        curve = CURVES.get(about.children()[1].oid)
        if curve is not None:
            r, s = (part.integer for part in der_only(signature).children())
            return ecdsa(curve, bits.content[1:], r, s, hashlib.new(name, data).digest())
    raise Unsupported("签名算法不在本程序能核对之列（RSA、ECDSA P-256/P-384，SHA-256/384/512）")


def rsa(modulus: int, exponent: int, signature: bytes, name: str, data: bytes) -> bool:
    """Verify RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2.2)."""
    size = (modulus.bit_length() + 7) // 8
    if not (1 << 1023 < modulus < 1 << 16384 and 2 < exponent < 1 << 64) or len(signature) != size:
        return False
    found = pow(int.from_bytes(signature, "big"), exponent, modulus).to_bytes(size, "big")
    told = DIGEST_INFO[name] + hashlib.new(name, data).digest()
    return found == b"\x00\x01" + b"\xff" * (size - 3 - len(told)) + b"\x00" + told


def ecdsa(curve: "Curve", key: bytes, r: int, s: int, digest: bytes) -> bool:
    """Verify ECDSA (FIPS 186-5 section 6.4.2)."""
    p, n, size = curve.p, curve.n, (curve.p.bit_length() + 7) // 8
    if len(key) != 2 * size + 1 or key[0] != 4:
        raise Unsupported("椭圆曲线公钥的形式不在本程序能核对之列")
    x, y = int.from_bytes(key[1 : size + 1], "big"), int.from_bytes(key[size + 1 :], "big")
    on_curve = x < p and y < p and (y * y - x**3 + 3 * x - curve.b) % p == 0
    if not (on_curve and 0 < r < n and 0 < s < n):
        return False
    e = int.from_bytes(digest, "big") >> max(0, len(digest) * 8 - n.bit_length())
    w = pow(s, n - 2, n)
    left = ec_times(curve, e * w % n, (curve.x, curve.y, 1))
    right = ec_times(curve, r * w % n, (x, y, 1))
    found = ec_add(curve, left, right)
    return found[2] != 0 and found[0] * pow(found[2], 2 * (p - 2), p) % p % n == r


def ec_double(curve: "Curve", q: "tuple[int, int, int]") -> "tuple[int, int, int]":
    """Double a point in Jacobian coordinates."""
    (x, y, z), p = q, curve.p
    delta, gamma = z * z % p, y * y % p
    beta, alpha = x * gamma % p, 3 * (x - delta) * (x + delta) % p
    x3 = (alpha * alpha - 8 * beta) % p
    return x3, (alpha * (4 * beta - x3) - 8 * gamma * gamma) % p, 2 * y * z % p


def ec_add(
    curve: "Curve", q: "tuple[int, int, int]", r: "tuple[int, int, int]"
) -> "tuple[int, int, int]":
    """Add two points in Jacobian coordinates; z = 0 is the neutral one."""
    if q[2] == 0 or r[2] == 0:
        return r if q[2] == 0 else q
    p = curve.p
    zq, zr = q[2] * q[2] % p, r[2] * r[2] % p
    uq, ur = q[0] * zr % p, r[0] * zq % p
    sq, sr = q[1] * r[2] * zr % p, r[1] * q[2] * zq % p
    h, i = (ur - uq) % p, (sr - sq) % p
    if h == 0:
        return ec_double(curve, q) if i == 0 else (1, 1, 0)
    hh, hhh = h * h % p, h * h * h % p
    x = (i * i - hhh - 2 * uq * hh) % p
    return x, (i * (uq * hh - x) - sq * hhh) % p, h * q[2] * r[2] % p


def ec_times(curve: "Curve", factor: int, point: "tuple[int, int, int]") -> "tuple[int, int, int]":
    """Multiply a point."""
    total = (1, 1, 0)
    for digit in bin(factor)[2:]:
        total = ec_double(curve, total)
        if digit == "1":
            total = ec_add(curve, total, point)
    return total


# --- 7. timestamps: certificates ------------------------------------------------------------------

BASIC_CONSTRAINTS, KEY_USAGE, PURPOSE = "2.5.29.19", "2.5.29.15", "2.5.29.37"
TIME_STAMPING = "1.3.6.1.5.5.7.3.8"
HARMLESS = {"2.5.29.14", "2.5.29.17", "2.5.29.31", "2.5.29.32", "2.5.29.35"}
"""Extensions that may be critical without a meaning here: identifiers, names, policies."""
LIMITS = {"2.5.29.30", "2.5.29.33", "2.5.29.36", "2.5.29.54"}
"""Constraints of names and policies (RFC 5280): well known, but this program cannot judge them."""


class Certificate:
    """What is needed of an X.509 certificate (RFC 5280)."""

    def __init__(self, value: "Der") -> None:
        self.whole = value.whole
        tbs, self.algorithm, signature = value.children()
        self.tbs, self.signature = tbs.whole, signature.content[1:]
        fields = tbs.children()
        if fields[0].tag == 0xA0:
            del fields[0]
        self.serial, self.issuer, self.subject = fields[0].integer, fields[2], fields[4]
        self.not_before, self.not_after = (part.time for part in fields[3].children())
        self.spki = fields[5]
        self.extensions: "dict[str, tuple[bool, Der]]" = {}
        for field in fields[6:]:
            if field.tag == 0xA3:
                for extension in der_only(field.content).children():
                    parts = extension.children()
                    critical = len(parts) == 3 and parts[1].content == b"\xff"
                    value = der_only(parts[-1].content)
                    self.extensions[parts[0].oid] = (critical, value)

    @property
    def name(self) -> str:
        """The common name of the subject, or its last name."""
        names = [part.children() for each in self.subject.children() for part in each.children()]
        texts = {kind.oid: decode_name(value) for kind, value in names}
        return texts.get("2.5.4.3") or (list(texts.values()) or ["（没有名称）"])[-1]

    def usages(self) -> "set[int] | None":
        """Return the bits of keyUsage (0 digitalSignature, 1 nonRepudiation, 5 keyCertSign)."""
        if KEY_USAGE not in self.extensions:
            return None
        bits = self.extensions[KEY_USAGE][1].content[1:]
        return {i for i in range(len(bits) * 8) if bits[i // 8] & 0x80 >> i % 8}

    def check_time(self, moment: "dt.datetime") -> None:
        """Refuse a certificate that was not valid at a moment."""
        valid = self.not_before <= moment <= self.not_after
        span = "%s 至 %s" % (self.not_before.date(), self.not_after.date())
        demand(valid, "证书“{}”在时间戳的时间无效（有效期 {}）", self.name, span)

    def check_signer(self) -> None:
        """Refuse a certificate that is not for signing timestamps alone (RFC 3161 section 2.3)."""
        critical, purpose = self.extensions.get(PURPOSE, (False, None))
        purposes = [each.oid for each in purpose.children()] if purpose else []
        demand(purposes == [TIME_STAMPING], "签名证书的用途不是（或不只是）时间戳")
        demand(critical, "签名证书的用途没有标为关键")
        usages = self.usages()
        demand(usages is None or (bool(usages) and usages <= {0, 1}), "签名证书的密钥用途不对")

    def check_issuer(self, below: int) -> None:
        """Refuse what may not issue certificates with ``below`` intermediates under it."""
        _, basic = self.extensions.get(BASIC_CONSTRAINTS, (False, None))
        parts = basic.children() if basic else []
        is_ca = bool(parts) and parts[0].tag == 0x01 and parts[0].content == b"\xff"
        demand(is_ca, "证书“{}”不是签发机构的证书", self.name)
        limit = parts[1].integer if len(parts) > 1 else below
        demand(below <= limit, "证书“{}”不允许下面有 {} 级中间证书", self.name, below)
        usages = self.usages()
        demand(usages is None or 5 in usages, "证书“{}”不得用于签发证书", self.name)

    def check_critical(self) -> None:
        """Refuse a critical extension whose meaning is not known (RFC 5280 section 4.2)."""
        known = {BASIC_CONSTRAINTS, KEY_USAGE, PURPOSE, *HARMLESS}
        critical = {name for name, (critical, _) in self.extensions.items() if critical}
        odd = sorted(critical - known - LIMITS)
        demand(not odd, "证书“{}”有不认识的关键扩展 {}", self.name, " ".join(odd))
        if critical & LIMITS:
            raise Unsupported("证书“%s”的限制不在本程序能核对之列" % shown(self.name))

    def check_signed_by(self, issuer: "Certificate") -> None:
        """Refuse a certificate that ``issuer`` has not signed."""
        right = verify_signature(issuer.spki, self.algorithm, self.signature, self.tbs)
        demand(right, "证书“{}”的签名不是“{}”作出的", self.name, issuer.name)


def decode_name(value: "Der") -> str:
    """Return the text of a directory string."""
    encoding = {0x1E: "utf-16-be", 0x0C: "utf-8"}.get(value.tag, "latin-1")
    return value.content.decode(encoding, "replace")


def check_chain(
    signer: "Certificate",
    others: "list[Certificate]",
    roots: "list[Certificate]",
    at: "dt.datetime",
) -> None:
    """Refuse a signer that no given root stands for at the moment ``at`` (RFC 5280 section 6)."""
    problems: "list[Malformed]" = []
    trusted = {root.whole for root in roots}
    tried: "list[Certificate]" = []

    def reaches(certificate: "Certificate", below: int) -> bool:
        if certificate.whole in trusted:
            return True
        for issuer in (*roots, *others):
            if issuer.subject.whole != certificate.issuer.whole or below > MAX_DEPTH:
                continue
            try:
                issuer.check_time(at)
                issuer.check_issuer(below)
                issuer.check_critical()
                tried.append(issuer)
                if len(tried) > MAX_ISSUERS:  # a forger's can all certify each other
                    return False
                certificate.check_signed_by(issuer)
            except Malformed as error:
                problems.append(error)
                continue
            if reaches(issuer, below + 1):
                return True
        return False

    if not reaches(signer, 0):
        none = Malformed("签名证书“%s”不能追溯到所给的根证书" % shown(signer.name))
        demand(False, "{}", [*problems, none][0])


def read_roots(paths: "list[str]") -> "list[Certificate]":
    """Return the certificates of files, PEM or DER."""
    roots = []
    for path in paths:
        with open(path, "rb") as file:
            data = file.read(MAX_TOKEN)
        mark = rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----"
        found = [base64.b64decode(body) for body in re.findall(mark, data)] or [data]
        try:
            roots += [Certificate(der_only(each)) for each in found]
        except (Malformed, ValueError, IndexError) as error:
            raise Unreadable("不是证书：%s（%s）" % (shown(path), shown(error))) from None
    return roots


# --- 7. timestamps: tokens (RFC 3161, RFC 5652, RFC 5035) -----------------------------------------

SIGNED_DATA, TST_INFO = "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNED_BY, SIGNED_BY_V2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"


class Token:
    """A timestamp token, parsed; nothing of it is checked yet."""

    def __init__(self, response: bytes) -> None:
        parts = der_only(response).children()
        self.status = parts[0].children()[0].integer
        demand(self.status in (0, 1), "时间戳机构没有签发（状态 {}）", self.status)
        demand(len(parts) == 2, "回复中没有时间戳")
        kind, wrapped = parts[1].children()
        demand(kind.oid == SIGNED_DATA, "时间戳不是签名数据")
        fields = der_only(wrapped.content).children()
        kind, content = fields[2].children()
        self.kind, self.info = kind.oid, der_only(content.content).content
        self.certificates = [
            Certificate(each) for f in fields[3:] if f.tag == 0xA0 for each in f.children()
        ]
        signers = fields[-1].children()
        demand(len(signers) == 1, "时间戳的签名不是一个")
        _, self.signer_id, digest, attributes, self.algorithm, signature = signers[0].children()[:6]
        self.hash = HASHES.get(digest.children()[0].oid, "")
        self.signed = b"\x31" + attributes.whole[1:]
        self.signature = signature.content
        self.attributes: "dict[str, list[Der]]" = {}
        for attribute in attributes.children():
            name, values = attribute.children()
            self.attributes.setdefault(name.oid, []).extend(values.children())
        info = der_only(self.info).children()
        self.imprint, self.time = parse_imprint(info[2]), info[4].time
        self.nonce = next((part.integer for part in info[5:] if part.tag == 0x02), None)

    def signer(self) -> "Certificate":
        """Return the signer's certificate, if the signature is its and the attributes are right."""
        if not self.hash:
            raise Unsupported("时间戳签名的哈希算法不在本程序能核对之列（SHA-256/384/512）")
        issuer, serial = self.signer_id.children()
        for certificate in self.certificates:
            if certificate.issuer.whole == issuer.whole and certificate.serial == serial.integer:
                break
        else:
            raise Malformed("时间戳里没有签名者的证书")
        demand(self.kind == TST_INFO, "签名的内容不是时间戳")
        kinds = [each.oid for each in self.attributes.get(CONTENT_TYPE, [])]
        demand(kinds == [TST_INFO], "签名属性中的内容类型不对")
        digests = [each.content for each in self.attributes.get(MESSAGE_DIGEST, [])]
        own = hashlib.new(self.hash, self.info).digest()
        demand(digests == [own], "签名属性中的摘要不是时间戳内容的")
        self._check_bound(certificate)
        right = verify_signature(
            certificate.spki, self.algorithm, self.signature, self.signed, self.hash
        )
        demand(right, "时间戳的签名不对")
        return certificate

    def _check_bound(self, certificate: "Certificate") -> None:
        bound = [("sha1", each) for each in self.attributes.get(SIGNED_BY, [])]
        bound += [("sha256", each) for each in self.attributes.get(SIGNED_BY_V2, [])]
        demand(bool(bound), "签名属性没有指明签名证书")
        for name, value in bound:
            first = value.children()[0].children()[0].children()
            named = first.pop(0).children()[0].oid if first[0].tag == 0x30 else ""
            own = hashlib.new(HASHES.get(named, name), certificate.whole).digest()
            demand(first[0].content == own, "签名属性指明的是另一张证书")


def parse_imprint(value: "Der") -> "tuple[str, bytes]":
    """Return hash name and digest of a message imprint."""
    algorithm, digest = value.children()
    return HASHES.get(algorithm.children()[0].oid, ""), digest.content


def check_request(data: bytes, token: "Token") -> None:
    """Compare a request with the token that answers it."""
    parts = der_only(data).children()
    nonce = next((part.integer for part in parts[2:] if part.tag == 0x02), None)
    demand(parse_imprint(parts[1]) == token.imprint, "请求（.tsq）的摘要与时间戳不同")
    demand(nonce == token.nonce, "请求（.tsq）的随机数与时间戳不同")


def check_covered(item: "Item", note: "Note", leaves: "Leaves", case_id: str, key: bytes) -> None:
    """Check that a stamped checkpoint is one of this log."""
    item.check(note.case_id == case_id, "检查点属于另一个案件：{}", note.case_id)
    check_note_signature(item, note, key)
    within = 0 < note.size <= len(leaves)
    within = item.check(within, "检查点有 {} 条记录，材料包有 {} 条", note.size, len(leaves))
    same = not within or leaves.root(note.size) == note.root
    item.check(same, "检查点的根值不是 leaves.txt 前 {} 行的根值", note.size)


def check_timestamp(
    folder: "Folder", number: str, log: "Log", roots: "list[Certificate]"
) -> "Item":
    """Check one timestamp."""
    item = Item("timestamp " + number)
    place = "data/anchor/" + number
    if not item.check(place + ".checkpoint" in folder.files, "缺少 {}.checkpoint", place):
        return item
    if log.leaves is None or log.note is None or log.key is None:
        item.skip("检查点、公钥或 leaves.txt 缺少或不能读")
        return item
    try:
        covered = folder.read(place + ".checkpoint", MAX_NOTE)
        check_covered(item, parse_note(covered), log.leaves, log.note.case_id, log.key)
        token = Token(folder.read(place + ".tsr", MAX_TOKEN))
        name, digest = token.imprint
        demand(bool(name), "时间戳的摘要不是 SHA-256/384/512")
        demand(hashlib.new(name, covered).digest() == digest, "时间戳不是对这个检查点作出的")
        if place + ".tsq" in folder.files:
            check_request(folder.read(place + ".tsq", MAX_TOKEN), token)
        signer = token.signer()
        signer.check_signer()
        signer.check_critical()
        signer.check_time(token.time)
        when = token.time.astimezone(dt.timezone(dt.timedelta(hours=8)))
        said = "%s（北京时间），“%s”" % (when.strftime("%Y-%m-%d %H:%M:%S"), shown(signer.name))
        if roots:
            check_chain(signer, token.certificates, roots, token.time)
            item.good = said + "，可追溯到所给的根证书"
        else:
            item.skip("{}：没有给出根证书（--roots），不知道签发者是不是可信的机构", said)
    except Malformed as error:
        item.check(False, "{}", error)
    except Unsupported as error:
        item.skip("{}", error)
    except (ValueError, IndexError, OverflowError, RecursionError):
        item.check(False, "不是规定形式的时间戳")
    return item


# --- 8. earlier bundles ---------------------------------------------------------------------------


def check_earlier(path: str, log: "Log") -> "Item":
    """Check that an earlier bundle is the beginning of this one."""
    item = Item("earlier")
    earlier = Folder(path)
    if not {LEAVES, CHECKPOINT} <= set(earlier.files):
        raise Unreadable("不是材料包：%s" % shown(path))
    if log.leaves is None or log.note is None or log.key is None:
        item.skip("检查点、公钥或 leaves.txt 缺少或不能读")
        return item
    try:
        leaves = read_leaves(earlier)
        note = parse_note(earlier.read(CHECKPOINT, MAX_NOTE))
    except Malformed as error:
        item.check(False, "以前的材料包：{}", error)
        return item
    item.check(note.case_id == log.note.case_id, "以前的材料包属于另一个案件：{}", note.case_id)
    check_note_signature(item, note, log.key)
    count = len(leaves)
    item.check(count == note.size, "以前的检查点有 {} 条，leaves.txt 有 {} 行", note.size, count)
    item.check(leaves.root(count) == note.root, "以前的 leaves.txt 与它的检查点不一致")
    first = leaves.common(log.leaves)
    item.check(first == len(leaves), "从记录 {} 起与以前的材料包不同", first)
    item.good = "以前的 %d 条记录原样在前，此后新增 %d 条" % (
        len(leaves),
        len(log.leaves) - len(leaves),
    )
    return item


# --- the whole ------------------------------------------------------------------------------------


def check_bundle(
    root: str, roots: "list[str]", earlier: "list[str]"
) -> "tuple[list[Item], list[str]]":
    """Return the items, and sentences about what there is."""
    trusted = read_roots(roots)
    folder = Folder(root)
    if BAGIT not in folder.files and CHECKPOINT not in folder.files:
        raise Unreadable("不是材料包：%s" % shown(root))
    digests = folder.digests()
    log = Log()
    items = [
        check_manifests(folder, digests),
        check_entries(folder, log),
        check_root(folder, log),
        check_signature(folder, log),
    ]
    item, present, withheld = check_exhibits(folder, digests, log)
    items += [item, *check_derived(folder)]
    numbers = [match[1] for match in map(TOKEN_PATH.fullmatch, sorted(folder.files)) if match]
    items += [check_timestamp(folder, number, log, trusted) for number in numbers]
    items += [check_earlier(path, log) for path in earlier]
    total = 0 if log.leaves is None else len(log.leaves)
    said = [
        "案件共有 %d 条记录：公开 %d 条，隐去 %d 条（只隐去内容）。"
        % (total, log.disclosed, total - log.disclosed),
        "原始文件：随附 %d 个，没有随附 %d 个。" % (present, withheld),
    ]
    if not numbers and not earlier:
        said.append("没有时间戳，也没有给出以前的材料包：没有外部的东西能固定这份记录的时间。")
    return items, said


def report(items: "list[Item]", said: "list[str]", out: "Callable[[str], object]") -> int:
    """Print the result; return the exit code."""
    verdicts = {item.verdict for item in items}
    for item in items:
        out("%s\t%s\t%s" % (item.verdict, item.name, item.sentence))
    out("")
    for sentence in said:
        out(sentence)
    out("这些核对不能说明什么：")
    for sentence in DOES_NOT_PROVE:
        out("* " + sentence)
    out("")
    if NOT_INTACT in verdicts:
        out("结论：有不一致的项目，见上面标为 NOT INTACT 的行。")
        out("RESULT: NOT INTACT")
        return 10
    if NOT_CHECKED in verdicts:
        out("结论：核对过的项目都一致；标为 NOT CHECKED 的没有核对，不能当作已通过。")
        out("RESULT: INTACT, NOT COMPLETE")
        return 11
    out("结论：所有项目都一致。")
    out("RESULT: INTACT")
    return 0


def main(arguments: "list[str]") -> int:
    """Check the bundle that the arguments name."""
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    parser = argparse.ArgumentParser(
        description="核验留痕材料包，不需要联网，不改动任何文件。",
        epilog="返回值：0 全部一致，10 有不一致，11 有未核对，2 用法不对，3 不是材料包或不能读。",
    )
    add = parser.add_argument
    add("bundle", nargs="?", default=own, help="材料包文件夹；默认是本程序所在的那一个")
    add("--roots", action="append", default=[], help="时间戳机构的根证书（PEM 或 DER）")
    add("--earlier", action="append", default=[], help="同一案件以前的材料包")
    given = parser.parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
        sys.stderr.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # as above
    try:
        items, said = check_bundle(given.bundle, given.roots, given.earlier)
    except (Unreadable, OSError) as error:
        print("不能核验：%s" % shown(error), file=sys.stderr)
        return 3
    return report(items, said, print)


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # the reader of the output may stop early
    sys.exit(main(sys.argv[1:]))
