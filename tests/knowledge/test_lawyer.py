"""What corpus/README.md promises a lawyer: a clause, an article and a check of one's own."""

import shutil
from datetime import date
from pathlib import Path

import yaml

from reviewer.engine.rules import RulesEngine
from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.knowledge.laws import load_laws
from reviewer.knowledge.playbooks import load_playbook
from reviewer.knowledge.verify import verify
from reviewer.pipeline import review_contract
from reviewer.playbook import Playbook
from reviewer.resources import data_folder
from reviewer.retrieval.variety import SAME_TRIGRAMS, pairs
from tests.factories import contract

CHECK = """\
id: rf_weekend_only
kind: red_flag
title: 周末不服务
title_en: No service at weekends
severity: medium
group: 红旗条款
what: 乙方是否只在工作日服务。
why: 周末是订单最多的时候。
why_en: Most orders come at weekends.
hit_when: 约定周末不提供服务
clear_when: 约定周末照常服务
rule:
  hit:
    - '(周末|周六日|双休日)[^。;]{0,10}不(提供|安排)?[^。;]{0,4}服务'
exemplars:
  hit: [周末不提供服务。]
  clear: [周末照常服务。]
law: ["民法典#888"]
"""
ARTICLE = {
    "id": "民法典#888",
    "article": "第八百八十八条",
    "excerpt": "测试用的句子。",
    "binds": "双方",
    "gist": "测试。",
    "caveat": "测试。",
    "checks": ["rf_weekend_only"],
}


def test_a_check_and_an_article_are_added_without_touching_code(
    tmp_path: Path, library: ClauseLibrary
) -> None:
    corpus = Path(shutil.copytree(data_folder("corpus"), tmp_path / "corpus"))
    book = corpus / "playbooks" / "cs_outsourcing"
    (book / "rf_weekend_only.yaml").write_text(CHECK, encoding="utf-8")
    head = book / "playbook.yaml"
    text = head.read_text(encoding="utf-8")
    head.write_text(text.replace("\norder:\n", "\norder:\n  - rf_weekend_only\n"), encoding="utf-8")
    code = next(
        p for p in (corpus / "laws").glob("*.yaml") if "short: 民法典\n" in p.read_text("utf-8")
    )
    law = yaml.safe_load(code.read_text(encoding="utf-8"))
    law["articles"].append(ARTICLE)
    code.write_text(yaml.safe_dump(law, allow_unicode=True), encoding="utf-8")
    assert verify(date(2026, 11, 23), corpus)[1] == []
    playbook = load_playbook(str(book))
    engine = RulesEngine(load_laws(corpus), library)
    found = review_contract(contract("乙方周末不提供服务。"), engine, playbook)
    finding = next(f for f in found.findings if f.check == "rf_weekend_only")
    assert finding.status == "hit"
    assert finding.citations[0].quote == "测试用的句子。"


def test_exemplars_of_one_answer_are_not_copies_of_each_other(playbook: Playbook) -> None:
    found = pairs(playbook)
    alike = [pair for pair in found if pair.overlap >= SAME_TRIGRAMS]
    assert len(alike) <= 0.02 * len(found), alike[:5]
