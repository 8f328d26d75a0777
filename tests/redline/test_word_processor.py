"""LibreOffice as judge: it accepts and rejects every change, and agrees with our own passes."""

from collections.abc import Iterator
from pathlib import Path

from reviewer.ingest import load_contract
from reviewer.pipeline import redline_file, review_contract
from reviewer.playbook import Playbook
from reviewer.redline.fresh import fresh_word
from reviewer.redline.resolve import accept_all
from tests.conftest import REPOSITORY
from tests.factories import rules
from tests.office import Job, texts
from tests.redline.asking import asked, marked, read
from tests.redline.corpus import cases

EXAMPLES = ("vendor_draft.docx", "merchant_draft.docx", "roles_reversed.txt", "vendor_draft.pdf")
UNREAD = {
    "form_text": "LibreOffice makes a form field of it and shows no text",
    "footnote_in_run": "LibreOffice shows the words behind a note twice where one run holds both",
    "block_control": "LibreOffice does not resolve changes inside a content control",
    "protected": "LibreOffice resolves no changes in a document that is read-only",
    "damaged_styles": "LibreOffice does not open a file whose styles are damaged",
}
"""Constructs that LibreOffice 7.4 does not read as Word does; the XML pass judges them alone."""

COMMENTED = ("numbered_paragraph_deleted", "numbered_paragraph_replaced")
"""A comment's sign in a paragraph that vanishes would give the next one its number."""


def _words(text: str) -> str:
    return "".join(text.split())


def _examples(playbook: Playbook) -> Iterator[tuple[str, bytes, bytes]]:
    for name in EXAMPLES:
        path = REPOSITORY / "examples" / name
        contract = load_contract(path)
        made = redline_file(review_contract(contract, rules(), playbook), path, comments="internal")
        yield name, path.read_bytes() if name.endswith(".docx") else fresh_word(contract), made.data


def _corpus() -> Iterator[tuple[str, bytes, bytes]]:
    for number, (name, case) in enumerate(cases().items()):
        if name in UNREAD:
            continue
        contract = read(case.data)
        findings = [asked(contract, ask, n) for n, ask in enumerate(case.asks, 1)]
        comments = ("internal", "none")[number % 2 if name not in COMMENTED else 0]
        yield name, case.data, marked(case.data, *findings, comments=comments).data


def test_a_word_processor_accepts_and_rejects_as_we_do(tmp_path: Path, playbook: Playbook) -> None:
    documents = [*_examples(playbook), *_corpus()]
    jobs: list[Job] = []
    for _, original, made in documents:
        jobs += [
            Job(original, "reject"),
            Job(made, "reject"),
            Job(made, "accept"),
            Job(accept_all(made), "open"),
        ]
    found = [_words(text) for text in texts(jobs, tmp_path)]
    wrong = []
    for at, (name, _, _) in enumerate(documents):
        original, rejected, accepted, ours = found[4 * at : 4 * at + 4]
        wrong += [(name, "rejected", original, rejected)] if rejected != original else []
        wrong += [(name, "accepted", ours, accepted)] if accepted != ours else []
    assert not wrong, "\n".join(map(str, wrong))
