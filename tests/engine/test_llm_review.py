"""Both engines together: what is taken from a model, what is not, and that a weak one does no harm."""

import json
import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from reviewer.chat.base import Message
from reviewer.chat.scripted import Answer, ScriptedChat
from reviewer.contract import Contract
from reviewer.engine.llm import LlmEngine
from reviewer.engine.llm.workers import Workers
from reviewer.engine.status import protection_status
from reviewer.errors import BudgetSpent, ChatUnavailable
from reviewer.finding import Finding
from reviewer.knowledge.playbooks import load_playbook
from reviewer.pipeline import review_contract
from reviewer.playbook import Playbook
from reviewer.review import Review
from reviewer.settings import Settings
from tests.factories import contract, review
from tests.scripted_models import (
    Say,
    agreeing,
    answers,
    asked,
    remembering,
    script,
    sentences,
)

SUBJECT = contract(
    "乙方为甲方天猫旗舰店提供售前、售后客服，每日8:00至24:00，法定节假日不休。",
    "乙方应对买家信息严格保密。乙方客服不得把买家资料带出工作电脑。",
    "首次响应时间不超过30秒，以平台后台数据为准，按自然月统计。",
    "期满前三十日未书面提出终止的，自动续约一年。",
    "乙方应及时回复买家，客服人员应当稳定。",
    "本合同一式两份，由甲方所在地人民法院管辖。",
)
BASE = review(SUBJECT)


@pytest.fixture
def run(settings: Settings, playbook: Playbook) -> Callable[..., tuple[Review, ScriptedChat]]:
    def reviewed(
        answer: Callable[[tuple[Message, ...]], Answer],
        subject: Contract = SUBJECT,
        on_finding: Callable[[Finding], None] | None = None,
        **more: Any,
    ) -> tuple[Review, ScriptedChat]:
        chosen = settings.model_copy(update={"cache_dir": settings.cache_dir, **more})
        chat = ScriptedChat(answer)
        engine = LlmEngine(remembering(), chat, chosen)
        return review_contract(subject, engine, playbook, on_finding=on_finding), chat

    return reviewed


def checked(result: Review) -> list[Finding]:
    return [f for f in result.findings if f.kind != "observation"]


def element(result: Review, name: str) -> Any:
    return next(e for f in result.findings for e in f.elements if e.id == name)


def finding(result: Review, name: str) -> Finding:
    return next(f for f in result.findings if f.check == name)


def tail(messages: tuple[Message, ...]) -> str:
    return messages[-1].text.rpartition("以上是资料。")[2]


# --- a weak model does no harm


def always(status: str, flag: str) -> Say:
    quotes = sentences(SUBJECT)

    def say(name: str) -> dict[str, Any]:
        wanted = flag if name.startswith(("rf_", "ef_")) else status
        quote = None if wanted in ("absent", "clear") else quotes[hash_of(name) % len(quotes)]
        return {"status": wanted, "quote": quote}

    return say


def hash_of(name: str) -> int:
    return sum(map(ord, name))


def at_random(name: str) -> dict[str, Any]:
    statuses = ("hit", "clear") if name.startswith(("rf_", "ef_")) else ("met", "partial", "absent")
    return always(statuses[hash_of(name) % len(statuses)], statuses[hash_of(name) % 2])(name)


def inventing(name: str) -> dict[str, Any]:
    status = "hit" if name.startswith(("rf_", "ef_")) else "met"
    return {"status": status, "quote": f"乙方保证完全做到{name}所说的一切事项"}


@pytest.mark.parametrize(
    "say",
    [
        pytest.param(always("met", "hit"), id="says-yes-to-everything"),
        pytest.param(always("absent", "clear"), id="says-no-to-everything"),
        pytest.param(always("partial", "hit"), id="says-perhaps-to-everything"),
        pytest.param(at_random, id="throws-dice"),
        pytest.param(inventing, id="invents-quotes"),
        pytest.param(lambda name: None, id="answers-nothing"),
    ],
)
def test_a_model_that_fails_the_test_of_trust_changes_no_finding_at_all(run, say: Say) -> None:
    made, chat = run(script(say))
    assert checked(made) == checked(BASE)
    assert any("意见不可靠" in warning for warning in made.warnings)
    assert not any("需要复议" in tail(a.messages) for a in chat.asked)


