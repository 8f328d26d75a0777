"""Changes that could not be exact, and parts written in unusual ways."""

import pytest

from reviewer.finding import Change
from reviewer.redline.draft import STRANGE, UNFAITHFUL, Draft
from reviewer.redline.operations import Words
from reviewer.redline.resolve import reject_all
from reviewer.redline.runs import Marks
from reviewer.redline.tracked import Extent
from tests.redline import judge
from tests.redline.asking import inserted, marked, read, replaced
from tests.redline.corpus import HEAD, SECTION, TAIL, cases, changed, p, package, tbl

PLAIN = package(HEAD + p("第一条 甲方付款。") + p("第二条 附则。") + TAIL)


def test_a_change_that_is_not_exact_becomes_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    def unfaithful(draft: Draft) -> bool:
        return not any(edit.finding == "f02" for edit in draft.made)

    monkeypatch.setattr(Draft, "is_faithful", unfaithful)
    contract = read(PLAIN)
    asked = [replaced(contract, "甲方", "乙方"), replaced(contract, "附则", "其他", 2)]
    asked[0] = replaced(contract, "甲方付款", "乙方付款")
    made = marked(PLAIN, *asked, comments="internal")
    assert made.applied == ("f01",)
    assert made.refused == (("f02", UNFAITHFUL),)
    words = ["".join(map(str, c.itertext())) for c in judge.comments(made.data)]
    assert any(UNFAITHFUL in said for said in words)


def test_what_was_not_foreseen_in_a_file_refuses_one_change_and_keeps_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    apply = Words.apply

    def strange(self: Words, marks: Marks) -> Extent | None:
        if self.text == "其他":
            raise IndexError
        return apply(self, marks)

    monkeypatch.setattr(Words, "apply", strange)
    contract = read(PLAIN)
    asked = [replaced(contract, "甲方付款", "乙方付款"), replaced(contract, "附则", "其他", 2)]
    made = marked(PLAIN, *asked, comments="internal")
    assert made.applied == ("f01",)
    assert made.refused == (("f02", STRANGE),)


def test_a_suggestion_of_several_changes_is_made_whole_or_not_at_all() -> None:
    case = cases()["their_insertion"]
    contract = read(case.data)
    asked = replaced(contract, "违约金为", "违约金不超过")
    assert asked.suggestion is not None
    at = contract.text.index("百分之三十")
    more = (Change(original="百分之三十", start=at, end=at + 5, text="百分之十"),)
    both = asked.model_copy(
        update={"suggestion": asked.suggestion.model_copy(update={"more": more})}
    )
    made = marked(case.data, both)
    assert [name for name, _ in made.refused] == ["f01"]
    assert judge.lines(made.data, "accept") == judge.lines(case.data, "accept")


def test_words_of_a_header_are_refused() -> None:
    case = cases()["header"]
    contract = read(case.data)
    at = contract.text.index("机密")
    asked = replaced(contract, contract.text[at : at + 2], "公开")
    made = marked(case.data, asked, comments="internal")
    assert made.refused
    assert len(judge.comments(made.data)) == 1
    assert judge.part(made.data, "word/header1.xml") == judge.part(case.data, "word/header1.xml")


def test_a_row_is_not_put_between_merged_cells() -> None:
    merged = "<w:tc><w:tcPr><w:vMerge{}/></w:tcPr>{}</w:tc>"
    rows = (
        f"<w:tr><w:tc><w:tcPr/>{p('第一条 响应')}</w:tc>"
        + merged.format(' w:val="restart"', p("90秒"))
        + f"</w:tr><w:tr><w:tc><w:tcPr/>{p('第二条 满意度')}</w:tc>"
        + merged.format("", p(""))
        + "</w:tr>"
    )
    table = f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{rows}</w:tbl>"
    data = package(HEAD + table + p("") + TAIL)
    made = marked(data, inserted(read(data), "90秒", "乙方不得转包。"))
    assert made.refused
    assert judge.lines(made.data, "accept") == judge.lines(data, "accept")


def test_a_change_across_paragraph_and_table_is_refused() -> None:
    data = package(HEAD + p("第一条 指标如下：") + tbl(("响应", "90秒")) + p("") + TAIL)
    contract = read(data)
    made = marked(data, replaced(contract, "指标如下：\n响应", "指标：响应"))
    assert made.refused
    assert judge.lines(made.data, "accept") == judge.lines(data, "accept")


def test_an_automatic_number_is_not_written_over() -> None:
    data = cases()["automatic_numbers"].data
    made = marked(data, replaced(read(data), "第一条 服务", "总则"))
    assert made.refused


def test_a_part_in_another_encoding_is_written_afresh() -> None:
    text = judge.part(PLAIN, "word/document.xml").decode()
    wide = text.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
    data = changed(PLAIN, {"word/document.xml": wide})
    made = marked(data, replaced(read(data), "甲方付款", "乙方付款"))
    assert made.applied == ("f01",)
    assert judge.part(made.data, "word/document.xml").startswith(
        b"<?xml version='1.0' encoding='UTF-8'"
    )
    assert judge.lines(made.data, "reject") == judge.lines(PLAIN, "reject")


def test_the_section_of_a_paragraph_stays_where_it_was_after_rejection() -> None:
    data = package(HEAD + p("第一条 甲方付款。", SECTION) + p("第二条 附则。") + TAIL)
    made = marked(data, inserted(read(data), "甲方付款", "乙方不得转包。"), comments="internal")
    root = judge.main(reject_all(made.data))
    (holder,) = [
        e for e in root.iter(f"{{{judge.W}}}sectPr") if judge.local(e.getparent()) == "pPr"
    ]  # type: ignore[arg-type]
    paragraph = holder.getparent().getparent()  # type: ignore[union-attr]
    assert "甲方付款" in "".join(map(str, paragraph.itertext()))  # type: ignore[union-attr]


def test_a_new_paragraph_before_the_last_which_is_deleted_stands_by_itself() -> None:
    data = package(HEAD + p("第一条 甲方付款。") + p("第二条 附则。"))
    contract = read(data)
    asked = [
        inserted(contract, "附则", "乙方不得分包。", 1, "insert_before"),
        replaced(contract, "第二条 附则。", "", 2),
    ]
    made = marked(data, *asked)
    assert not made.refused
    assert judge.lines(made.data, "accept")[-2:] == ["第一条 甲方付款。", "乙方不得分包。"]
