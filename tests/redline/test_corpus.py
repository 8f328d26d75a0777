"""Each construct of tests/data/docx: placed exactly, or refused with the original kept."""

import io
import zipfile

import pytest

from reviewer.redline.edits import apply, edits_of
from tests.redline import judge
from tests.redline.asking import asked, marked, read, reviewed
from tests.redline.corpus import FOLDER, Ask, Case, cases

CASES = cases()
ASKS = [
    pytest.param(case, ask, id=f"{name}-{number}")
    for name, case in CASES.items()
    for number, ask in enumerate(case.asks)
]


def _words(lines: list[str]) -> str:
    return "".join("".join(lines).split())


def test_the_corpus_on_disk_is_what_the_script_writes() -> None:
    assert {p.stem: p.read_bytes() for p in FOLDER.glob("*.docx")} == {
        name: case.data for name, case in CASES.items()
    }


@pytest.mark.parametrize(("case", "ask"), ASKS)
def test_a_change_is_exact_or_refused(case: Case, ask: Ask) -> None:
    finding = asked(read(case.data), ask)
    made = marked(case.data, finding)
    assert bool(made.refused) == ask.refused, made.refused
    assert judge.lines(made.data, "reject") == judge.lines(case.data, "reject")
    before = judge.lines(case.data, "accept")
    after = judge.lines(made.data, "accept")
    assert (after == before) == ask.refused
    if not ask.refused and " | " not in ask.old + ask.new:
        wanted = _words(before).replace("".join(ask.old.split()), "".join(ask.new.split()), 1)
        assert ask.action != "replace" or _words(after) == wanted
        assert ask.action != "insert_after" or "".join(ask.new.split()) in _words(after)


@pytest.mark.parametrize(("case", "ask"), ASKS)
def test_what_is_written_keeps_the_rules_of_the_schema(case: Case, ask: Ask) -> None:
    made = marked(case.data, asked(read(case.data), ask), comments="internal")
    assert judge.faults(case.data, made.data) == []
    assert len(judge.comments(made.data)) == len(judge.comments(case.data)) + 1
    assert judge.lines(made.data, "reject") == judge.lines(case.data, "reject")


@pytest.mark.parametrize("name", CASES)
def test_all_changes_together_are_as_exact_as_each(name: str) -> None:
    case = CASES[name]
    contract = read(case.data)
    findings = [asked(contract, ask, n) for n, ask in enumerate(case.asks, 1)]
    made = marked(case.data, *findings, comments="external")
    assert judge.lines(made.data, "reject") == judge.lines(case.data, "reject")
    assert judge.faults(case.data, made.data) == []
    again = marked(case.data, *reversed(findings), comments="external")
    assert judge.lines(again.data, "accept") == judge.lines(made.data, "accept")


@pytest.mark.parametrize("name", CASES)
def test_parts_that_need_not_change_are_byte_for_byte_the_same(name: str) -> None:
    case = CASES[name]
    made = marked(case.data, asked(read(case.data), case.asks[0]))
    with (
        zipfile.ZipFile(io.BytesIO(case.data)) as old,
        zipfile.ZipFile(io.BytesIO(made.data)) as new,
    ):
        changed = {n for n in old.namelist() if old.read(n) != new.read(n)}
        assert new.namelist() == old.namelist()
    assert changed <= {judge.main_name(case.data)}


@pytest.mark.parametrize("name", ["wps_runs", "strict", "default_namespace", "cell_words"])
def test_outside_the_paragraph_that_changes_the_main_part_is_byte_for_byte_the_same(
    name: str,
) -> None:
    case = CASES[name]
    made = marked(case.data, asked(read(case.data), case.asks[0]))
    main = judge.main_name(case.data)
    old, new = judge.part(case.data, main), judge.part(made.data, main)
    first = next(n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b)
    last = next(n for n, (a, b) in enumerate(zip(old[::-1], new[::-1], strict=False)) if a != b)
    tag = b"<p>" if name == "default_namespace" else b"<w:p"
    assert old[first : len(old) - last].count(tag) <= 1


def test_the_accepted_text_is_what_the_edits_say() -> None:
    case = CASES["several_paragraphs"]
    contract = read(case.data)
    finding = asked(contract, case.asks[0])
    planned = edits_of(reviewed(contract, finding).contract, [finding], {})
    wanted = [line for line in apply(contract.text, planned.edits).split("\n") if line.strip()]
    assert judge.lines(marked(case.data, finding).data, "accept") == wanted
