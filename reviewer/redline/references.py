"""References by number that a change makes untrue."""

import re
from collections.abc import Iterable

from reviewer.contract import Clause, Contract
from reviewer.ingest.markers import marker_of

_NUMERAL = "一二三四五六七八九十百零〇两"
_REFERENCE = re.compile(
    rf"第\s*[{_NUMERAL}\d]+\s*[条條]|(?<![\d.])\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?=\s*[条條款项])"
)


def shifted(contract: Contract, at: int, clause: Clause) -> list[str]:
    """Return the numbers behind `at` on the level of `clause` that the text refers to elsewhere.

    They move on by one where a provision with an automatic number is inserted at `at`.
    """
    marker = marker_of(f"{clause.number} x") if clause.number else None
    behind = {
        found.value
        for c in contract.clauses
        if c.start >= at and c.number and (found := marker_of(f"{c.number} x"))
        if marker is None or found.style == marker.style or found.style.startswith("d")
    }
    return sorted(_referred(contract) & behind, key=_order)


def dangling(contract: Contract, clauses: Iterable[Clause]) -> list[str]:
    """Return the numbers of `clauses`, about to be deleted, that the text refers to elsewhere."""
    gone = {m.value for c in clauses if c.number and (m := marker_of(f"{c.number} x"))}
    return sorted(_referred(contract) & gone, key=_order)


def _referred(contract: Contract) -> set[str]:
    """Return the values of all provisions that the text refers to by number."""
    starts = {c.start for c in contract.clauses}
    found: set[str] = set()
    for match in _REFERENCE.finditer(contract.text):
        line = contract.text.rfind("\n", 0, match.start()) + 1
        heads = not contract.text[line : match.start()].strip(" \t　#*") or match.start() in starts
        words = re.sub(r"\s", "", match[0])
        if heads or "《" in contract.text[max(0, match.start() - 30) : match.start()]:
            continue
        marker = marker_of(words + " x")
        if marker:
            found.add(marker.value)
    return found


def _order(value: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", value)]


def named(values: Iterable[str]) -> str:
    """Return numbers as a reader calls them: 第8条、3.2."""
    return "、".join(v if "." in v else f"第{v}条" for v in values)
