"""Checking the whole corpus offline: every citation resolves and is in force."""

from datetime import date

from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.playbooks import load_playbook, playbook_names


def verify(day: date) -> tuple[int, list[str]]:
    """Return how many citations were checked, and what is wrong with them on `day`."""
    laws = load_laws()
    cited: list[tuple[str, str]] = []
    for name in playbook_names():
        cited += [(check.id, law) for check in load_playbook(name).checks for law in check.law]
    library = load_clauses()
    for check_id, clause in library.clauses.items():
        cited += [(f"clauses/{check_id}", law) for law in clause.law]
    for check_id, fix in library.fixes.items():
        cited += [(f"clauses/{check_id}", law) for law in fix.law]
    problems: list[str] = []
    for where, name in cited:
        article = laws.get(name)
        if article is None:
            problems.append(f"{where}: 法条 {name} 不在语料中")
        elif article.effective_date > day:
            problems.append(f"{where}: {name} 自 {article.effective_date} 起施行，{day} 尚未生效")
        elif article.id.split("#")[0] in laws.repealed:
            problems.append(f"{where}: {name} 所在法律已废止")
    return len(cited), problems
