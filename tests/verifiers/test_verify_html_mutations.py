"""Each check of verify.html, taken out, lets a case of the table pass: no check is idle."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verifiers import page as pages
from tests.verifiers.browser import Browser, Page
from tests.verifiers.forge import Workshop
from tests.verifiers.table import BY_NAME

NEVER = "if (false)"

MUTATIONS: tuple[tuple[str, ...], ...] = (
    # What stands in the page and what is put there instead (once or more); the case that fails.
    # 1. manifests
    ("if (this.digests.get(path) !== digest)", NEVER, "byte of data/packet.pdf flipped at 0.0"),
    (
        "else if (!this.files.has(path)) item.broken",
        "else if (false) item.broken",
        "tag file missing",
    ),
    ("if (belongs(path) && !listed.has(path))", NEVER, "unlisted file 'more.txt'"),
    ("if (!belongs(path)) item", "if (false) item", "tag manifest lists payload"),
    ("if (!listed.has(path)) item", "if (false) item", "data/packet.pdf dropped and sealed"),
    (
        "if (match === null) throw new Wrong(`${at}的格式",
        "if (match === null) return; if (false) throw new Wrong(`${at}的格式",
        "manifest with blank line",
    ),
    ("if (!isSafe(match[2]))", NEVER, "listed file with a blank in its name"),
    ("if (small.has(", "if (false && small.has(", "listed file: name of a twin"),
    ("|aux|", "|ux|", "listed file: name of a device"),
    ("&& parts.length <= LIMITS.folders + 1", "", "listed file: folder nine deep"),
    ("/[^.]$/.test(part)", "part !== '' && part !== '..'", "listed file: name that ends in a dot"),
    ("if (listed.has(match[2]))", NEVER, "manifest with line twice"),
    (
        'if (lines.pop() !== "")',
        "if (!lines[lines.length - 1]) lines.pop(); if (false)",
        "manifest with no newline at the end",
    ),
    ("if (bagit === null || utf8(bagit) !== BAGIT)", NEVER, "declaration of another version"),
    ("if (right !== undefined && value !== right)", NEVER, "bag-info with another case"),
    ('label === "payload-oxum").length > 1', "false).length > 1", "bag-info with sum twice"),
    ('value !== "1"', "false", "bag-info of another version"),
    ("if (bytes.includes(0)) throw", "if (false) throw", "bag-info with NUL byte"),
    (
        "if (match === null) throw new Wrong(`bag-info.txt",
        "if (match === null) return; if (false) throw new Wrong(`bag-info.txt",
        "bag-info with blank line",
    ),
    ('wanted["liuhen-checkpoint-code"] =', "const unused =", "bag-info with code that goes on"),
    # 2. entries
    (
        "if (bad) throw new Wrong(`leaves.txt",
        "if (false) throw new Wrong(`leaves.txt",
        "leaves in capitals",
    ),
    ("if (seq <= last)", NEVER, "entries swapped"),
    (
        "if (!same(sha256(Uint8Array.of(0), body), this.leaves.at(seq)))",
        NEVER,
        "words of an entry changed",
    ),
    ("if (entry.prev !== link)", NEVER, "link to another entry"),
    ('if ((seq === 0) !== (kind === "case"))', NEVER, "second entry that is a case like the first"),
    ("if (!this.caseEntry) item.broken", "if (false) item.broken", "first entry dropped"),
    ("if (held) yield null;", "", "bytes after the entries"),
    ("if (number > this.leaves.count)", NEVER, "more lines than leaves"),
    ("if (canonical(entry) !== text)", NEVER, "entry with field of the data twice"),
    ("if (depth === 0) throw", "if (false) throw", "entry with lists forty deep"),
    (
        "if (!Number.isSafeInteger(value)) throw",
        "if (false) throw",
        "entry with huge integer in the data",
    ),
    (r"if (/\p{Surrogate}/u.test(value)) throw", "if (false) throw", "entry with half a surrogate"),
    (
        '.join() !== "data,kind,nonce,prev,recorded_at,seq,v"',
        ".length < 7",
        "another field in an entry",
    ),
    ("const known = entry.v === 1", "const known = true", "version 2 of an entry"),
    ("/^[a-z][a-z0-9_]{0,31}$/", "/./", "kind in capitals"),
    (
        "{ fatal: true, ignoreBOM: true }",
        "{ ignoreBOM: true }",
        "entry with bytes that are not UTF-8",
    ),
    # 3. root
    ("if (size !== this.leaves.count)", NEVER, "signed size differs"),
    ("if (!same(found, root))", NEVER, "signed root differs"),
    (
        "btoa(binary) === text ? ascii(binary) : null",
        "ascii(binary)",
        "checkpoint with a root written in another way",
    ),
    (
        "if (match === null || match[1] !== match[5])",
        "if (match === null)",
        "checkpoint with the name of another key",
    ),
    ("(0|[1-9][0-9]{0,15})", "([0-9]+)", "checkpoint with size with a zero in front"),
    # The constraints of certificates that are not judged.
    (
        "if (critical.some((id) => BOUNDS.includes(id)))",
        NEVER,
        "timestamp with an intermediate of limited names",
    ),
    # 4. signature
    ("if (!same(id, checkpoint.keyId))", NEVER, "id of the key flipped"),
    ("if (!(await ed25519(", "if (false && !(await ed25519(", "signature flipped at 4"),
    (
        "if (this.caseEntry.key !== hex(this.key))",
        NEVER,
        "signed by another key that lies beside it",
    ),
    ("if (this.caseEntry.caseId !== this.checkpoint.caseId)", NEVER, "checkpoint of another case"),
    (
        "if (!this.caseEntry) throw new Unable",
        "if (!this.caseEntry) throw new Wrong",
        "first entry dropped",
    ),
    ('!== "302a300506032b6570032100"', '=== ""', "key of another kind and the same length"),
    # 5. exhibits
    (
        "else if (found !== entry.sha256)",
        "else if (false)",
        "byte of data/exhibits/E001.wav flipped at 0.5 and sealed",
    ),
    ("if (this.files.get(path).size !== entry.size)", NEVER, "entry with another size"),
    (
        "if (row.sha256 !== entry.sha256 || row.name !== entry.name)",
        "if (row.sha256 !== entry.sha256)",
        "row with another name",
    ),
    (
        "if (row.sha256 !== entry.sha256 || row.name !== entry.name)",
        "if (row.name !== entry.name)",
        "row with another digest",
    ),
    ("if (paths.length > 1) item", "if (false) item", "file of two kinds"),
    ("if (!paths.length) this.withheld", "if (false) this.withheld", "exhibit withheld"),
    (
        "if (!match) item.broken(`${clean(path)} 不是证据",
        "if (false) item.broken(`${clean(path)} 不是证据",
        "exhibit E1.wav without a row",
    ),
    (
        "for (const paths of files.values()) item",
        "for (const paths of []) item",
        "exhibit E004.wav without a row",
    ),
    ("if (seen.has(row.seq))", NEVER, "row of an exhibit that has one"),
    ("if (!entry) {\n      item.broken(", "if (!entry) {\n      void (", "row of a withheld entry"),
    (
        "if (!seen.has(seq)) this.withheld",
        "if (false) this.withheld",
        "exhibit without row and file",
    ),
    (
        r"if (`${JSON.stringify(ordered, null, 1)}\n` !== text)",
        NEVER,
        "list of exhibits with a row twice",
    ),
    # 6. derived
    ("if (!count) return;", "return;", "derived table"),
    # 7. timestamps
    (
        'if (checkpoint.caseId !== this.checkpoint.caseId) item.broken("被固定',
        'if (false) item.broken("被固定',
        "timestamp over a checkpoint of another case",
    ),
    (
        "if (problem) item.broken(`被固定的检查点：",
        "if (false) item.broken(`被固定的检查点：",
        "timestamp over a checkpoint by another key",
    ),
    (
        "if (checkpoint.size < 1 || checkpoint.size > this.leaves.count)",
        "if (checkpoint.size > this.leaves.count)",
        "timestamp over a checkpoint of no entries",
    ),
    (
        'if (!same(root, checkpoint.root)) item.broken("被固定',
        'if (false) item.broken("被固定',
        "timestamp over a checkpoint of another root",
    ),
    ("if (!this.roots.length) throw", "if (false) throw", "timestamp and no root"),
    ('if (status !== "00" && status !== "01")', NEVER, "timestamp refused"),
    (
        "if (found.tag !== tag || found.next !== bytes.length)",
        "if (found.tag !== tag)",
        "timestamp with bytes after it",
    ),
    (
        "if (oid(content.take(6)) !== TST_INFO)",
        "content.take(6); if (false)",
        "if (!type || oid(type) !== TST_INFO)",
        NEVER,
        "timestamp of another content",
    ),
    (
        'if (!["SHA-256", "SHA-384", "SHA-512"].includes(tst.imprint.hash))',
        NEVER,
        "timestamp over a digest of SHA-1",
    ),
    (
        "if (!same(tst.imprint.digest, await digest(tst.imprint.hash, covered)))",
        NEVER,
        "token of another checkpoint",
    ),
    ("if (asked !== given)", NEVER, "timestamp with another nonce"),
    (
        " || !same(request.imprint.digest, tst.imprint.digest)",
        "",
        "timestamp whose request is over something else",
    ),
    (
        "if (!stated || !same(stated.body, await digest(signer.hash, info)))",
        NEVER,
        "timestamp, year flipped",
    ),
    ("if (!newer && !older) return", "if (false) return", "timestamp that names no signer"),
    (
        "if (!same(first.take(4).body, await digest(hash, certificate.raw)))",
        "first.take(4); if (false)",
        "timestamp that names another signer",
    ),
    (
        'if (listed.length !== 1 || listed[0] !== "1.3.6.1.5.5.7.3.8")',
        'if (listed[0] !== "1.3.6.1.5.5.7.3.8")',
        "timestamp by a certificate of two purposes",
    ),
    (
        'if (listed.length !== 1 || listed[0] !== "1.3.6.1.5.5.7.3.8")',
        "if (listed.length !== 1)",
        "timestamp by a certificate of another purpose",
    ),
    ("if (!purpose.critical)", NEVER, "timestamp by a certificate whose purpose is not critical"),
    ("if (!right) throw", "if (false) throw", "timestamp with a changed signature"),
    (
        "if (tst.time < certificate.from || tst.time > certificate.until)",
        NEVER,
        "timestamp by a certificate expired by then, no root",
    ),
    (
        "if (when < certificate.from || when > certificate.until)",
        NEVER,
        "timestamp with an expired intermediate",
    ),
    (
        "if (fields?.maybe(1)?.body[0] !== 0xff)",
        'if (!fields) return ""; if (fields.maybe(1) && false)',
        "timestamp with an intermediate that is no CA",
    ),
    (
        "if (length && Number(`0x${hex(length.body)}`) < below)",
        NEVER,
        "timestamp with more intermediates than the root allows",
    ),
    (
        "if (usage !== null && !(usage & USAGE.certificates))",
        NEVER,
        "timestamp with an intermediate that may not sign",
    ),
    ("if (!(await certifies(next, certificate))) continue;", "", "timestamp of a forged authority"),
    (
        "if (roots.some((root) => same(root.raw, certificate.raw)))",
        "if (same(certificate.subject, certificate.issuer))",
        "timestamp of a forged authority that brings its root",
    ),
    # 8. earlier
    (
        'if (checkpoint.caseId !== this.checkpoint.caseId) throw new Wrong("以前',
        'if (false) throw new Wrong("以前',
        "earlier bundle of another case",
    ),
    (
        "if (problem) item.broken(`以前",
        "if (false) item.broken(`以前",
        "earlier bundle of another key",
    ),
    (
        "if (checkpoint.size !== older.count || !same(root, checkpoint.root))",
        "if (checkpoint.size !== older.count)",
        "earlier bundle with another root",
    ),
    ("if (!same(older.at(n), this.leaves.at(n)))", NEVER, "withheld entries written anew"),
    ("if (older.count > this.leaves.count)", NEVER, "later bundle is shorter"),
    # the whole
    ('if (verdicts.includes("NOT INTACT")) exit = 10;', "", "exhibits swapped"),
    ('let exit = verdicts.includes("NOT CHECKED") ? 11 : 0;', "let exit = 0;", "exhibit withheld"),
)


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    tab = browser.page()
    yield tab
    tab.close()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation[0][:60])
def test_a_check_taken_out_is_noticed(
    tab: Page, workshop: Workshop, tmp_path: Path, mutation: tuple[str, ...]
) -> None:
    *edits, case = mutation
    text = pages.source()
    for old, new in zip(edits[::2], edits[1::2], strict=True):
        assert text.count(old) == 1
        text = text.replace(old, new)
    mutant = tmp_path / "verify.html"
    mutant.write_text(pages.sealed(text), encoding="utf-8")
    tab.open(mutant.as_uri())
    assert pages.wait(tab, "document.getElementById('old').hidden"), "the script does not run"
    pages.give(tab, BY_NAME[case].make(workshop))
    found = pages.outcome(pages.result(tab))
    assert BY_NAME[case].mismatch(found, "html") != ""
