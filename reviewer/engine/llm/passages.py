"""Which clauses a group of checks needs, when the whole contract does not fit."""

from collections.abc import Collection, Iterable, Sequence

from reviewer.chat.base import estimate_tokens
from reviewer.contract import Clause, Contract
from reviewer.playbook import Check
from reviewer.retrieval.lexical import LexicalIndex

_ALWAYS = ("title", "parties")
_DEFINITIONS = ("定义", "释义", "名词解释", "术语")
BEST_A_QUERY = 6


def passages_for(
    contract: Contract,
    clauses: Sequence[Clause],
    queries: Sequence[str],
    needed: Collection[str],
    budget: int,
) -> frozenset[str]:
    """Return the ids of the clauses to send, as many as fit.

    The parties and definitions come first, then the clauses where the rules engine found
    something, then what the retrieval finds for each query, each with its heading and the
    clauses beside it.

    Args:
        contract: The contract.
        clauses: Those of its clauses that could be sent.
        queries: What the question is about; none for the pass beyond the playbook.
        needed: Ids of clauses that hold evidence.
        budget: Tokens for the clauses.
    """
    at = {clause.id: n for n, clause in enumerate(clauses)}
    wanted: dict[str, None] = {}
    for clause in clauses:
        defines = clause.heading and any(word in clause.heading for word in _DEFINITIONS)
        if clause.kind in _ALWAYS or defines:
            wanted[clause.id] = None
    wanted |= dict.fromkeys(name for name in needed if name in at)
    order = ranked(clauses, queries) if queries else list(range(len(clauses)))
    for number in order:
        clause = clauses[number]
        beside = [clause.parent, clause.id]
        beside += [clauses[n].id for n in (number - 1, number + 1) if 0 <= n < len(clauses)]
        wanted |= dict.fromkeys(name for name in beside if name in at)
    kept: set[str] = set()
    spent = 0
    for name in wanted:
        cost = estimate_tokens(clauses[at[name]].text) + 6
        if spent + cost > budget:
            continue
        kept.add(name)
        spent += cost
    return frozenset(kept)


def ranked(clauses: Sequence[Clause], queries: Iterable[str]) -> list[int]:
    """Return the numbers of the clauses that the queries find, the best of the first query first."""
    index = LexicalIndex([clause.text for clause in clauses])
    found: dict[int, None] = {}
    for query in queries:
        scores = index.scores(query)
        best = sorted(range(len(clauses)), key=lambda n: -float(scores[n]))[:BEST_A_QUERY]
        found |= dict.fromkeys(n for n in best if scores[n] > 0)
    return list(found)


def queries_of(check: Check) -> Iterable[str]:
    """Yield what to search the contract for, so that `check` can be answered."""
    if not check.elements:
        hits = check.exemplars.hit if check.exemplars else ()
        yield " ".join((check.title, check.hit_when or "", *hits[:2]))
    for element in check.elements:
        yield " ".join((element.title, element.met_when, *element.exemplars.met[:1]))
