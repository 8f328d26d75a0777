"""Random documents, random suggestions: what must hold for every redline."""

import datetime
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.finding import Finding, Suggestion
from reviewer.redline import Redline, redline
from reviewer.redline.edits import apply, edits_of, numbered
from tests.redline import corpus, judge
from tests.redline.asking import finding, read, reviewed
from tests.redline.corpus import OTHER, SECTION, p, package, r, sdt, tbl

DAY = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
WORDS = st.text(alphabet="甲方乙应付款三十日内，。；客服abc3%", min_size=1, max_size=12)
LOOKS = st.sampled_from(["", "<w:b/>", '<w:sz w:val="28"/>', '<w:rFonts w:eastAsia="仿宋"/>'])
RUNS = st.builds(r, WORDS, LOOKS)
SPECIAL = st.sampled_from(
    [
        "<w:r><w:tab/></w:r>",
        "<w:r><w:t>前</w:t><w:br/><w:t>后</w:t></w:r>",
        '<w:proofErr w:type="spellStart"/>',
        '<w:bookmarkStart w:id="3" w:name="b"/><w:bookmarkEnd w:id="3"/>',
        f'<w:hyperlink w:anchor="x">{r("平台规则")}</w:hyperlink>',
        sdt(r("控件")),
        sdt(r("锁定"), '<w:lock w:val="contentLocked"/>'),
        corpus.field("REF a", "八"),
        f'<w:ins w:id="1" {OTHER}>{r("他人加入")}</w:ins>',
        f'<w:del w:id="2" {OTHER}><w:r><w:delText>他人删去</w:delText></w:r></w:del>',
        '<w:r><w:footnoteReference w:id="2"/></w:r>',
        r("隐藏", "<w:vanish/>"),
        corpus.box("框内文字。"),
        "<w:r><w:t>一</w:t><w:lastRenderedPageBreak/><w:t>二</w:t></w:r>",
    ]
)
CONTENT = st.lists(st.one_of(RUNS, RUNS, RUNS, SPECIAL), min_size=1, max_size=4).map("".join)
PROPERTIES = st.sampled_from(["", '<w:jc w:val="center"/>', '<w:ind w:firstLine="480"/>', SECTION])
PARAGRAPHS = st.builds(p, CONTENT, PROPERTIES)
TABLES = st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3).map(lambda rows: tbl(*rows))
BLOCKS = st.one_of(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS, TABLES, st.builds(sdt, PARAGRAPHS))
ARTICLES = st.builds(
    lambda number, block: p(f"第{number}条 条款。") + block, st.integers(1, 9), BLOCKS
)
DOCUMENTS = st.lists(st.one_of(BLOCKS, ARTICLES), min_size=1, max_size=5).map(
    lambda blocks: package(corpus.HEAD + "".join(blocks))
)
TEXTS = st.sampled_from(
    [
        "乙方不得转包。",
        "转包\n乙方不得转包。\n违者解约。",
        "附件一 指标\n指标 | 标准\n响应 | 30秒",
        "第一行。\n第二行。",
        "三十日",
    ]
)


@st.composite
def tasks(draw: st.DrawFn) -> tuple[bytes, list[Finding]]:
    """Draw a document and suggestions for it."""
    data = draw(DOCUMENTS)
    contract = read(data)
    clauses = [c for c in contract.clauses if c.text.strip() and c.kind != "aside"]
    findings = []
    for number in range(draw(st.integers(1, 3))):
        clause = draw(st.sampled_from(clauses))
        action = draw(
            st.sampled_from(["replace", "replace", "delete", "insert_after", "insert_before"])
        )
        text = draw(TEXTS)
        start = end = original = None
        if action in ("replace", "delete"):
            size = len(clause.text)
            low = draw(st.integers(0, size - 1))
            high = draw(st.integers(low + 1, min(size, low + 12)))
            start, end = clause.start + low, clause.start + high
            original = contract.text[start:end]
        findings.append(
            finding(
                number + 1,
                Suggestion(
                    action=action,  # type: ignore[arg-type]
                    anchor=clause.id,
                    original=original,
                    start=start,
                    end=end,
                    text="" if action == "delete" else text,
                ),
            )
        )
    return data, findings


def _made(data: bytes, findings: list[Finding], comments: str = "none") -> Redline:
    review = reviewed(read(data), *findings)
    return redline(review, data, comments=comments, date=DAY)  # type: ignore[arg-type]


def _bare(lines: list[str]) -> str:
    return "".join("".join(lines).replace("|", "").split())


QUICK = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@QUICK
@given(tasks())
def test_rejecting_everything_is_the_identity(task: tuple[bytes, list[Finding]]) -> None:
    data, findings = task
    made = _made(data, findings, "internal")
    assert judge.lines(made.data, "reject") == judge.lines(data, "reject")
    assert judge.faults(data, made.data) == []


@QUICK
@given(tasks())
def test_accepting_everything_gives_the_text_that_was_asked_for(
    task: tuple[bytes, list[Finding]],
) -> None:
    data, findings = task
    contract = read(data)
    made = _made(data, findings)
    done = [f for f in findings if f.id in made.applied]
    edits = numbered(contract, edits_of(contract, done, {}).edits)
    accepted = "\n".join(judge.lines(made.data, "accept"))
    assert _bare([accepted]) == _bare([apply(contract.text, edits)])


@QUICK
@given(tasks(), st.randoms(use_true_random=False))
def test_neither_repetition_nor_order_changes_a_byte(
    task: tuple[bytes, list[Finding]], random: Random
) -> None:
    data, findings = task
    first = _made(data, findings, "external").data
    assert _made(data, findings, "external").data == first
    mixed = list(findings)
    random.shuffle(mixed)
    assert _made(data, mixed, "external").data == first
