"""Contracts and reviews for tests, in a line each."""

from functools import cache

from reviewer.contract import Contract
from reviewer.engine.rules import RulesEngine
from reviewer.finding import Finding
from reviewer.ingest import contract_from_text
from reviewer.knowledge.clauses import load_clauses
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import review_contract
from reviewer.review import Review

HEAD = (
    "网店客服外包合同\n"
    "甲方：杭州云裳服饰有限公司\n"
    "乙方：合肥快答信息技术有限公司\n"
    "鉴于甲方经营网店，乙方提供客服外包服务，双方约定如下：\n"
)


def contract(*articles: str) -> Contract:
    """Return a contract between a merchant (甲方) and a vendor (乙方) with these articles."""
    body = "\n".join(f"第{_NUMERALS[n]}条 {text}" for n, text in enumerate(articles))
    return contract_from_text(HEAD + body + "\n", first_party_side="client")


@cache
def rules() -> RulesEngine:
    """Return the rules engine over the shipped corpus."""
    return RulesEngine(load_laws(), load_clauses())


def review(subject: Contract | str) -> Review:
    """Return the rules engine's review of a contract, or of one with this single article."""
    read = subject if isinstance(subject, Contract) else contract(subject)
    return review_contract(read, rules(), load_playbook())


def finding(subject: Contract | str, check: str) -> Finding:
    """Return what the rules engine finds for one check."""
    return next(f for f in review(subject).findings if f.check == check)


def elements(subject: Contract | str, check: str) -> dict[str, str]:
    """Return the status of each element of one check."""
    return {element.id: element.status for element in finding(subject, check).elements}


_NUMERALS = "一二三四五六七八九"
