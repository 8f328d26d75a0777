"""The original PDF with highlights and notes."""

import datetime
import io
from pathlib import Path

import pypdf
import pypdfium2
import pytest

from reviewer.errors import UsageError
from reviewer.ingest import load_contract
from reviewer.pipeline import annotated_file, review_contract
from reviewer.playbook import Playbook
from reviewer.redline import chosen_of
from reviewer.redline.annotate import annotated_pdf
from reviewer.review import Review
from tests.conftest import REPOSITORY
from tests.factories import rules

PDF = REPOSITORY / "examples" / "vendor_draft.pdf"
DAY = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def review(playbook: Playbook) -> Review:
    """Return the review of the example PDF."""
    return review_contract(load_contract(PDF), rules(), playbook)


def _annotations(data: bytes) -> list[tuple[int, pypdf.generic.DictionaryObject]]:
    found = []
    for number, page in enumerate(pypdf.PdfReader(io.BytesIO(data)).pages):
        for entry in page.get("/Annots") or ():
            found.append((number, entry.get_object()))
    return found


def test_the_bytes_of_the_original_stay_and_the_same_input_gives_the_same_bytes(
    review: Review,
) -> None:
    data = PDF.read_bytes()
    findings = chosen_of(review, "all")
    made = annotated_pdf(review, data, findings, date=DAY)
    assert made.data.startswith(data)
    assert annotated_pdf(review, data, findings, date=DAY).data == made.data


def test_a_highlight_lies_on_the_words_that_are_to_change(review: Review) -> None:
    finding = next(f for f in review.findings if f.suggestion and f.suggestion.original)
    assert finding.suggestion is not None
    made = annotated_pdf(review, PDF.read_bytes(), [finding], date=DAY)
    ((page, mark),) = [(n, a) for n, a in _annotations(made.data) if a["/Subtype"] == "/Highlight"]
    left, bottom, right, top = (float(v) for v in mark["/Rect"])
    document = pypdfium2.PdfDocument(PDF)
    under = document[page].get_textpage().get_text_bounded(left, bottom, right, top)
    document.close()
    wanted = "".join((finding.suggestion.original or "").split())
    assert wanted in "".join(under.split())


def test_every_finding_is_shown_once_with_its_comment(review: Review) -> None:
    findings = chosen_of(review, "all")
    made = annotated_pdf(review, PDF.read_bytes(), findings, date=DAY)
    said = [str(a["/Contents"]) for _, a in _annotations(made.data)]
    assert set(made.placed) == {f.id for f in findings}
    for finding in findings:
        assert any(finding.title in words for words in said), finding.title


def test_the_external_notes_hold_no_fallback(review: Review) -> None:
    made = annotated_pdf(
        review, PDF.read_bytes(), chosen_of(review, "all"), comments="external", date=DAY
    )
    assert not any("可让步" in str(a["/Contents"]) for _, a in _annotations(made.data))


def test_a_word_file_is_not_annotated(review: Review, tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes((REPOSITORY / "examples" / "vendor_draft.docx").read_bytes())
    with pytest.raises(UsageError, match="不是 PDF"):
        annotated_file(review, path)