ELEMENT = st.sampled_from(["met", "partial", "absent"])
QUOTE = st.sampled_from([*sentences(SUBJECT), "乙方保证一切都好，绝无任何风险。"])
LIES = st.dictionaries(
    st.sampled_from([e.id for f in BASE.findings for e in f.elements]),
    st.builds(lambda s, q: {"status": s, "quote": None if s == "absent" else q}, ELEMENT, QUOTE),
    max_size=12,
)
FLAGS = st.dictionaries(
    st.sampled_from([f.check for f in BASE.findings if f.kind in ("red_flag", "caution")]),
    st.builds(
        lambda s, q: {"status": s, "quote": q if s == "hit" else None},
        st.sampled_from(["hit", "clear"]),
        QUOTE,
    ),
    max_size=3,
)
RANK = {"absent": 0, "partial": 1, "met": 2}


@given(LIES, FLAGS)
@hypothesis_settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_a_trusted_model_says_only_what_is_borne_out_changes_anything(
    run, playbook: Playbook, tmp_path_factory: Any, lies: Any, flags: Any
) -> None:
    folder = tmp_path_factory.mktemp("cache")
    made, _ = run(script(agreeing(BASE.findings, {**lies, **flags})), cache_dir=folder)
    for new, old, check in zip(checked(made), checked(BASE), playbook.checks, strict=True):
        if not check.elements:
            assert (old.status, new.status) != ("hit", "clear")
            continue
        statuses = {e.id: e.status for e in new.elements}
        assert new.status == protection_status(check, statuses)
        for after, before in zip(new.elements, old.elements, strict=True):
            if after.status != before.status:
                assert after.quote
                assert after.quote in SUBJECT.text
                assert RANK[after.status] > RANK[before.status] or after.status == "partial"
        if old.flagged and not new.flagged:
            assert new.needs_human


# --- what a good model adds


UNFORESEEN = (
    ("qc_access", "甲方可随时拷走全部旺旺聊天记录"),
    ("be_terminate", "连续三日不达标且七日内无改善的，甲方有权中止合同"),
    ("sb_exit", "擅自转包的，甲方有权中止合同"),
    ("be_convenience", "甲方提前三十日书面知会乙方即可中止合同"),
)
"""Wordings that a careful reader understands and that no cue may foresee yet."""


@pytest.fixture(scope="module")
def unforeseen() -> tuple[str, str, Contract, Review]:
    """Return an element, its wording, a contract with it, and what the patterns alone say."""
    for name, words in UNFORESEEN:
        subject = contract(*(c.text.partition(" ")[2] for c in SUBJECT.clauses[3:]), words + "。")
        with pytest.MonkeyPatch.context() as patterns_alone:
            patterns_alone.setattr("reviewer.engine.rules.judge_of", lambda *given: None)
            base = review(subject)
            remembering().review(subject, load_playbook())
        if element(base, name).status == "absent":
            return name, words, subject, base
    raise AssertionError("the patterns know them all: add a wording that it does not know")


def test_a_passage_that_no_cue_foresaw_is_taken_when_it_is_borne_out_and_said_twice(
    run, unforeseen: tuple[str, str, Contract, Review]
) -> None:
    name, words, subject, base = unforeseen
    claim = {"status": "met", "quote": words, "why": "已约定"}
    made, chat = run(script(agreeing(base.findings, {name: claim})), subject=subject)
    new = element(made, name)
    assert (new.status, new.quote) == ("met", words)
    assert "依据模型的意见" in new.note
    (second,) = [a for a in chat.asked if "需要复议" in tail(a.messages)]
    assert f"{name} " in tail(second.messages)


def test_a_view_repeated_without_its_quote_keeps_the_quote_given_before(
    run, unforeseen: tuple[str, str, Contract, Review]
) -> None:
    name, words, subject, base = unforeseen
    first = script(agreeing(base.findings, {name: {"status": "met", "quote": words}}))

    def answer(messages: tuple[Message, ...]) -> str:
        again = "需要复议" in tail(messages)
        return answers({"id": name, "status": "met"}) if again else first(messages)

    made, _ = run(answer, subject=subject)
    assert (element(made, name).status, element(made, name).quote) == ("met", words)


