"""The redlines of the examples, judged by LibreOffice and by our own pass over the XML."""

from pathlib import Path

from reviewer.ingest import load_contract
from reviewer.pipeline import redline_file, review_contract
from reviewer.playbook import Playbook
from reviewer.redline.fresh import fresh_word
from reviewer.redline.resolve import accept_all, reject_all
from tests.conftest import REPOSITORY
from tests.factories import rules
from tests.office import Job, texts

EXAMPLES = ("vendor_draft.docx", "merchant_draft.docx", "roles_reversed.txt", "vendor_draft.pdf")


def _words(text: str) -> str:
    return "".join(text.split())


def test_a_word_processor_accepts_and_rejects_as_we_do(tmp_path: Path, playbook: Playbook) -> None:
    jobs: list[Job] = []
    for name in EXAMPLES:
        path = REPOSITORY / "examples" / name
        contract = load_contract(path)
        made = redline_file(review_contract(contract, rules(), playbook), path, comments="internal")
        original = path.read_bytes() if name.endswith(".docx") else fresh_word(contract)
        jobs += [
            Job(original, "open"),
            Job(made.data, "reject"),
            Job(reject_all(made.data), "open"),
            Job(made.data, "accept"),
            Job(accept_all(made.data), "open"),
        ]
    found = [_words(text) for text in texts(jobs, tmp_path)]
    for at, name in enumerate(EXAMPLES):
        original, rejected, ours_rejected, accepted, ours_accepted = found[5 * at : 5 * at + 5]
        assert len(original) > 300, name
        assert rejected == original, name
        assert ours_rejected == original, name
        assert accepted == ours_accepted, name
        assert accepted != original or name == "merchant_draft.docx", name
