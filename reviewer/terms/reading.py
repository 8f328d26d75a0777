"""What the extractors share: a statement in canonical words, and where it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reviewer.contract import Contract
from reviewer.engine.statements import Statement, statements
from reviewer.terms.term import Source

PROMOTION = re.compile(
    r"大促|双1[12]|双十[一二]|618|六一八|年货节|活动(当天|期间|当日)|峰值日|预售|零点|0点|(0|零)时至|次日[12]时|促销(活动)?期间|大场直播"
)
RAMP = re.compile(
    r"磨合期|过渡期?|试运行|爬坡期|适应期|首月|首个月|前\d+(日|天)|新店上线|试(用|合作)期"
)
HEDGE = re.compile(
    r"原则上|尽量|尽力|尽可能|努力|力争|争取|供[^。;|]{0,10}参考|参考(值|指标|目标)|不作为(考核|违约|承诺|结算|扣款|付款)|"
    r"不构成|仅用于|内部管理目标|目标是|左右|保持在"
)
HISTORY = re.compile(
    r"历史|过往|以往|外包前|自营|基线|基期|基准|去年|上年|过去|店铺数据|上0\.5年|上半年|近\d+个?月|均值|\d{4}年.{0,8}(至|-|~).{0,8}月|上(个)?季度"
)


@dataclass(frozen=True)
class Reading:
    """The statements of a contract, read for its terms."""

    contract: Contract
    statements: tuple[Statement, ...]

    @classmethod
    def of(cls, contract: Contract) -> "Reading":
        """Return the reading of a contract."""
        return cls(contract, statements(contract))

    def __iter__(self) -> Iterator[Statement]:
        """Yield the statements that bind."""
        return (s for s in self.statements if not s.introduces)

    def source(
        self, statement: Statement, start: int | None = None, end: int | None = None
    ) -> Source:
        """Return the source of a statement, or of its canonical characters `start` to `end`."""
        span = statement.span if start is None else statement.own.span(start, end or start + 1)
        return Source(
            clause=statement.clause,
            number=self.number(statement.clause),
            quote=span.of(self.contract.text),
            start=span.start,
            end=span.end,
        )

    def number(self, clause_id: str) -> str:
        """Return a clause's number with that of the article above it."""
        shown: list[str] = []
        clause = self.contract.clause(clause_id)
        while clause:
            words = (clause.number or "").strip(" .、．")
            if words:
                shown.insert(0, words)
            elif clause.annex and not shown:
                shown.insert(0, clause.annex.strip()[:12])
            clause = self.contract.clause(clause.parent or "")
        if len(shown) > 1 and re.match(r"\d+\.", shown[-1]):
            shown = [shown[-1]] if re.fullmatch(r"\d+", shown[0]) else [shown[0], shown[-1]]
        return " ".join(shown[-2:])


def context(statement: Statement) -> str:
    """Return headings, lead and words of a statement."""
    return f"{statement.heading}|{statement.full}"
