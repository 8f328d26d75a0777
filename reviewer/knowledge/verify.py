"""Checking the whole corpus offline: every reference resolves and every citation is in force."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from reviewer.knowledge.laws import LawBook, load_laws
from reviewer.knowledge.playbooks import read_playbook
from reviewer.knowledge.source import line_of, read_yaml
from reviewer.playbook import Check
from reviewer.resources import data_folder


def verify(day: date, folder: Path | None = None) -> tuple[int, list[str]]:
    """Return how many citations were checked, and what is wrong with the corpus on `day`.

    Args:
        day: Law that is not in force on this day is wrong.
        folder: A corpus; the shipped one by default.

    Raises:
        CorpusInvalid: A file cannot be read at all; names file and line.
        PlaybookError: A check cannot be read at all.
    """
    root = folder or data_folder("corpus")
    laws = load_laws(root)
    problems: list[str] = []
    checked = 0
    checks: dict[str, Check] = {}
    for book in sorted((root / "playbooks").iterdir()):
        if not (book / "playbook.yaml").exists():
            continue
        for check in read_playbook(book).checks:
            checks[check.id] = check
            path = book / f"{check.id}.yaml"
            checked += len(check.law)
            problems += _citations(laws, path, check.law, day)
    for path in sorted((root / "clauses").glob("*.yaml")):
        data = read_yaml(path)
        cited = data.get("law", ()) if isinstance(data, dict) else ()
        checked += len(cited)
        problems += _citations(laws, path, cited, day)
        problems += _unknown(path, data, checks)
    return checked, problems


def _citations(laws: LawBook, path: Path, cited: Any, day: date) -> Iterator[str]:
    for at, name in enumerate(cited):
        article = laws.get(name)
        if article and article.effective_date <= day and name.split("#")[0] not in laws.repealed:
            continue
        place = f"{path.parent.name}/{path.name}:{line_of(path, ['law', at])}"
        if name.split("#")[0] in laws.repealed:
            yield f"{place}: {name} 所在法律已废止"
        elif article is None:
            yield f"{place}: 法条 {name} 不在语料中"
        else:
            yield f"{place}: {name} 自 {article.effective_date} 起施行，{day} 尚未生效"


def _unknown(path: Path, data: Any, checks: dict[str, Check]) -> Iterator[str]:
    """Yield the checks and elements that a clause names and the playbook does not have."""
    place = f"{path.parent.name}/{path.name}"
    check = checks.get(data.get("check"))
    if check is None:
        yield f"{place}:{line_of(path, ['check'])}: 审查手册中没有检查项 {data.get('check')}"
        return
    known = {element.id for element in check.elements}
    for version in ("standard", "strong", "concession"):
        for at, part in enumerate((data.get(version) or {}).get("parts", ())):
            for name in part.get("elements", ()):
                if name not in known:
                    line = line_of(path, [version, "parts", at])
                    yield f"{place}:{line}: {check.id} 没有要素 {name}"
