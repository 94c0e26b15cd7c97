"""Make the golden case file: ``python -m tests.evidence.store.golden.make``.

``v2.liuhen`` is a whole case as this version writes it, and ``v2.json`` is what it says, to be
read by a person; ``v1`` is one of the format before, in which nothing could be erased. Every later
version must open them, verify them, read the same out of them and give back the same originals.
Clock and random numbers are fixed, everything in them is invented. What exists is never
overwritten; a later format gets a file of its own beside them.
"""

import dataclasses
import hashlib
import json
from pathlib import Path

from evidence.core import moment
from evidence.core.records import (
    Complainant,
    Note,
    NumberRecord,
    NumberRole,
    Party,
    Region,
    Respondent,
    Span,
    Tag,
    Withdraw,
)
from evidence.law import load_rules
from evidence.store import erase, statements
from evidence.store.case_file import CaseFile
from tests.evidence.store import case_files

FOLDER = Path(__file__).parent
CASE, SAYS = "v2.liuhen", "v2.json"
EVERY = ("v1", "v2")
"""Names of all golden cases."""

SHORT = case_files.pattern(1000, 1)
LONG = case_files.pattern(300_000, 2)
"""Longer than one chunk."""


def main(folder: Path = FOLDER) -> None:
    """Write the case and what it says."""
    path, says = folder / CASE, folder / SAYS
    if path.exists() or says.exists():
        raise SystemExit(f"{path.name} or {says.name} exists and is not overwritten")
    with case_files.create(path) as case:
        _fill(case)
    with CaseFile.open_read(path) as case:
        text = json.dumps(said(case), ensure_ascii=False, indent=1, sort_keys=True)
    says.write_text(text + "\n", encoding="utf-8")


def said(case: CaseFile) -> dict[str, object]:
    """Return everything that a case says, as JSON values."""
    view = case.view()
    checkpoint = case.checkpoint()
    originals = {
        str(e.seq): hashlib.sha256(b"".join(case.original(e.seq).pieces())).hexdigest()
        for e in view.exhibits
    }
    return {
        "entries": [{"kind": e.kind, "at": e.recorded_at, "data": e.data} for e in case.entries()],
        "originals": originals,
        "checkpoint": checkpoint.text.decode(),
        "complainant": view.complainant.record.name if view.complainant else None,
        "standing_tags": [t.seq for t in view.tags if t.stands],
        "respondents": [r.seq for r in view.respondents],
        "erased": list(view.erased),
        "numbers": {number: n.record.role.value for number, n in view.numbers.items()},
    }


def _fill(case: CaseFile) -> None:
    rules = load_rules()
    person = Complainant(name="林某", phone="13800000001", id_number="11010119900101001X")
    statements.set_complainant(case, person)
    lender = Respondent(name="甲某消费金融有限公司", type="consumer_finance", principal="10000")
    first = statements.add_respondent(case, lender, types=rules.respondent_types)
    corrected = dataclasses.replace(lender, annual_rate="24%")
    owner = statements.add_respondent(case, corrected, types=rules.respondent_types, update=True)
    assert owner.seq > first.seq
    number = NumberRecord(
        number="+86 138 0000 0011", role=NumberRole.COLLECTOR, respondent=owner.seq
    )
    statements.set_number(case, number)
    call = case_files.exhibit(
        case,
        LONG,
        party=Party(number="13800000011", name="李经理"),
        duration_ms=60_000,
        codec="mp3",
    )
    picture = case_files.exhibit(case, SHORT, name="截图.png", width=1080, height=2400)
    statements.add_note(case, Note(text="他说要来😡 <b>\n第二行", on=call.seq))
    quote = "你等着"
    tag = Tag(on=call.seq, conduct="threat", quote=quote, span=Span(start_ms=0, end_ms=4000))
    statements.add_tag(case, tag, conducts=rules.conducts)
    region = Region(left=40, top=300, width=1000, height=180)
    when = moment.parse_user_time("2026-10-14 21:05")
    insult = Tag(
        on=picture.seq, conduct="insult", region=region, occurred=when, respondent=owner.seq
    )
    mistake = statements.add_tag(case, insult, conducts=rules.conducts)
    statements.withdraw(case, Withdraw(target=mistake.seq, reason="标错了"))
    family = case_files.exhibit(case, b"family", name="家人.jpg")
    statements.add_note(case, Note(text="传错了", on=family.seq))
    planned = erase.plan(case, family.seq)
    erase.erase(case, planned, reason="误导入了家人的照片", with_dependents=True)


if __name__ == "__main__":
    main()
