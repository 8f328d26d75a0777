"""Where the parties can be reached: accounts and addresses, and whose they are."""

import pytest

from reviewer.engine.contacts import contacts, reached
from reviewer.engine.statements import statements
from tests.factories import contract, review


@pytest.mark.parametrize(
    ("sentence", "parties"),
    [
        pytest.param("通知发 a.li@yun.example、b.wu@kuai.example。", 2, id="two-mail-accounts"),
        pytest.param("甲方微信 yunshang-01，乙方微信 kuaida-02。", 2, id="two-chat-accounts"),
        pytest.param(
            "书面寄至：甲方，武夷山市度假区三姑街十八号；乙方，寄至福州市鼓楼区津泰路六十六号。",
            2,
            id="two-addresses",
        ),
        pytest.param("甲方邮箱 a@yun.example，乙方邮箱 ____。", 1, id="one-left-blank"),
        pytest.param("乙方邮箱 b@kuai.example，备用 c@kuai.example。", 1, id="one-party-twice"),
        pytest.param("有话发微信：甲方wmhl_chen，乙方kuaizui_bj。", 2, id="names-without-a-label"),
        pytest.param(
            "发函：甲方兰州市城关区雁滩路18号，乙方兰州市七里河区西津西路66号。",
            2,
            id="plain-streets",
        ),
        pytest.param("通知发到各自微信。", 0, id="no-account-named"),
        pytest.param("买家收货地址为杭州市西湖区文三路的，乙方应核对。", 0, id="a-buyers-address"),
    ],
)
def test_each_party_is_reached_by_an_account_or_address_of_its_own(
    sentence: str, parties: int
) -> None:
    count, _ = reached(contacts(statements(contract(sentence))))
    assert count == parties


def test_the_accounts_decide_the_element_and_are_its_evidence() -> None:
    made = review("通知发 a.li@yun.example、b.wu@kuai.example，发出次日视为送达。")
    found = next(e for f in made.findings for e in f.elements if e.id == "ne_addr")
    assert found.status == "met"
    assert found.quote is not None
    assert "a.li@yun.example" in found.quote
