"""Share of findings that stay the same under rewritings: `python -m reviewer.evaluation.robust`."""

import sys
from collections.abc import Sequence
from pathlib import Path

from reviewer.engine import Engine
from reviewer.evaluation.transform import KEEP
from reviewer.ingest import contract_from_text
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import make_engine
from reviewer.playbook import Playbook
from reviewer.settings import Settings


def statuses(text: str, engine: Engine, playbook: Playbook) -> dict[str, str]:
    """Return the status of every check of a contract."""
    outcome = engine.review(contract_from_text(text), playbook)
    return {f.check: f.status for f in outcome.findings if f.kind != "observation"}


def shares(texts: Sequence[str], engine: Engine, playbook: Playbook) -> dict[str, float]:
    """Return for each rewriting the share of findings that it leaves as they were."""
    before = [statuses(text, engine, playbook) for text in texts]
    found = {}
    for name, rewrite in KEEP.items():
        kept = total = 0
        for text, old in zip(texts, before, strict=True):
            new = statuses(rewrite(text), engine, playbook)
            total += len(old)
            kept += sum(new[check] == status for check, status in old.items())
        found[name] = kept / total
    return found


def main() -> None:
    """Print the shares over the text contracts of the data set."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "eval/contracts")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    engine, playbook = make_engine(Settings(engine="rules")), load_playbook()
    for name, share in shares(texts, engine, playbook).items():
        sys.stdout.write(f"{name:22} {share:.4f}\n")


if __name__ == "__main__":
    main()
