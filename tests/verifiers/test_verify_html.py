"""verify.html gives the verdicts of the table, in a real browser, from the disk, offline."""

import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.verifiers import page as pages
from tests.verifiers.browser import Browser, Page
from tests.verifiers.case import ALL_INTACT, Case, Given
from tests.verifiers.forge import Workshop
from tests.verifiers.table import BY_NAME, CASES
from tests.verifiers.zips import zipped

UNREACHABLE = {"no such folder"}
"""A browser cannot be given what is not there."""


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    tab = browser.page()
    tab.open(pages.PAGE.as_uri())
    yield tab
    tab.watch()
    assert tab.requests == [pages.PAGE.as_uri()]
    assert tab.complaints == []
    tab.close()


@pytest.fixture
def fresh(browser: Browser) -> Iterator[Page]:
    tab = browser.page()
    tab.open(pages.PAGE.as_uri())
    yield tab
    tab.close()


@pytest.mark.parametrize(
    "case", [c for c in CASES if c.name not in UNREACHABLE], ids=lambda case: case.name
)
def test_verdicts_are_those_of_the_table(tab: Page, case: Case, workshop: Workshop) -> None:
    pages.give(tab, case.make(workshop))
    found = pages.result(tab)
    said = json.dumps(found, ensure_ascii=False)
    assert case.mismatch(pages.outcome(found), "html") == "", said


def test_policy_lets_only_the_page_itself_run_and_nothing_connect() -> None:
    assert pages.sealed(pages.source()) == pages.source(), "run python -m tests.verifiers.page"
    assert "default-src 'none'" in pages.source()
    for word in ("http:", "https:", "//cdn", "src=", "<link", "innerHTML", "eval(", "fetch("):
        assert word not in pages.source(), word


def test_policy_stops_connections_and_foreign_scripts(fresh: Page) -> None:
    tries = """Promise.allSettled([
        fetch("https://127.0.0.1:9/"), fetch("data:text/plain,x"),
        new Promise((done, failed) => {
          const image = new Image();
          image.onload = done; image.onerror = failed; image.src = "https://127.0.0.1:9/x.png";
        }),
      ]).then((all) => all.map((one) => one.status))"""
    assert fresh.run(tries) == ["rejected"] * 3
    inject = """(() => {
      const script = document.createElement("script");
      script.textContent = "window.hacked = 1";
      document.body.append(script);
      return window.hacked ?? null;
    })()"""
    assert fresh.run(inject) is None
    fresh.watch()
    assert len(fresh.complaints) >= 3


def test_nothing_of_the_bundle_becomes_markup(fresh: Page, workshop: Workshop) -> None:
    bundle = workshop.own()
    name = '<img src=x onerror="window.hacked=1">\u202e\033[31m.wav'
    bundle.rewrite(
        lambda entry: entry["data"].update(name=name) if entry["kind"] == "exhibit" else None
    )
    index = bundle.index
    for row in index.values():
        row["name"] = name
    bundle.index = index
    bundle.remove("data/exhibits/E002.wav")
    bundle.write("data/<b>bold<b>", b"more")
    bundle.seal()
    pages.give(fresh, Given(bundle=bundle.root))
    texts = [item["text"] for item in pages.result(fresh)["items"]]
    assert any("<img src=x" in text for text in texts)
    assert not {"\u202e", "\033"} & set("".join(texts))
    assert fresh.run("document.querySelectorAll('#result img, #result b b').length") == 0
    assert fresh.run("document.getElementById('items').textContent.includes('<img src=x')")
    assert fresh.run("window.hacked ?? null") is None