def test_a_model_that_joins_the_rules_engine_without_a_quote_leaves_no_dispute(run) -> None:
    name = next(e.id for f in checked(BASE) for e in f.elements if e.status == "partial")
    claim = {"status": "met", "quote": element(BASE, name).quote[:40]}
    first = script(agreeing(BASE.findings, {name: claim}))

    def answer(messages: tuple[Message, ...]) -> str:
        again = "需要复议" in tail(messages)
        return answers({"id": name, "status": "partial"}) if again else first(messages)

    made, _ = run(answer)
    assert element(made, name) == element(BASE, name)


def test_a_view_that_the_model_takes_back_when_asked_again_is_not_taken(
    run, unforeseen: tuple[str, str, Contract, Review]
) -> None:
    name, words, subject, base = unforeseen
    first = script(agreeing(base.findings, {name: {"status": "met", "quote": words}}))
    second = script(agreeing(base.findings))

    def answer(messages: tuple[Message, ...]) -> str:
        return (second if "需要复议" in tail(messages) else first)(messages)

    made, _ = run(answer, subject=subject)
    assert element(made, name).status == "absent"


def test_a_passage_about_something_else_is_not_taken_however_often_it_is_said(run) -> None:
    claim = {"status": "met", "quote": "本合同一式两份", "why": "已约定"}
    made, _ = run(script(agreeing(BASE.findings, {"qc_access": claim})))
    assert element(made, "qc_access").status == element(BASE, "qc_access").status
    assert "两种意见" in element(made, "qc_access").note


def test_both_opinions_go_into_the_adjudication(
    run, unforeseen: tuple[str, str, Contract, Review]
) -> None:
    name, words, subject, base = unforeseen
    claim = {"status": "met", "quote": words, "why": "可以取得"}
    _, chat = run(script(agreeing(base.findings, {name: claim})), subject=subject)
    (asks,) = [tail(a.messages) for a in chat.asked if "需要复议" in tail(a.messages)]
    assert "规则引擎：absent" in asks
    assert f"前一次答案：met，引文“{words}”（可以取得）" in asks


def test_a_number_is_read_by_the_program_and_not_by_the_model(run) -> None:
    subject = contract(
        "乙方客服的首次响应时间不得超过180秒，以平台后台数据为准，按自然月统计。",
        "乙方应对买家信息严格保密。",
        "期满前三十日未书面提出终止的，自动续约一年。",
    )
    base = review(subject)
    claim = {"status": "met", "quote": "乙方客服的首次响应时间不得超过180秒", "why": None}
    made, _ = run(script(agreeing(base.findings, {"kp_response": claim})), subject=subject)
    assert element(base, "kp_response").status == "partial"
    assert element(made, "kp_response").status == "partial"


def test_what_stays_disputed_is_shown_with_both_views_and_goes_to_a_person(run) -> None:
    quote = "乙方应及时回复买家，客服人员应当稳定"
    names = ("st_turnover", "st_replace", "st_reserve", "st_key")
    claims = {n: {"status": "met", "quote": quote, "why": "已约定稳定"} for n in names}
    made, _ = run(script(agreeing(BASE.findings, claims)))
    disputed = finding(made, "staffing_stability")
    assert disputed.needs_human
    assert any("规则引擎认为" in (e.note or "") for e in disputed.elements)
    assert disputed.status == finding(BASE, "staffing_stability").status


def test_a_flag_that_the_rules_engine_hits_is_never_cleared_by_the_model(run) -> None:
    made, _ = run(script(agreeing(BASE.findings, {"rf_auto_renewal": {"status": "clear"}})))
    kept = finding(made, "rf_auto_renewal")
    assert (kept.status, kept.needs_human) == ("hit", True)
    assert "两种意见" in kept.reason


def test_the_summary_says_how_often_both_agreed(run) -> None:
    made, _ = run(script(agreeing(BASE.findings)))
    (warning,) = [w for w in made.warnings if "各自独立判断" in w]
    total = sum(len(f.elements) or 1 for f in checked(BASE))
    assert f"{total} 项中一致 {total} 项（100%）" in warning


