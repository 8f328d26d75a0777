"""Nothing that names or reaches somebody leaves the machine; what comes back has the names again."""

from collections import Counter
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reviewer.chat.masking import Masker
from reviewer.chat.personal import Found, find
from reviewer.chat.scripted import ScriptedChat
from reviewer.engine.llm import LlmEngine
from reviewer.pipeline import review_contract
from reviewer.playbook import Playbook
from reviewer.settings import Settings
from tests.conftest import REPOSITORY
from tests.factories import contract, review
from tests.scripted_models import agreeing, remembering, script

SENTENCES: dict[str, Any] = yaml.safe_load(
    (REPOSITORY / "tests" / "data" / "masking.yaml").read_text(encoding="utf-8")
)


def masked(text: str) -> str:
    return Masker(find(text)).mask(text)


def recall(part: str) -> tuple[Counter[str], Counter[str]]:
    hidden: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    for sentence in SENTENCES[part]:
        text = masked(sentence["text"])
        for kind, words in sentence["hide"].items():
            all_[kind] += len(words)
            hidden[kind] += sum(word not in text for word in words)
    return hidden, all_


@pytest.mark.parametrize(
    ("kind", "at_least"),
    [
        pytest.param("人名", 0.75, id="persons"),
        pytest.param("公司", 0.85, id="companies"),
        pytest.param("店铺", 0.85, id="shops"),
        pytest.param("地址", 0.85, id="addresses"),
        pytest.param("邮箱", 0.75, id="e-mail"),
        pytest.param("电话", 0.95, id="phones"),
        pytest.param("证件", 0.95, id="identity-papers"),
        pytest.param("账号", 0.95, id="accounts"),
        pytest.param("信用代码", 0.95, id="credit-codes"),
    ],
)
@pytest.mark.parametrize("part", ["known", "measured"])
def test_the_share_of_each_kind_that_is_hidden_does_not_fall(
    part: str, kind: str, at_least: float
) -> None:
    hidden, all_ = recall(part)
    assert hidden[kind] >= at_least * all_[kind]


@pytest.mark.parametrize("sentence", SENTENCES["none"])
def test_a_sentence_without_names_goes_out_as_it_is(sentence: str) -> None:
    assert masked(sentence) == sentence


def test_the_same_words_have_the_same_placeholder_everywhere() -> None:
    masker = Masker([Found("公司", "云裳公司"), Found("公司", "快答公司")])
    text = masker.mask("云裳公司委托快答公司，云裳公司付款。")
    assert text == "【公司1】委托【公司2】，【公司1】付款。"


def test_the_longer_of_two_names_is_replaced_as_a_whole() -> None:
    masker = Masker([Found("店铺", "云裳"), Found("公司", "杭州云裳服饰有限公司")])
    assert masker.mask("杭州云裳服饰有限公司的云裳") == "【公司1】的【店铺1】"


@pytest.mark.parametrize("said", ["【公司1】", "[公司1]", "【 公司 1 】", "［公司1］", "〔公司1〕"])
def test_a_placeholder_whose_brackets_the_model_changed_is_restored(said: str) -> None:
    assert Masker([Found("公司", "云裳公司")]).restore(f"{said}付款") == "云裳公司付款"


def test_a_placeholder_that_nobody_gave_out_stays() -> None:
    assert Masker([Found("公司", "云裳公司")]).restore("【公司9】付款") == "【公司9】付款"


def test_words_of_the_contract_that_look_like_a_placeholder_are_left_alone() -> None:
    subject = contract("【公司1】由甲方填写。")
    masker = Masker.of(subject)
    assert "【公司1】" not in masker.words.values()
    assert masker.restore(masker.mask(subject.text)) == subject.text


PIECES = st.sampled_from(
    [
        *(s["text"] for part in ("known", "measured") for s in SENTENCES[part]),
        *SENTENCES["none"],
        "【】",
        "【公司1】",
        "[公司2]",
        "____",
    ]
)


@given(st.lists(PIECES | st.text(max_size=20), max_size=6).map("\n".join))
def test_what_was_masked_comes_back_as_it_was(text: str) -> None:
    masker = Masker.of(contract("付款。"), text)
    assert masker.restore(masker.mask(text)) == text


LEAKY = contract(
    "甲方联系人：王小明，电话13812345678，邮箱 wxm@yunshang.cn。",
    "服务店铺为“云裳旗舰店”，送达地址：杭州市滨江区江南大道3588号12楼。",
    "收款账号：6225 8812 3456 7890，开户行：招商银行杭州滨江支行。",
)
SECRETS = (
    "王小明",
    "13812345678",
    "wxm@yunshang.cn",
    "云裳旗舰店",
    "江南大道3588号",
    "6225 8812",
    "滨江支行",
    "杭州云裳服饰有限公司",
    "合肥快答信息技术有限公司",
)


def reviewed(settings: Settings, playbook: Playbook, **more: Any) -> tuple[Any, str]:
    base = review(LEAKY)
    chat = ScriptedChat(script(agreeing(base.findings)))
    engine = LlmEngine(remembering(), chat, settings.model_copy(update=more))
    made = review_contract(LEAKY, engine, playbook)
    return made, "".join(m.text for a in chat.asked for m in a.messages)


@pytest.mark.parametrize("secret", SECRETS)
def test_no_request_of_a_review_holds_it(
    settings: Settings, playbook: Playbook, secret: str
) -> None:
    assert secret in LEAKY.text
    _, sent = reviewed(settings, playbook)
    assert secret not in sent


def test_without_masking_the_text_goes_out_as_it_is_and_the_result_says_so(
    settings: Settings, playbook: Playbook
) -> None:
    made, sent = reviewed(settings, playbook, mask=False)
    assert "王小明" in sent
    assert any("--no-mask" in warning for warning in made.warnings)


def test_words_that_the_user_names_are_masked_too(settings: Settings, playbook: Playbook) -> None:
    _, sent = reviewed(settings, playbook, mask_words="杭州、江南大道")
    assert "江南大道" not in sent


def test_a_quote_with_a_placeholder_is_found_in_the_contract(
    settings: Settings, playbook: Playbook
) -> None:
    quote = "服务店铺为“【店铺1】”"
    said = {"ss_channel": {"status": "met", "quote": quote}}
    base = review(LEAKY)
    chat = ScriptedChat(script(agreeing(base.findings, said)))
    made = review_contract(LEAKY, LlmEngine(remembering(), chat, settings), playbook)
    assert not any("引文不在合同中" in warning for warning in made.warnings)


def test_the_file_of_sentences_names_each_kind_at_least_ten_times() -> None:
    total = recall("known")[1] + recall("measured")[1]
    assert {kind for kind, count in total.items() if count >= 10} >= {
        "人名",
        "公司",
        "店铺",
        "地址",
        "邮箱",
        "电话",
        "证件",
        "账号",
        "信用代码",
    }