def test_folder_and_zip_can_be_dropped(fresh: Page, workshop: Workshop, tmp_path: Path) -> None:
    bundle = workshop.real()
    place = tmp_path / "一个 folder' with \"odd names"
    shutil.copytree(bundle.root, place)
    brought = place / "verify" / "verify.html"
    assert brought.read_bytes() == pages.PAGE.read_bytes()
    for dropped in (place, zipped(place, tmp_path / "packet.zip")):
        fresh.open(brought.as_uri())
        fresh.drop("#drop", dropped)
        assert pages.outcome(pages.result(fresh)) == ALL_INTACT
    bundle.flip("data/exhibits/E001.wav", 5)
    fresh.open(pages.PAGE.as_uri())
    fresh.drop("#drop", bundle.root)
    assert pages.result(fresh)["exit"] == 10
    fresh.open(pages.PAGE.as_uri())
    fresh.drop("#drop", bundle.root, bundle.root)
    assert pages.result(fresh)["exit"] == 3


def test_works_without_a_mouse(fresh: Page, workshop: Workshop) -> None:
    focused = "document.activeElement.id || document.activeElement.tagName"
    reached = []
    for _ in range(3):
        fresh.press("Tab")
        reached.append(fresh.run(focused))
    assert reached == ["folder", "zip", "SUMMARY"]
    fresh.press("Enter", text="\r")
    assert fresh.run("document.getElementById('more').open")
    fresh.press("Tab")
    assert fresh.run(focused) == "roots"
    pages.give(fresh, Given(bundle=workshop.real().root))
    pages.result(fresh)
    assert fresh.run(focused) == "headline"
    for wanted in ("print", "again"):
        fresh.press("Tab")
        assert fresh.run(focused) == wanted
    fresh.press("Enter", text="\r")
    assert fresh.run(focused) == "folder"
    assert fresh.run("document.getElementById('result').hidden")


def test_page_shows_what_the_clerk_needs_and_prints_it(
    fresh: Page, workshop: Workshop, tmp_path: Path
) -> None:
    given = BY_NAME["timestamp by hand"].make(workshop)
    pages.give(fresh, given)
    assert pages.result(fresh)["exit"] == 0
    text = fresh.run("document.getElementById('result').innerText")
    checkpoint = (given.bundle / "data/anchor/checkpoint").read_bytes()
    case_id = checkpoint[len(b"liuhen/") :][:32].decode()
    assert case_id in text
    assert "16" in text
    assert "某某时间戳服务中心" in text
    assert "2026/11/25 16:00:00（北京时间）" in text
    code = fresh.run("[...document.querySelectorAll('#facts .code')][1].textContent")
    info = (given.bundle / "bag-info.txt").read_text(encoding="utf-8")
    assert f"Liuhen-Checkpoint-Code: {code}\n" in info
    assert fresh.run("document.getElementById('limits').children.length") == 5
    fresh.pdf(tmp_path / "result.pdf")
    from pypdf import PdfReader

    printed = PdfReader(tmp_path / "result.pdf")
    assert len(printed.pages) <= 2
    assert [round(float(side) / 72 * 25.4) for side in printed.pages[0].mediabox[2:]] == [210, 297]
    assert case_id in printed.pages[0].extract_text()
    text = "".join(sheet.extract_text() for sheet in printed.pages)
    assert text.count(code) == 2  # once where the signature is


def test_printed_code_is_compared_with_the_checkpoint(fresh: Page, workshop: Workshop) -> None:
    pages.give(fresh, Given(bundle=workshop.real().root))
    pages.result(fresh)
    code = fresh.run("[...document.querySelectorAll('#facts .code')][1].textContent")
    other = code[:-1] + ("0" if code[-1] != "0" else "1")
    for typed, wanted in ((code, "good"), (code.lower().replace("-", " "), "good"), (other, "bad")):
        fresh.run(
            f"document.getElementById('code').value = {typed!r};"
            "document.getElementById('code').dispatchEvent(new Event('input'))"
        )
        assert fresh.run("document.getElementById('code-answer').className") == wanted