def test_agreement_makes_a_finding_surer(run) -> None:
    made, _ = run(script(agreeing(BASE.findings)))
    assert finding(made, "rf_auto_renewal").confidence > (
        finding(BASE, "rf_auto_renewal").confidence
    )


def test_a_statute_in_the_model_s_reason_is_not_shown(run) -> None:
    why = "依《民法典》第999条无效"
    said = {"rf_auto_renewal": {"status": "clear", "why": why}}
    made, _ = run(script(agreeing(BASE.findings, said)))
    assert "999" not in made.model_dump_json()


def test_the_law_that_the_model_chose_comes_first_and_only_from_the_corpus(run, laws) -> None:
    first = finding(BASE, "kpi").citations
    made, _ = run(script(agreeing(BASE.findings), law=(first[-1].id, "民法典#9999")))
    assert {c.id for c in finding(made, "kpi").citations} == {c.id for c in first}
    assert all(c.id in laws.articles for f in made.findings for c in f.citations)


def test_english_readers_get_the_views_in_english(run) -> None:
    made, _ = run(
        script(agreeing(BASE.findings, {"rf_auto_renewal": {"status": "clear"}})), lang="en"
    )
    assert "Two views" in finding(made, "rf_auto_renewal").reason


# --- beyond the check-list


def remarking(*claims: dict[str, Any]) -> Callable[[tuple[Message, ...]], str]:
    say = script(agreeing(BASE.findings))

    def answer(messages: tuple[Message, ...]) -> str:
        return answers(*claims) if "审查清单之外" in tail(messages) else say(messages)

    return answer


def remark(quote: str, why: str, name: str = "o1") -> dict[str, Any]:
    return {"id": name, "status": "hit", "quote": quote, "why": why}


def observations(result: Review) -> list[Finding]:
    return [f for f in result.findings if f.check == "llm_observation"]


def test_a_remark_beyond_the_playbook_is_an_observation_with_its_passage(run) -> None:
    made, _ = run(remarking(remark("本合同一式两份", "没有说谁持有哪一份。")))
    (seen,) = observations(made)
    assert (seen.kind, seen.reason) == ("observation", "没有说谁持有哪一份。")
    assert seen.evidence[0].quote == "本合同一式两份"
    assert seen.needs_human
    assert seen.clauses == ("c6",)


def test_a_remark_is_never_counted(run) -> None:
    made, _ = run(remarking(remark("本合同一式两份", "没有说谁持有哪一份。")))
    assert made.summary == BASE.summary


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(remark("合同一式三份", "份数不明。"), id="quote-that-is-not-there"),
        pytest.param(remark("本合同一式两份", ""), id="no-reason"),
        pytest.param(remark("本合同一式两份", "依《民法典》第490条不成立。"), id="cites-law"),
        pytest.param({**remark("本合同一式两份", "x"), "status": "met"}, id="wrong-status"),
        pytest.param({**remark("本合同一式两份", "x"), "id": "kp_response"}, id="other-id"),
    ],
)
def test_a_remark_that_cannot_be_verified_is_not_shown(run, claim: dict[str, Any]) -> None:
    made, _ = run(remarking(claim))
    assert observations(made) == []


def test_the_same_passage_is_remarked_on_once(run) -> None:
    made, _ = run(
        remarking(
            remark("本合同一式两份", "谁持有哪一份？"),
            remark("本合同一式两份，由甲方", "份数。", "o2"),
        )
    )
    assert len(observations(made)) == 1


# --- drafting


def drafting(reword: Callable[[str], str]) -> Callable[[tuple[Message, ...]], str]:
    say = script(agreeing(BASE.findings))

    def answer(messages: tuple[Message, ...]) -> str:
        asks = tail(messages)
        if "改写成本合同的用语" not in asks:
            return say(messages)
        parts = asks.rpartition("law 写 []。\n")[2].split("# ")[1:]
        claims = []
        for part in parts:
            name, _, text = part.partition("\n")
            claims.append({"id": name.strip(), "status": "partial", "why": reword(text.strip())})
        return answers(*claims)

    return answer


def inserted(result: Review) -> dict[str, str]:
    return {f.check: f.suggestion.text for f in result.findings if f.suggestion}


