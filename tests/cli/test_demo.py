"""``liuhen demo``."""

import json
from pathlib import Path

from tests.cli.conftest import SAMPLES, Liuhen, ticking


def test_the_demo_makes_an_intact_case_and_packets_for_both_channels(demo: Path) -> None:
    liuhen = Liuhen(case=demo / "case.liuhen", clock=ticking())
    assert liuhen.intact()
    for channel in ("12378", "nfra"):
        packet = demo / f"packet-{channel}"
        assert (packet / "data" / "packet.pdf").is_file()
        checked = liuhen("verify", "--against", packet, "--json")
        # The originals of the exports are withheld on purpose, and said to be unchecked.
        assert checked.code == 0
        unchecked = [r for r in checked.json["results"] if r["verdict"] != "INTACT"]
        assert {r["name"] for r in unchecked} == {"exhibit-withheld", "redacted"}


def test_the_demo_imports_every_sample(demo: Path) -> None:
    liuhen = Liuhen(case=demo / "case.liuhen", clock=ticking())
    names = {i["data"]["name"] for i in liuhen.json("list", "--kind", "exhibit")["items"]}
    assert names == {p.name for p in (SAMPLES / "demo" / "files").rglob("*") if p.is_file()}


def test_the_demo_tags_what_its_script_says(demo: Path) -> None:
    liuhen = Liuhen(case=demo / "case.liuhen", clock=ticking())
    script = json.loads((SAMPLES / "demo_case.json").read_text())
    tags = [i["data"] for i in liuhen.json("list", "--kind", "tag")["items"]]
    assert [t["conduct"] for t in tags] == [t["conduct"] for t in script["tags"]]
    assert [t.get("quote", "") for t in tags] == [t["quote"] for t in script["tags"]]


def test_the_demo_masks_what_its_script_says(demo: Path) -> None:
    script = json.loads((SAMPLES / "demo_case.json").read_text())
    liuhen = Liuhen(case=demo / "case.liuhen", clock=ticking())
    masks = [i["data"] for i in liuhen.json("list", "--kind", "mask")["items"]]
    assert [m["reason"] for m in masks] == [m["reason"] for m in script["masks"]]
    for channel in ("12378", "nfra"):
        packet = demo / f"packet-{channel}" / "data"
        assert (packet / "redacted" / "E009.png").is_file()
        assert not list((packet / "exhibits").glob("E009.*"))


def test_an_existing_folder_is_not_touched(empty: Liuhen, tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    assert empty.refused("demo", "-o", tmp_path / "taken") == "output-exists 3"
    assert list((tmp_path / "taken").iterdir()) == []


def test_json_says_where_everything_is(demo: Path) -> None:
    made = json.loads((demo.parent / "said.json").read_text())
    assert set(made) == {"case", "imported", "tags", "packets"}
    assert Path(made["case"]) == demo / "case.liuhen"
    assert [Path(p["path"]) for p in made["packets"]] == [
        demo / "packet-12378",
        demo / "packet-nfra",
    ]


def test_the_demo_never_touches_the_persons_own_case(demo: Path) -> None:
    assert not (demo.parent / "own.liuhen").exists()
