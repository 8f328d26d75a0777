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


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("---\ncheck: [kpi\n---\n正文\n", "own.md:[23]: 开头的 YAML", id="yaml"),
        pytest.param(
            "---\ncheck: kpi\nchek: kpi\n---\n正文\n", "own.md:3: 不认识", id="unknown-key"
        ),
        pytest.param("---\ncheck: kpi\n---\n", "own.md:1: kpi 没有正文", id="empty"),
        pytest.param(
            "---\ncheck: kpi\nslots:\n  no_such: 3\n---\n正文\n",
            "own.md:4: kpi 没有空位",
            id="slot",
        ),
    ],
)
def test_a_wrong_head_is_named_with_its_line(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary, text: str, place: str
) -> None:
    (tmp_path / "own.md").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=place):
        with_own_clauses(library, tmp_path, playbook)


def test_a_file_that_is_not_utf8_or_not_word_is_one_clear_error(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary
) -> None:
    (tmp_path / "own.md").write_bytes("---\ncheck: kpi\n---\n正文".encode("gb18030"))
    with pytest.raises(CorpusInvalid, match="UTF-8"):
        with_own_clauses(library, tmp_path, playbook)
    (tmp_path / "own.md").unlink()
    (tmp_path / "own.docx").write_bytes(b"PK\x03\x04 no")
    with pytest.raises(CorpusInvalid, match="docx"):
        with_own_clauses(library, tmp_path, playbook)


def test_two_files_for_one_check_are_refused(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary
) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("---\ncheck: kpi\n---\n正文\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=r"b\.md:2: kpi 已在 a\.md 写过"):
        with_own_clauses(library, tmp_path, playbook)


def test_a_file_without_a_body_states_positions_only(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary
) -> None:
    slot = next(iter(library.clauses["kpi"].slots))
    (tmp_path / "kpi.md").write_text(
        f"---\ncheck: kpi\nslots:\n  {slot}: 十一秒\n---\n", encoding="utf-8"
    )
    own = with_own_clauses(library, tmp_path, playbook).clauses["kpi"]
    assert own.slots[slot].default == "十一秒"
    assert own.standard == library.clauses["kpi"].standard


def test_an_own_answer_to_a_red_flag_replaces_ours(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary
) -> None:
    (tmp_path / "a.md").write_text(
        "---\ncheck: rf_auto_renewal\n---\n期满自动终止，续约另行签订书面协议。\n", encoding="utf-8"
    )
    fix = with_own_clauses(library, tmp_path, playbook).fixes["rf_auto_renewal"]
    assert fix.text == "期满自动终止，续约另行签订书面协议。"
    assert library.fixes["rf_auto_renewal"].text != fix.text


def test_what_a_marked_clause_lacks_is_taken_from_ours(
    tmp_path: Path, playbook: Playbook, library: ClauseLibrary
) -> None:
    check = playbook.check("data_security")
    assert check is not None
    (tmp_path / "a.md").write_text(
        f"---\ncheck: data_security\n---\n一条自有约定。 {{{check.core[0].id}}}\n", encoding="utf-8"
    )
    parts = with_own_clauses(library, tmp_path, playbook).clauses["data_security"].standard.parts
    assert parts[0].text == "一条自有约定。"
    supplied = {name for part in parts for name in part.elements}
    assert {element.id for element in check.core} <= supplied