def test_a_rewording_that_keeps_every_duty_and_number_is_offered(run) -> None:
    made, _ = run(drafting(lambda text: text.replace("应当", "应").replace("；", "；\n", 1)))
    new, old = inserted(made), inserted(BASE)
    changed = [name for name in new if new[name] != old.get(name)]
    assert changed
    for name in changed:
        suggestion = finding(made, name).suggestion
        assert suggestion
        assert suggestion.fallback


@pytest.mark.parametrize(
    "reword",
    [
        pytest.param(lambda text: text.replace("24", "72").replace("2", "3"), id="other-number"),
        pytest.param(lambda text: text[: len(text) // 3], id="half-of-it"),
        pytest.param(lambda text: text + "依《合同法》执行。", id="adds-a-statute"),
        pytest.param(lambda text: text + "金额为____元。", id="leaves-a-slot"),
        pytest.param(lambda text: "双方友好协商，共同发展。" * 9, id="empty-talk"),
    ],
)
def test_a_rewording_that_changes_what_is_owed_is_not_offered(run, reword: Any) -> None:
    made, _ = run(drafting(reword))
    assert inserted(made) == inserted(BASE)


# --- streaming, interruption, budget


def test_findings_come_as_soon_as_their_group_is_answered(run) -> None:
    seen: list[str] = []
    first = threading.Event()
    say = script(agreeing(BASE.findings))
    early: list[int] = []

    def answer(messages: tuple[Message, ...]) -> str:
        if "rf_blanks" in tail(messages):  # the last group waits until others were shown
            first.wait(20)
            early.append(len(seen))
        return say(messages)

    def on_finding(found: Finding) -> None:
        seen.append(found.check)
        if len(seen) > 3:
            first.set()

    made, _ = run(answer, on_finding=on_finding)
    assert early[0] > 3
    assert {f.check for f in made.findings} == set(seen)


def test_each_finding_is_shown_once(run) -> None:
    seen: list[str] = []
    run(script(agreeing(BASE.findings)), on_finding=lambda f: seen.append(f.id))
    assert len(seen) == len(set(seen))


def test_breaking_off_keeps_what_was_answered_and_says_so(run, monkeypatch: Any) -> None:
    def breaking(workers: Workers[Any]) -> Iterator[Any]:
        for number, done in enumerate(original(workers)):
            if number == 2:
                raise KeyboardInterrupt
            yield done

    original = Workers.results
    monkeypatch.setattr(Workers, "results", breaking)
    made, chat = run(script(agreeing(BASE.findings)))
    assert checked(made)
    assert {f.check: f.status for f in checked(made)} == {f.check: f.status for f in checked(BASE)}
    assert any("已中断" in w for w in made.warnings)
    assert chat.closed


def test_after_breaking_off_the_next_contract_is_not_begun(
    settings: Settings, playbook: Playbook, monkeypatch: Any
) -> None:
    def breaking(workers: Workers[Any]) -> Iterator[Any]:
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(Workers, "results", breaking)
    engine = LlmEngine(remembering(), ScriptedChat(script(agreeing(BASE.findings))), settings)
    engine.review(SUBJECT, playbook)
    with pytest.raises(KeyboardInterrupt):
        engine.review(SUBJECT, playbook)


def test_a_budget_stops_the_requests_and_leaves_the_rest_to_the_rules_engine(run) -> None:
    made, chat = run(script(agreeing(BASE.findings)), budget_tokens=9_000)
    assert 0 < len(chat.asked) < 8
    assert made.usage.prompt_tokens + made.usage.completion_tokens <= 9_000
    assert {f.check: f.status for f in checked(made)} == {f.check: f.status for f in checked(BASE)}
    assert any("token 预算 9000 已用完" in w for w in made.warnings)


def test_a_budget_that_allows_nothing_is_an_error(run) -> None:
    with pytest.raises(BudgetSpent, match="--budget"):
        run(script(agreeing(BASE.findings)), budget_tokens=100)


def test_an_endpoint_that_dies_half_way_leaves_a_whole_review(run) -> None:
    say = script(agreeing(BASE.findings))
    count: list[int] = []

    def dying(messages: tuple[Message, ...]) -> Answer:
        count.append(1)
        return say(messages) if len(count) < 4 else ChatUnavailable("没有回答", remedy="")

    made, _ = run(dying, retries=0)
    assert len(checked(made)) == len(checked(BASE))
    assert any("由规则引擎单独作答" in w for w in made.warnings)


def test_a_rerun_is_free_and_needs_no_endpoint(run) -> None:
    first, _ = run(script(agreeing(BASE.findings)))
    dead = ChatUnavailable("没有回答", remedy="")
    again, chat = run(lambda messages: dead)
    assert chat.asked == []
    assert again.usage.requests == 0
    assert checked(again) == checked(first)
    assert any("来自本机缓存" in w for w in again.warnings)


# --- what is sent


def test_every_request_begins_with_the_same_prefix(run) -> None:
    _, chat = run(script(agreeing(BASE.findings)))
    texts = ["\n".join(m.text for m in a.messages) for a in chat.asked]
    prefixes = {text.partition("以上是资料。")[0] for text in texts}
    assert len(prefixes) == 1
    assert SUBJECT.clauses[3].text.strip() in prefixes.pop()


def test_every_check_is_asked_about_exactly_once_in_the_first_round(
    run, playbook: Playbook
) -> None:
    _, chat = run(script(agreeing(BASE.findings)))
    names = [n for a in chat.asked for n in asked(a.messages)]
    wanted = [e.id for c in playbook.checks for e in c.elements]
    wanted += [c.id for c in playbook.checks if not c.elements]
    assert sorted(names) == sorted(wanted)


def test_the_result_names_host_model_prompts_and_use(run) -> None:
    made, _ = run(script(agreeing(BASE.findings)))
    assert (made.engine.name, made.engine.model) == ("llm", "scripted")
    assert made.engine.host == "scripted.invalid"
    assert {"system", "contract", "checks", "observe", "second"} <= set(made.engine.prompts)
    assert made.usage.requests == 11
    assert made.usage.prompt_tokens > 0


def test_cost_follows_from_the_price_table(settings: Settings, playbook: Playbook) -> None:
    chat = ScriptedChat(script(agreeing(BASE.findings)))
    chat.host, chat.model = "api.deepseek.com", "deepseek-chat"
    made = LlmEngine(remembering(), chat, settings).review(SUBJECT, playbook)
    usage = made.usage
    due = Decimal(usage.prompt_tokens) * Decimal("0.30") + Decimal(
        usage.completion_tokens
    ) * Decimal("1.20")
    assert usage.cost is not None
    assert abs(usage.cost - due / 1_000_000) < Decimal("0.0001")
    assert usage.currency == "USD"


def test_a_model_that_lists_what_is_absent_among_the_answers_is_read_too(run) -> None:
    say = agreeing(BASE.findings)

    def listed(messages: tuple[Message, ...]) -> str:
        claims = [{"id": name, **claim} for name in asked(messages) if (claim := say(name))]
        return json.dumps({"answers": claims, "law": []}, ensure_ascii=False)

    made, _ = run(listed)
    assert {f.check: f.status for f in checked(made)} == {f.check: f.status for f in checked(BASE)}
    assert not any("漏答" in w for w in made.warnings)


def test_answers_keyed_by_id_are_read_too(run) -> None:
    say = agreeing(BASE.findings)

    def by_id(messages: tuple[Message, ...]) -> str:
        claims = {name: claim for name in asked(messages) if (claim := say(name))}
        return json.dumps({"answers": claims, "law": []}, ensure_ascii=False)

    made, _ = run(by_id)
    assert {f.check: f.status for f in checked(made)} == {f.check: f.status for f in checked(BASE)}
    assert not any("漏答" in w for w in made.warnings)


def test_a_model_that_names_clauses_instead_of_ids_is_given_the_ids_as_properties(run) -> None:
    say = script(agreeing(BASE.findings))

    def confused(messages: tuple[Message, ...]) -> str:
        if "按规定格式只补答" in messages[-1].text:
            return say(messages[:2])
        return answers({"id": "c1.1", "status": "met", "quote": "本合同一式两份"})

    made, chat = run(confused)
    assert any("按规定格式只补答" in a.messages[-1].text for a in chat.asked)
    assert {f.check: f.status for f in checked(made)} == {f.check: f.status for f in checked(BASE)}
