"""What rewriting a contract does to its findings: `python -m reviewer.evaluation.robust`.

Rewritings that say the same must change nothing, the kind of file neither; a sentence that is
deleted, negated or made vague must no longer hold up what rested on it.
"""

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from reviewer.contract import Contract
from reviewer.engine import Engine
from reviewer.evaluation.transform import KEEP, SPOIL
from reviewer.finding import Finding
from reviewer.ingest import contract_from_bytes, contract_from_text
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import make_engine
from reviewer.playbook import Playbook
from reviewer.redline.fresh import fresh_word
from reviewer.settings import Settings


def as_word(text: str) -> Contract:
    """Return the contract as read from a Word file with its text."""
    return contract_from_bytes(fresh_word(contract_from_text(text)), "contract.docx")


def as_pdf(text: str) -> Contract:
    """Return the contract as read from the PDF that LibreOffice makes of it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        word = folder / "contract.docx"
        word.write_bytes(fresh_word(contract_from_text(text)))
        command = ["soffice", "--headless", f"-env:UserInstallation={(folder / 'p').as_uri()}"]
        command += ["--convert-to", "pdf", "--outdir", name, str(word)]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return contract_from_bytes(word.with_suffix(".pdf").read_bytes(), "contract.pdf")


SAVED: Mapping[str, Callable[[str], Contract]] = {"saved_as_docx": as_word, "saved_as_pdf": as_pdf}
"""Name to another kind of file of the same text, which must change nothing."""


def statuses(text: str | Contract, engine: Engine, playbook: Playbook) -> dict[str, str]:
    """Return the status of every check of a contract."""
    contract = contract_from_text(text) if isinstance(text, str) else text
    outcome = engine.review(contract, playbook)
    return {f.check: f.status for f in outcome.findings if f.kind != "observation"}


def shares(
    texts: Sequence[str],
    engine: Engine,
    playbook: Playbook,
    rewritings: Mapping[str, Callable[[str], str | Contract]] = KEEP,
) -> dict[str, float]:
    """Return for each rewriting the share of findings that it leaves as they were."""
    before = [statuses(text, engine, playbook) for text in texts]
    found = {}
    for name, rewrite in rewritings.items():
        kept = total = 0
        for text, old in zip(texts, before, strict=True):
            new = statuses(rewrite(text), engine, playbook)
            total += len(old)
            kept += sum(new[check] == status for check, status in old.items())
        found[name] = kept / total
    return found


def spoiled(texts: Sequence[str], engine: Engine, playbook: Playbook) -> dict[str, float]:
    """Return for each spoiling the share of core sentences whose loss is noticed.

    A core sentence is the only passage on which a core element rests. It is noticed when the
    element is no longer met by that passage: its status falls, or other words carry it.
    """
    bounded = {e.id for c in playbook.checks for e in c.elements if e.lax_bound}
    noticed = {name: [0, 0] for name in SPOIL}
    for text in texts:
        for element, sentence in _core_sentences(_findings(text, engine, playbook)):
            if text.count(sentence) != 1:
                continue
            for name, spoil in SPOIL.items():
                instead = spoil(sentence)
                if instead == sentence or (name == "made_vague" and element not in bounded):
                    continue
                noticed[name][1] += 1
                after = _findings(text.replace(sentence, instead), engine, playbook)
                noticed[name][0] += not _rests_on(after, element, instead)
    return {name: kept / total if total else 1.0 for name, (kept, total) in noticed.items()}


def _findings(text: str, engine: Engine, playbook: Playbook) -> tuple[Finding, ...]:
    return engine.review(contract_from_text(text), playbook).findings


def _core_sentences(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Return one core element with its only passage for each check, to keep the run short."""
    found = []
    for finding in findings:
        for element in finding.elements:
            if element.core and element.status == "met" and element.quote and not element.more:
                found.append((element.id, element.quote))
                break
    return found


def _rests_on(findings: Sequence[Finding], name: str, sentence: str) -> bool:
    """Return whether an element is met by a passage of `sentence`."""
    for finding in findings:
        for element in finding.elements:
            if element.id == name and element.status == "met" and element.quote:
                quotes = (element.quote, *(passage.quote for passage in element.more))
                return any(quote in sentence or sentence in quote for quote in quotes if sentence)
    return False


def main() -> None:
    """Print the shares over the text contracts of the data set."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "eval/contracts")
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt"))]
    engine, playbook = make_engine(Settings(engine="rules")), load_playbook()
    for name, share in shares(texts, engine, playbook).items():
        sys.stdout.write(f"{name:22} {share:.4f}\n")
    kinds = SAVED if shutil.which("soffice") else {"saved_as_docx": as_word}
    for name, share in shares(texts[::6], engine, playbook, kinds).items():
        sys.stdout.write(f"{name:22} {share:.4f}\n")
    for name, share in spoiled(texts[::8], engine, playbook).items():
        sys.stdout.write(f"{name:22} {share:.4f} noticed\n")


if __name__ == "__main__":
    main()
