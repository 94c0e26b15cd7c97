"""verify.html says the same in Firefox: from the disk, offline, of a folder and of a zip.

One browser serves the whole module, and a single test goes through its part of the table: with
several test processes every test more may start a browser more.
"""

import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verifiers import page as pages
from tests.verifiers.case import ALL_INTACT, Given
from tests.verifiers.chosen import chosen
from tests.verifiers.firefox import Firefox, find_firefox
from tests.verifiers.forge import Workshop
from tests.verifiers.table import BY_NAME
from tests.verifiers.zips import zipped

CASES = (
    # Good, and what cannot be told.
    "what the program wrote",
    "packet pdf changed and sealed is not noticed",
    "exhibit withheld",
    "empty folder",
    # The files: what is there, under which names, and with which bytes.
    "text missing",
    "unlisted file 'data/.hidden'",
    "unlisted file 'data/new\\nline.txt'",
    "byte of data/packet.pdf flipped at 0.37",
    "manifest with path that leaves the folder",
    "manifest with path with a percent sign",
    "manifest with path of ten thousand letters",
    "manifest with huge line",
    # The log.
    "entry withheld afterwards",
    "first entry dropped",
    "words of an entry changed",
    "entries swapped",
    "entry with half a surrogate",
    "entry with bytes that are not UTF-8",
    "entry with lists forty deep",
    "leaf of a withheld entry changed",
    "checkpoint with size in other digits",
    "signature in another form",
    "signed by another key that lies beside it",
    # The exhibits.
    "exhibits swapped",
    "list of exhibits nested ten thousand deep",
    # The timestamps: all that a browser computes differently from another one.
    "timestamp by openssl",
    "timestamp with an RSA key",
    "timestamp with a P-384 key",
    "timestamp with SHA-512",
    "timestamp with a P-521 key",
    "timestamp signed with SM2",
    "timestamp with a changed signature",
    "timestamp with a changed signature of RSA",
    "timestamp by a certificate that has expired since",
    "timestamp by a certificate expired by then",
    "timestamp of a forged authority that brings its root",
    "timestamp and no root",
    "token of another checkpoint",
    "timestamp, of four megabytes",
    # An earlier bundle.
    "later bundle extends two",
    "log written anew with a new key",
)
UNSEEN = {"no such folder", "pipe that no manifest lists"}
"""What a browser cannot be given; and what Firefox leaves out of a folder."""
MORE = dict.fromkeys((*CASES, *[name for name in BY_NAME if name not in UNSEEN][::3]))


@pytest.fixture(scope="module")
def firefox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    program = find_firefox()
    if program is None:
        pytest.skip("no Firefox is installed")
    firefox = Firefox(program, tmp_path_factory.mktemp("firefox"))
    firefox.open(pages.PAGE.as_uri())
    yield firefox
    firefox.close()


@pytest.mark.table
def test_firefox_agrees_with_the_table_and_asks_for_nothing(
    firefox: Firefox, workshop: Workshop, tmp_path: Path
) -> None:
    wrong = {}
    for name in chosen(MORE, CASES):
        given = BY_NAME[name].make(workshop)
        pages.give(firefox, given)
        found = pages.result(firefox)
        if mismatch := BY_NAME[name].mismatch(pages.outcome(found), "html"):
            wrong[name] = mismatch, found
    assert wrong == {}
    assert firefox.requests() == []
    assert firefox.complaints(pages.PAGE.as_uri()) == []


def test_folder_and_zip_can_be_dropped_in_firefox(
    firefox: Firefox, workshop: Workshop, tmp_path: Path
) -> None:
    bundle = workshop.real()
    place = tmp_path / "一个 folder' with \"odd names"
    shutil.copytree(bundle.root, place)
    packed = zipped(place, tmp_path / "packet.zip")
    firefox.open((place / "verify" / "verify.html").as_uri())
    for dropped in (place, packed):
        firefox.run(pages.FRESH)
        firefox.drop("#drop", dropped)
        assert pages.outcome(pages.result(firefox)) == ALL_INTACT
    bundle.flip("data/exhibits/E001.wav", 5)
    for dropped, wanted in (([bundle.root], 10), ([bundle.root, packed], 3)):
        firefox.run(pages.FRESH)
        firefox.drop("#drop", *dropped)
        assert pages.result(firefox)["exit"] == wanted
    firefox.open(pages.PAGE.as_uri())
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        pages.give(firefox, Given(bundle=zipped(place, tmp_path / "y.zip", method=method)))
        assert pages.outcome(pages.result(firefox)) == ALL_INTACT
        assert firefox.run("document.getElementById('facts').textContent.includes('y.zip')")


def test_policy_stops_connections_in_firefox_and_a_connection_would_be_seen(
    firefox: Firefox,
) -> None:
    tries = """new Promise((done) => {
      const stopped = [];
      document.addEventListener("securitypolicyviolation", (event) => {
        stopped.push(event.effectiveDirective);
        if (stopped.length === 3) done(stopped.sort());
      });
      fetch("https://127.0.0.1/").catch(() => {});
      new Image().src = "https://127.0.0.1/x.png";
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.append(script);
    })"""
    firefox.open(pages.PAGE.as_uri())
    assert firefox.run(tries) == ["connect-src", "img-src", "script-src-elem"]
    assert firefox.run("window.hacked ?? null") is None
    assert firefox.requests() == []
    assert len(firefox.complaints(pages.PAGE.as_uri())) >= 3
    firefox.open("about:blank")
    firefox.run("fetch('https://127.0.0.1/').catch(() => null)")
    assert firefox.requests() == ["https://127.0.0.1/"]


def test_large_file_is_hashed_in_pieces_in_firefox(firefox: Firefox, workshop: Workshop) -> None:
    bundle = workshop.real()
    bundle.write("data/packet.pdf", bytes(40 << 20))  # above what is hashed as a whole
    bundle.seal()
    firefox.open(pages.PAGE.as_uri())
    pages.give(firefox, Given(bundle=bundle.root))
    assert pages.outcome(pages.result(firefox)) == ALL_INTACT
    bundle.flip("data/packet.pdf", -1)
    pages.give(firefox, Given(bundle=bundle.root))
    assert pages.result(firefox)["exit"] == 10


def test_result_is_printed_by_firefox_with_the_code_at_the_signature(
    firefox: Firefox, workshop: Workshop, tmp_path: Path
) -> None:
    from pypdf import PdfReader

    given = BY_NAME["timestamp by hand"].make(workshop)
    firefox.open(pages.PAGE.as_uri())
    pages.give(firefox, given)
    assert pages.result(firefox)["exit"] == 0
    firefox.pdf(tmp_path / "result.pdf")
    printed = PdfReader(tmp_path / "result.pdf")
    assert len(printed.pages) <= 2
    assert [round(float(side) / 72 * 25.4) for side in printed.pages[0].mediabox[2:]] == [210, 297]
    case_id = (given.bundle / "data/anchor/checkpoint").read_text(encoding="utf-8")[7:39]
    assert case_id in printed.pages[0].extract_text()
    code = firefox.run("[...document.querySelectorAll('#facts .code')][1].textContent")
    text = "".join(sheet.extract_text() for sheet in printed.pages)
    assert text.count(code) == 2  # once where the signature is
