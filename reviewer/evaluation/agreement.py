"""Do two readers agree on the labels: `python -m reviewer.evaluation.agreement`.

Source: J. Cohen, A coefficient of agreement for nominal scales (1960): kappa is the agreement
above what the readers' habits alone would give, 1 for perfect, 0 for chance.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from reviewer.knowledge.playbooks import load_playbook
from reviewer.playbook import Playbook


class Answer(NamedTuple):
    """What two readers said of one check or element of one contract."""

    contract: str
    check: str
    element: str | None
    first: str
    second: str


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Return Cohen's kappa; None where there is nothing, or only one answer was ever given."""
    if not pairs:
        return None
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[name] * second[name] for name in first) / len(pairs) ** 2
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def answers(first: Path, second: Path) -> Iterable[Answer]:
    """Yield what both folders of label files say of the contracts that both have."""
    for path in sorted(second.glob("*.json")):
        other = first / path.name
        if not other.is_file():
            continue
        ours = json.loads(other.read_text(encoding="utf-8"))["labels"]
        theirs = json.loads(path.read_text(encoding="utf-8"))["labels"]
        for check in sorted(set(ours) & set(theirs)):
            a, b = ours[check], theirs[check]
            yield Answer(path.stem, check, None, a["status"], b["status"])
            shared = set(a.get("elements", {})) & set(b.get("elements", {}))
            for name in sorted(shared):
                yield Answer(path.stem, check, name, a["elements"][name], b["elements"][name])


def by_kind(
    found: Sequence[Answer], playbook: Playbook
) -> dict[str, tuple[int, float, float | None]]:
    """Return for each kind of check, and for elements: how many, share agreed, kappa."""
    kinds = {check.id: check.kind for check in playbook.checks}
    groups: dict[str, list[tuple[str, str]]] = {}
    for answer in found:
        kind = "element" if answer.element else str(kinds.get(answer.check, "other"))
        groups.setdefault(kind, []).append((answer.first, answer.second))
    return {
        kind: (len(pairs), sum(a == b for a, b in pairs) / len(pairs), kappa(pairs))
        for kind, pairs in groups.items()
    }


def main() -> None:
    """Print the agreement by kind, then the checks on which the readers agree least."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "eval")
    second = Path(sys.argv[2]) if len(sys.argv) > 2 else folder / "second"
    found = list(answers(folder / "labels", second))
    for kind, (n, share, value) in by_kind(found, load_playbook()).items():
        shown = "—" if value is None else f"{value:.3f}"
        sys.stdout.write(f"{kind:12} n={n:5} agreed {share:.3f} kappa {shown}\n")
    wrong = Counter(a.element or a.check for a in found if a.first != a.second)
    for name, n in wrong.most_common(25):
        sys.stdout.write(f"  {name:26} {n}\n")


if __name__ == "__main__":
    main()
