"""The recogniser: wording that no pattern foresaw, weighed against the patterns."""

from collections.abc import Sequence

import numpy as np

from reviewer.engine.features import DIMENSIONS, features, setting, vicinity
from reviewer.engine.recogniser import Definiteness, Recogniser, load_recogniser
from reviewer.engine.statements import Statement, statements
from reviewer.knowledge.playbooks import load_playbook
from tests.factories import contract, elements, finding


def definiteness(own: str = "") -> Definiteness:
    """Return weights by which the words `own` are definite of the target x, and of nothing else."""
    shared = np.zeros(DIMENSIONS, dtype=np.float32)
    column = np.zeros((DIMENSIONS, 1), dtype=np.float32)
    column[features(own)] = 1.0
    return Definiteness(shared, ("x",), column, np.array([-0.5], dtype=np.float32))


def test_features_are_the_same_for_any_number_but_for_how_much_it_is() -> None:
    some, more = set(features("响应不超过30秒").tolist()), set(features("响应不超过600秒").tolist())
    assert len(some - more) == len(more - some) == 3
    assert len(some & more) > 15


def test_a_quantity_is_the_same_however_it_is_written() -> None:
    day = set(features("1日").tolist())
    same, other = set(features("24小时").tolist()), set(features("70小时").tolist())
    assert len(same & day) - len(other & day) == 3


def test_a_statement_is_read_with_its_heading_and_its_neighbours() -> None:
    weights = np.zeros((DIMENSIONS, 1), dtype=np.float32)
    weights[setting("保密")] = 1.0
    weights[vicinity("不得泄露")] = 1.0
    made = Recogniser(["x"], weights, np.zeros(1), definiteness())
    stated = statements(contract("保密\n不得泄露。期限为三年。", "费用\n期限为三年。"))
    scores = {(s.heading, s.own.text): made.read(stated).scores[n, 0] for n, s in enumerate(stated)}
    assert scores["保密", "期限为3年"] > scores["费用", "期限为3年"]


def test_features_stay_within_the_weights() -> None:
    found = features("乙方应当及时回复买家咨询")
    assert found.min() >= 0
    assert found.max() < DIMENSIONS
    assert len(set(found.tolist())) == len(found)


def test_a_recogniser_scores_each_statement_for_each_target() -> None:
    weights = np.zeros((DIMENSIONS, 1), dtype=np.float32)
    weights[features("甲乙")] = 1.0
    made = Recogniser(["x"], weights, np.array([-0.5]), definiteness())
    read = made.read(statements(contract("晴天。", "雨天。")))
    assert read.places == {"x": 0}
    assert read.scores.shape[1] == 1
    assert np.isfinite(read.scores).all()


def test_words_may_be_definite_of_one_target_and_not_of_another() -> None:
    weights = np.zeros((DIMENSIONS, 2), dtype=np.float32)
    made = Recogniser(["x", "y"], weights, np.zeros(2), definiteness("每周抽检50通"))
    stated = statements(contract("外包方配合检查。", "每周抽检五十通。"))
    vague, definite = _rows(stated, "配合检查", "抽检")
    read = made.read(stated)
    assert read.definite("x", [definite]) > max(0.0, read.definite("x", [vague]))
    assert read.definite("y", [definite]) == read.definite("y", [vague]) == 0.0


def test_statements_are_read_together_for_how_definite_they_are() -> None:
    weights = np.zeros((DIMENSIONS, 1), dtype=np.float32)
    made = Recogniser(["x"], weights, np.zeros(1), definiteness("每周抽检50通"))
    stated = statements(contract("每周抽检五十通。", "晴天宜出行。"))
    definite, other = _rows(stated, "抽检", "晴天")
    read = made.read(stated)
    assert read.definite("x", [other]) < read.definite("x", [definite, other])
    assert read.definite("x", [definite, other]) < read.definite("x", [definite])


def _rows(stated: Sequence[Statement], *words: str) -> list[int]:
    return [next(at for at, s in enumerate(stated) if word in s.own.text) for word in words]


def test_what_was_shipped_knows_elements_and_flags_of_the_playbook() -> None:
    recogniser = load_recogniser()
    assert recogniser is not None
    playbook = load_playbook()
    known = {e.id for c in playbook.checks for e in c.elements} | {c.id for c in playbook.checks}
    assert set(recogniser.places) <= known
    assert len(recogniser.places) > 150


def test_a_trap_in_everyday_words_is_recognised() -> None:
    text = "到期那天你们没吭声，就当咱们又接着干一年，价格照旧。"
    assert finding(text, "rf_auto_renewal").status == "hit"


def test_an_ordinary_clause_is_no_trap() -> None:
    text = "本合同一式两份，双方各执一份。"
    assert finding(text, "rf_auto_renewal").status == "clear"
    assert finding(text, "rf_data_use").status == "clear"


def test_likeness_does_not_lift_a_number_that_is_too_lax() -> None:
    assert elements("首次响应时间不超过三百秒。", "kpi")["kp_response"] == "partial"


def test_the_number_of_a_provision_makes_a_vague_one_no_more_definite() -> None:
    text = "D3 每季度离开本项目的人数不得超过该季平均人数的合理范围。"
    assert elements(text, "staffing_stability")["st_turnover"] == "partial"


def test_likeness_does_not_lift_a_blank() -> None:
    assert elements("首次响应时间不超过____秒。", "kpi")["kp_response"] == "partial"


def test_what_likeness_finds_is_quoted_verbatim() -> None:
    text = "咱们的买家电话你那边的人一个都不许抄走，也不许拍下来发出去。"
    found = finding(text, "data_security")
    assert all(passage.quote for passage in found.evidence)


def test_a_cap_in_everyday_words_takes_away_that_there_is_none() -> None:
    text = "因乙方客服原因造成甲方损失的，由乙方赔偿。"
    cap = text + "乙方对甲方的赔付，无论如何合计不高于出事当月的服务费，多的甲方自己担。"
    assert elements(text, "liability_indemnity")["li_nocap"] == "met"
    assert elements(cap, "liability_indemnity")["li_nocap"] == "absent"


def test_likeness_does_not_turn_a_refusal_into_a_promise() -> None:
    text = "关于客服离职后二十四小时内补足人手一事，乙方不予承诺，亦不承担责任。"
    assert elements(text, "staffing_stability")["st_replace"] == "absent"
