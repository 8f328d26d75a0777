"""Loading model clauses and fixes."""

from functools import cache
from pathlib import Path

from reviewer.errors import CorpusInvalid
from reviewer.knowledge.source import read_yaml, validated
from reviewer.model_clause import Fix, ModelClause
from reviewer.resources import data_folder


class ClauseLibrary:
    """The wording that the product may propose, by check."""

    def __init__(self, clauses: dict[str, ModelClause], fixes: dict[str, Fix]) -> None:
        self.clauses = clauses
        self.fixes = fixes

    def clause(self, check: str) -> ModelClause | None:
        """Return the model clause for a protection, or None."""
        return self.clauses.get(check)

    def fix(self, check: str) -> Fix | None:
        """Return the fix for a red flag or caution, or None."""
        return self.fixes.get(check)


@cache
def load_clauses(folder: Path | None = None) -> ClauseLibrary:
    """Return the clause library in `folder`, or the one that was shipped.

    Raises:
        CorpusInvalid: A file is wrong, or two files serve one check; names file and line.
    """
    root = (folder or data_folder("corpus")) / "clauses"
    clauses: dict[str, ModelClause] = {}
    fixes: dict[str, Fix] = {}
    for path in sorted(root.glob("*.yaml")):
        data = read_yaml(path)
        is_fix = isinstance(data, dict) and "action" in data
        if is_fix:
            fix = validated(Fix, data, path)
            taken, fixes[fix.check] = fix.check in fixes, fix
        else:
            clause = validated(ModelClause, data, path)
            taken, clauses[clause.check] = clause.check in clauses, clause
        if taken:
            raise CorpusInvalid(f"{path}:1: 同一审查项有两份范本", remedy="请删去其中一份")
    return ClauseLibrary(clauses, fixes)
