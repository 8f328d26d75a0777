from pathlib import Path

import docx
import pytest

from reviewer.engine.rules import RulesEngine
from reviewer.errors import CorpusInvalid
from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.knowledge.laws import LawBook
from reviewer.knowledge.own import with_own_clauses
from reviewer.pipeline import review_contract
from reviewer.playbook import Playbook
from tests.factories import contract

OWN = (
    "---\ncheck: subcontracting\n---\n"
    "未经{client}盖章同意，{vendor}不得转包或分包。 {sb_ban}\n"
    "{vendor}对其分包方的行为承担连带责任。 {sb_liable}\n"
)


def test_a_merchants_own_clause_is_what_is_suggested(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary, laws: LawBook
) -> None:
    check = playbook.check("subcontracting")
    assert check is not None
    first, second = [e.id for e in check.elements][:2]
    text = OWN.replace("sb_ban", first).replace("sb_liable", second)
    (tmp_path / "转包.md").write_text(text, encoding="utf-8")
    own = with_own_clauses(library, tmp_path, playbook)
    found = review_contract(contract("服务内容为售前咨询。"), RulesEngine(laws, own), playbook)
    suggestion = next(f for f in found.findings if f.check == "subcontracting").suggestion
    assert suggestion is not None
    assert "未经甲方盖章同意，乙方不得转包或分包。" in suggestion.text


def test_headings_of_a_word_file_name_the_checks(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary
) -> None:
    document = docx.Document()
    document.add_heading("保密与商业秘密", 1)
    document.add_paragraph("{vendor}应当保密。")
    document.save(str(tmp_path / "own.docx"))
    own = with_own_clauses(library, tmp_path, playbook)
    assert own.clauses["confidentiality"].standard.text == "{vendor}应当保密。"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("没有开头", "own.md:1", id="no-front-matter"),
        pytest.param("---\ncheck: nothing\n---\n正文\n", "own.md:2", id="unknown-check"),
        pytest.param("---\ncheck: kpi\n---\n正文 {kp_no}\n", "own.md:4", id="unknown-element"),
        pytest.param("---\ncheck: kpi\n---\n扣{percent_x}元\n", "own.md:4", id="unknown-slot"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary, text: str, place: str
) -> None:
    (tmp_path / "own.md").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=place):
        with_own_clauses(library, tmp_path, playbook)
