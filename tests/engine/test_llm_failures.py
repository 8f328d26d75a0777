"""Every way in which an endpoint fails, through the whole engine over real HTTP.

One group of checks meets the failure; the result must still be a whole review.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reviewer.chat.openai_compatible import chat_from
from reviewer.contract import Contract
from reviewer.engine.llm import LlmEngine
from reviewer.errors import ChatError, ChatRefused, ChatSetup, ChatUnavailable
from reviewer.pipeline import review_contract
from reviewer.playbook import Playbook
from reviewer.review import Review
from reviewer.settings import Settings
from tests.factories import contract, review
from tests.scripted_models import agreeing, answers, asked, remembering, script
from tests.scripted_server import (
    Answer,
    Body,
    completion,
    failure,
    messages_of,
    serving,
    without_usage,
)

SUBJECT = contract(
    "乙方为甲方天猫旗舰店提供售前、售后客服，每日8:00至24:00，法定节假日不休。",
    "乙方应对买家信息严格保密，不得导出或向第三方提供。",
    "首次响应时间不超过30秒，以平台后台数据为准，按自然月统计。",
    "期满前三十日未书面提出终止的，自动续约一年。",
    "本合同一式两份，由甲方所在地人民法院管辖。",
)
BASE = review(SUBJECT)
SAY = agreeing(BASE.findings)
GOOD = script(SAY)
VICTIM = "ds_noexport"
"""The group that asks for this element meets the failure."""
MENDS = "按规定格式只补答"
INVENTED = "乙方不得以任何方式导出、复制、截屏买家信息"


def ids(body: Body) -> list[str]:
    return asked(messages_of(body))


def hit(body: Body) -> bool:
    """Return whether a request is that of the group that meets the failure."""
    return VICTIM in str(body["messages"][1]["content"]).rpartition("以上是资料。")[2]


def is_repair(body: Body) -> bool:
    return MENDS in body["messages"][-1]["content"]


def good(body: Body) -> str:
    return GOOD(messages_of(body)[:2])


@dataclass
class Run:
    result: Review
    requests: list[Body]

    @property
    def statuses(self) -> dict[str, str]:
        return statuses(self.result)

    def victims(self) -> list[Body]:
        return [body for body in self.requests if hit(body)]


def statuses(result: Review) -> dict[str, str]:
    found = {f.check: f.status for f in result.findings if f.kind != "observation"}
    return found | {e.id: e.status for f in result.findings for e in f.elements}


@pytest.fixture
def run(tmp_path: Path, playbook: Playbook) -> Callable[..., Run]:
    def reviewed(
        fault: Callable[[Body], Answer | None], subject: Contract = SUBJECT, **more: Any
    ) -> Run:
        chosen = {"retries": 1, "backoff_s": 0.0, "timeout_s": 10.0, **more}
        with serving(lambda body, number: fault(body) or completion(good(body))) as server:
            settings = Settings(
                engine="llm",
                base_url=server.url,
                model="m",
                cache_dir=tmp_path / "cache",
                _env_file=None,
                **chosen,
            )
            engine = LlmEngine(remembering(), chat_from(settings), settings)
            return Run(review_contract(subject, engine, playbook), server.requests)

    return reviewed


def at_victim(answer: Answer, *, repaired: bool = False) -> Callable[[Body], Answer | None]:
    """Return a server that fails the one group, at the first try alone where it is `repaired`."""

    def fault(body: Body) -> Answer | None:
        if not hit(body) or (repaired and is_repair(body)):
            return None
        return answer

    return fault


def whole() -> list[dict[str, Any]]:
    """Return the right answers of the group that meets the failure."""
    names = [e.id for f in BASE.findings for e in f.elements]
    own = [n for n in names if n.startswith(("ds_", "pp_", "ip_"))]
    return [{"id": n, "clause": None, "quote": None, "why": None, **(SAY(n) or {})} for n in own]


def body_of(items: list[dict[str, Any]]) -> str:
    return json.dumps({"answers": items, "law": []}, ensure_ascii=False)


def test_a_model_that_agrees_leaves_every_status_as_it_was(run) -> None:
    made = run(lambda body: None)
    assert made.statuses == statuses(BASE)
    assert not any("漏答" in w or "单独作答" in w for w in made.result.warnings)


MALFORMED = '{"answers": [{"id": "ds_noexport", "status": '
WRONG_ENUM = body_of([{**item, "status": "fully met"} for item in whole()])
NO_STATUS = body_of([{k: v for k, v in item.items() if k != "status"} for item in whole()])


@pytest.mark.parametrize(
    ("answer", "quoted"),
    [
        pytest.param(completion(MALFORMED), "没有 JSON 对象", id="malformed-json"),
        pytest.param(completion(WRONG_ENUM), "ds_noexport：status 有误", id="wrong-enum"),
        pytest.param(completion(NO_STATUS), "ds_noexport：status 有误", id="missing-key"),
        pytest.param(completion(""), "答复为空", id="empty-content"),
        pytest.param(completion(None), "答复为空", id="null-content"),
        pytest.param(completion("抱歉，我不能。"), "没有 JSON 对象", id="prose"),
        pytest.param(completion("[]"), "没有 JSON 对象", id="json-of-another-form"),
        pytest.param(
            completion("", reasoning_content=body_of(whole())), "答复为空", id="reasoning-only"
        ),
        pytest.param(
            completion(f"<think>{body_of(whole())}"), "答复为空", id="thinking-never-ends"
        ),
    ],
)
def test_an_answer_of_the_wrong_form_is_asked_for_once_more_with_what_is_wrong(
    run, answer: Answer, quoted: str
) -> None:
    made = run(at_victim(answer, repaired=True))
    repairs = [body for body in made.victims() if is_repair(body)]
    assert len(repairs) == 1
    assert quoted in repairs[0]["messages"][-1]["content"]
    assert made.statuses == statuses(BASE)
    assert not any("漏答" in w for w in made.result.warnings)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(completion(MALFORMED), id="malformed-json"),
        pytest.param(completion(WRONG_ENUM), id="wrong-enum"),
        pytest.param(completion(NO_STATUS), id="missing-key"),
        pytest.param(completion(""), id="empty-content"),
    ],
)
def test_an_answer_of_the_wrong_form_twice_leaves_the_group_to_the_rules_engine(
    run, answer: Answer
) -> None:
    made = run(at_victim(answer))
    assert made.statuses == statuses(BASE)
    assert any(f"模型漏答 {len(whole())} 个编号" in w for w in made.result.warnings)


def test_what_an_answer_holds_before_it_was_cut_is_kept_and_the_rest_asked_for(run) -> None:
    text = body_of(whole())
    cut = text[: text.index('{"id": "pp_')] + '{"id": "pp_'
    made = run(at_victim(completion(cut, finish="length"), repaired=True))
    (repair,) = [body for body in made.victims() if is_repair(body)]
    wanted = re.search(r"只补答这些编号：(.*?)。", repair["messages"][-1]["content"])
    assert wanted
    left = wanted[1].split("、")
    assert "ds_noexport" not in left
    assert left == [i["id"] for i in whole() if not i["id"].startswith("ds_")]
    assert made.statuses == statuses(BASE)


def test_fenced_and_chatty_json_is_read(run) -> None:
    made = run(at_victim(completion(f"好的：\n```json\n{body_of(whole())}\n```\n以上。")))
    assert not any(is_repair(body) for body in made.requests)
    assert made.statuses == statuses(BASE)


def test_thinking_is_never_taken_for_the_answer(run) -> None:
    thought = body_of([{**i, "status": "met", "quote": INVENTED} for i in whole()])
    said = completion(f"<think>{thought}</think>{body_of(whole())}", reasoning_content=thought)
    made = run(at_victim(said))
    assert not any("引文不在合同中" in w for w in made.result.warnings)
    assert made.statuses == statuses(BASE)


@pytest.mark.parametrize(
    "quote",
    [
        pytest.param(INVENTED, id="invented"),
        pytest.param("乙方对买家的信息应严格保密，禁止导出或提供给第三方", id="paraphrased"),
        pytest.param("乙方应对买家信息严格保密……向第三方提供", id="joined"),
        pytest.param("不得", id="too-short-to-prove-anything"),
    ],
)
def test_a_quote_that_does_not_stand_in_the_contract_is_named_once_and_then_dropped(
    run, quote: str
) -> None:
    lie = {"id": VICTIM, "status": "met", "clause": "c2", "quote": quote, "why": None}

    def lying(body: Body) -> Answer | None:
        items = [lie if i["id"] == VICTIM else i for i in whole()]
        if "需要复议" in body["messages"][-1]["content"]:
            return completion(answers(lie))
        return completion(body_of(items)) if hit(body) else None

    made = run(lying)
    (second,) = [b for b in made.requests if "需要复议" in b["messages"][-1]["content"]]
    assert f"{VICTIM} " in second["messages"][-1]["content"]
    assert "引文不在合同中" in second["messages"][-1]["content"]
    assert made.statuses == statuses(BASE)
    assert any("1 处引文不在合同中" in w for w in made.result.warnings)
    shown = made.result.model_dump_json()
    assert len(quote) < 6 or quote not in shown


def test_spaces_width_and_quotation_marks_of_a_quote_are_forgiven(run) -> None:
    def spaced(body: Body) -> Answer | None:
        if not hit(body):
            return None
        items = whole()
        for item in items:
            if item["quote"]:
                item["quote"] = "“" + item["quote"].replace("，", ", ").rstrip("。") + "”"
        return completion(body_of(items))

    made = run(spaced)
    assert not any("引文不在合同中" in w for w in made.result.warnings)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("民法典#9999", id="invented"),
        pytest.param("合同法#114", id="repealed"),
        pytest.param("刑法#253之一", id="real-but-not-offered"),
    ],
)
def test_law_that_was_not_offered_is_dropped_and_counted(run, laws, name: str) -> None:
    said = json.dumps({"answers": whole(), "law": [name]}, ensure_ascii=False)
    made = run(at_victim(completion(said)))
    cited = {c.id for f in made.result.findings for c in f.citations}
    assert cited <= set(laws.articles)
    assert cited == {c.id for f in BASE.findings for c in f.citations}
    assert any("范围以外的法条 1 条" in w for w in made.result.warnings)


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        pytest.param(completion(None, refusal="I cannot"), "模型拒绝回答", id="refusal"),
        pytest.param(failure(500, "oops"), "服务出错（500）", id="server-error"),
        pytest.param(failure(401, "bad key"), "拒绝了密钥", id="key-withdrawn"),
        pytest.param(failure(404, "no such model m"), "没有模型 m", id="model-gone"),
        pytest.param(failure(429, "slow down"), "太频繁", id="rate-limit"),
        pytest.param(failure(400, "strange"), "不接受请求", id="bad-request"),
        pytest.param(Answer(body="<html></html>", kind="text/html"), "返回的是网页", id="web-page"),
        pytest.param(Answer(body={"hello": 1}), "不是 chat completions", id="other-json"),
        pytest.param(replace(completion("{}"), reset_after=50), "连接中断", id="reset"),
    ],
)
def test_a_group_that_fails_for_good_falls_back_to_the_rules_engine_with_the_reason(
    run, answer: Answer, says: str
) -> None:
    made = run(at_victim(answer))
    assert made.statuses == statuses(BASE)
    (warning,) = [w for w in made.result.warnings if "由规则引擎单独作答" in w]
    assert says in warning
    assert "数据安全与合规" in warning


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(replace(completion("{}"), hang_s=1.5), id="hang"),
        pytest.param(replace(completion("{}"), trickle_s=0.2), id="trickle"),
    ],
)
def test_an_endpoint_that_does_not_finish_is_left_in_time(run, answer: Answer) -> None:
    made = run(at_victim(answer), timeout_s=0.7, retries=0)
    assert made.statuses == statuses(BASE)
    assert any("0.7 秒内没有答完" in w for w in made.result.warnings)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(failure(429, "slow down", retry_after="0.1"), id="rate-limit"),
        pytest.param(failure(503, "overloaded"), id="overloaded"),
        pytest.param(replace(completion("{}"), reset_after=50), id="reset"),
    ],
)
def test_what_passes_at_the_second_try_leaves_no_trace(run, answer: Answer) -> None:
    seen: list[int] = []

    def once(body: Body) -> Answer | None:
        if hit(body) and not seen:
            seen.append(1)
            return answer
        return None

    made = run(once)
    assert made.statuses == statuses(BASE)
    assert not any("单独作答" in w for w in made.result.warnings)
    assert len(made.victims()) == 2


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("This model's maximum context length is 3500 tokens.", id="says-how-much"),
        pytest.param("prompt is too long", id="does-not-say"),
    ],
)
def test_an_endpoint_with_a_small_context_is_asked_in_smaller_groups(run, words: str) -> None:
    def small(body: Body) -> Answer | None:
        size = sum(len(m["content"]) for m in body["messages"])
        return failure(400, words, "context_length_exceeded") if size > 3400 else None

    made = run(small)
    assert made.statuses == statuses(BASE)
    assert not any("单独作答" in w for w in made.result.warnings)
    assert len(made.requests) > 11


def test_what_a_small_context_has_no_room_for_is_named(run) -> None:
    long = contract(*(f"乙方应妥善保管第{n}批货物。" * 60 for n in range(9)))
    made = run(lambda body: None, subject=long, context_tokens=6000)
    assert made.statuses == statuses(review(long))
    (warning,) = [w for w in made.result.warnings if "未发送" in w]
    assert "第" in warning


def test_missing_usage_is_estimated_and_said_to_be(run) -> None:
    made = run(lambda body: without_usage(good(body)))
    assert made.result.usage.prompt_tokens > 10_000
    assert any("token 数按字数估算" in w for w in made.result.warnings)


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        pytest.param(failure(401, "bad key"), ChatSetup, "REVIEWER_API_KEY", id="wrong-key"),
        pytest.param(failure(404, "no model m"), ChatSetup, "--model", id="unknown-model"),
        pytest.param(failure(404, "Not Found"), ChatSetup, "--base-url", id="no-endpoint"),
        pytest.param(
            Answer(body="<html></html>", kind="text/html"), ChatSetup, "--base-url", id="web-page"
        ),
        pytest.param(
            failure(400, "maximum context length is 2048 tokens"), ChatSetup, "8k", id="2k-context"
        ),
        pytest.param(failure(500, "oops"), ChatUnavailable, "稍后再试", id="down"),
        pytest.param(completion(None, refusal="no"), ChatRefused, "换一个模型", id="refuses"),
    ],
)
def test_a_model_that_answers_nothing_is_an_error_that_offers_the_rules_engine(
    run, answer: Answer, kind: type[ChatError], says: str
) -> None:
    with pytest.raises(kind, match=says) as caught:
        run(lambda body: answer)
    assert "--engine rules" in str(caught.value)


def test_a_wrong_key_costs_one_request(run, tmp_path: Path) -> None:
    seen: list[Body] = []

    def wrong(body: Body) -> Answer:
        seen.append(body)
        return failure(401, "bad key")

    with pytest.raises(ChatSetup):
        run(wrong)
    assert len(seen) == 1


@pytest.mark.parametrize("answer", ["{}", "垃圾", "", '{"answers": []}'])
def test_a_model_that_talks_nonsense_throughout_leaves_the_rules_engine_s_result(
    run, answer: str
) -> None:
    made = run(lambda body: completion(answer))
    assert made.statuses == statuses(BASE)
    assert any("漏答" in w for w in made.result.warnings)
