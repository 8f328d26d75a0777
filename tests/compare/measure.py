"""How many silent edits the comparison finds: `python -m tests.compare.measure`.

Every labelled contract is changed at random places as a vendor might, a new article is put in
before the second one, so that hand-typed numbers shift, and the differences are held against
what was done.
"""

import random
import re
import sys
import time

from reviewer.compare.differences import Difference, differences
from reviewer.contract import Contract
from reviewer.ingest import contract_from_bytes, contract_from_text
from tests.conftest import REPOSITORY

EDITS = 8
_NUMBER = re.compile(r"\d+")
_SWAPS = (("甲方", "乙方"), ("应当", "可以"), ("不得", "可以"), ("全部", "部分"), ("书面", "口头"))


def changed(text: str, chance: random.Random) -> tuple[str, list[str]]:
    """Return the text with some words changed, and the sentences that hold the new ones."""
    places: list[tuple[int, int, str]] = []
    for match in _NUMBER.finditer(text):
        places.append((match.start(), match.end(), str(int(match[0]) + 7)))
    for old, new in _SWAPS:
        places += [(m.start(), m.end(), new) for m in re.finditer(old, text)]
    places = [p for p in places if not _at_line_start(text, p[0])]
    chosen: list[tuple[int, int, str]] = []
    for place in chance.sample(places, min(len(places), 4 * EDITS)):
        if all(abs(place[0] - other[0]) > 60 for other in chosen) and len(chosen) < EDITS:
            chosen.append(place)
    made = []
    for start, end, new in sorted(chosen, reverse=True):
        made.append(text[max(0, start - 6) : start] + new + text[end : end + 6])
        text = text[:start] + new + text[end:]
    return text, made


def shifted(text: str) -> str:
    """Return the text with a new second article, the numbers typed behind it one higher."""
    numerals = "一二三四五六七八九十"
    if "\n第二条" not in text or "第十条" in text:
        return text
    for number in range(9, 1, -1):
        text = text.replace(f"\n第{numerals[number - 1]}条", f"\n第{numerals[number]}条")
    return text.replace("\n第三条", f"\n第二条 {NEW}\n第三条", 1)


NEW = "双方应当各自指定一名联系人。"


def _at_line_start(text: str, at: int) -> bool:
    return at - (text.rfind("\n", 0, at) + 1) < 12


def shown(difference: Difference, old: Contract, new: Contract) -> str:
    """Return the words around a difference in the new version."""
    return new.text[max(0, difference.new.start - 8) : difference.new.end + 8]


def main() -> None:
    """Print how much was found, and how much was told that nobody did."""
    made_all = found_all = told_all = surplus = identical = contracts = 0
    begun = time.perf_counter()
    for path in sorted((REPOSITORY / "eval" / "contracts").iterdir()):
        text = contract_from_bytes(path.read_bytes(), path.name).text
        old = contract_from_text(text)
        contracts += 1
        identical += not differences(old, contract_from_text(old.text))
        after, made = changed(old.text, random.Random(path.name))
        new = contract_from_text(shifted(after))
        told = [d for d in differences(old, new) if d.kind not in ("move", "reference")]
        told = [d for d in told if NEW not in d.new.of(new.text)]
        around = [shown(d, old, new) for d in told]
        found = [words for words in made if any(words[4:-4] in a or a in words for a in around)]
        made_all, found_all = made_all + len(made), found_all + len(found)
        told_all += len(told)
        surplus += max(0, len(told) - len(made))
    seconds = time.perf_counter() - begun
    sys.stdout.write(f"contracts that do not differ from themselves: {identical} of {contracts}\n")
    sys.stdout.write(f"edits found: {found_all} of {made_all}\n")
    sys.stdout.write(f"differences told: {told_all}, more than were made: {surplus}\n")
    sys.stdout.write(f"seconds: {seconds:.1f}\n")


if __name__ == "__main__":
    main()
