"""References by number that a change makes untrue."""

import re
from collections.abc import Iterable
from functools import cached_property

from reviewer.contract import Clause, Contract
from reviewer.ingest.markers import Marker, marker_of

_NUMERAL = "一二三四五六七八九十百零〇两"
_REFERENCE = re.compile(
    rf"第\s*[{_NUMERAL}\d]+\s*[条條]|(?<![\d.])\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?=\s*[条條款项])"
)


class References:
    """Answers which references by number a change would make untrue."""

    def __init__(self, contract: Contract) -> None:
        self.contract = contract

    def shifted(self, at: int, clause: Clause) -> list[str]:
        """Return the numbers behind `at` on the level of `clause` that the text refers to.

        They move on by one where a provision with an automatic number is inserted at `at`.
        """
        marker = _marker(clause)
        behind = {
            found.value
            for c in self.contract.clauses
            if c.start >= at and (found := _marker(c))
            if marker is None or found.style == marker.style or found.style.startswith("d")
        }
        return sorted(self._referred & behind, key=_order) if behind else []

    def dangling(self, clauses: Iterable[Clause]) -> list[str]:
        """Return the numbers of `clauses`, about to be deleted, that the text refers to."""
        gone = {marker.value for c in clauses if (marker := _marker(c))}
        return sorted(self._referred & gone, key=_order) if gone else []

    @cached_property
    def _referred(self) -> set[str]:
        """The values of all provisions that the text refers to by number."""
        text = self.contract.text
        starts = {c.start for c in self.contract.clauses}
        found: set[str] = set()
        for match in _REFERENCE.finditer(text):
            line = text.rfind("\n", 0, match.start()) + 1
            heads = not text[line : match.start()].strip(" \t　#*") or match.start() in starts
            if heads or "《" in text[max(0, match.start() - 30) : match.start()]:
                continue
            marker = marker_of(re.sub(r"\s", "", match[0]) + " x")
            if marker:
                found.add(marker.value)
        return found


def _marker(clause: Clause) -> Marker | None:
    return marker_of(f"{clause.number} x") if clause.number else None


def _order(value: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", value)]


def named(values: Iterable[str]) -> str:
    """Return numbers as a reader calls them: 第8条、3.2."""
    return "、".join(v if "." in v else f"第{v}条" for v in values)