def test_running_check_can_be_stopped_and_page_stays_responsive(
    fresh: Page, workshop: Workshop
) -> None:
    bundle = workshop.real()
    with (bundle.root / "data/large.bin").open("wb") as file:
        file.truncate(1 << 31)  # no space on the disk, two gigabytes to read
    fresh.run(
        "window.longest = 0; let last = performance.now();"
        "setInterval(() => { const now = performance.now();"
        " window.longest = Math.max(window.longest, now - last); last = now; }, 5)"
    )
    pages.give(fresh, Given(bundle=bundle.root))
    pages.wait(fresh, "document.getElementById('bar').value > 0.05")
    fresh.press("Enter", text="\r")  # the button has the focus
    pages.wait(fresh, "document.getElementById('working').hidden")
    assert fresh.run("window.liuhenResult ?? null") is None
    assert not fresh.run("document.getElementById('choose').hidden")
    assert fresh.run("window.longest") < 1000
    bundle.remove("data/large.bin")
    pages.give(fresh, Given(bundle=bundle.root))
    assert pages.outcome(pages.result(fresh)) == ALL_INTACT


@pytest.mark.parametrize(
    "lacking", ["Ed25519", "WebAssembly", "crypto", "streams", "DecompressionStream"]
)
def test_older_browsers_get_the_same_verdicts_or_none(
    browser: Browser, workshop: Workshop, lacking: str, tmp_path: Path
) -> None:
    script = {
        "Ed25519": "const real = SubtleCrypto.prototype.importKey;"
        "SubtleCrypto.prototype.importKey = function (format, key, name, ...more) {"
        " if (name === 'Ed25519') return Promise.reject(new DOMException('', 'NotSupportedError'));"
        " return real.call(this, format, key, name, ...more); }",
        "WebAssembly": "delete window.WebAssembly",
        "streams": "delete Blob.prototype.stream",
        "DecompressionStream": "delete window.DecompressionStream",
        "crypto": "Object.defineProperty(window, 'crypto', { value: undefined })",
    }[lacking]
    tab = browser.page()
    tab.send("Page.addScriptToEvaluateOnNewDocument", source=script)
    tab.open(pages.PAGE.as_uri())
    if lacking in {"crypto", "streams"}:
        assert pages.result(tab)["exit"] == 5
        assert not tab.run("document.getElementById('old').hidden")
        assert tab.run("document.getElementById('choose').hidden")
    elif lacking == "DecompressionStream":
        root = workshop.real().root
        pages.give(tab, Given(bundle=zipped(root, tmp_path / "x.zip")))
        assert pages.result(tab)["exit"] == 5
        stored = zipped(root, tmp_path / "y.zip", method=zipfile.ZIP_STORED)
        pages.give(tab, Given(bundle=stored))
        assert pages.outcome(pages.result(tab)) == ALL_INTACT
    else:
        for name in (
            "what the program wrote",
            "signature flipped at 4",
            "signature flipped at 36",
            "signature in another form",
            "signature of zeros",
            "signed by another key",
            "leaf of a withheld entry changed",
        ):
            pages.give(tab, BY_NAME[name].make(workshop))
            assert BY_NAME[name].mismatch(pages.outcome(pages.result(tab)), "html") == "", name
    tab.close()


def test_browser_that_cannot_read_the_script_shows_what_to_do(
    browser: Browser, tmp_path: Path
) -> None:
    old = tmp_path / "old.html"
    text = pages.source().replace('"use strict";', '"use strict"; this is no script', 1)
    old.write_text(pages.sealed(text), encoding="utf-8")
    tab = browser.page()
    tab.open(old.as_uri())
    seen = "getComputedStyle(document.getElementById('old')).visibility"
    assert tab.run(seen) == "hidden"  # for a moment, or it would flash in every browser
    pages.wait(tab, f"{seen} === 'visible'")
    shown = tab.run("document.body.innerText")
    assert "Firefox" in shown
    assert "how-to-verify.txt" in shown
    for part in ("choose", "working", "result"):
        assert tab.run(f"document.getElementById('{part}').offsetHeight") == 0
    tab.screenshot(tmp_path / "old.png")
    tab.close()
