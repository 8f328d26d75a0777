"""Citations of law that was repealed or renumbered."""

import pytest

from tests.factories import contract, finding


@pytest.mark.parametrize(
    "text",
    [
        "依《网络安全法》第四十二条，乙方应当采取补救措施。",
        "漏了客人资料的，按网络安全法第42条处理。",
        "按照《中华人民共和国网络安全法》第四十条、第四十二条，不得泄露个人信息。",
        "依網安法第四十二條，洩露買家資料的應即補救。",
        "本合同以《中華人民共和國合同法》為準據。",
        "照合同法办。",
        "违反中华人民共和国侵权责任法的，依法处理。",
        "按《反不正当竞争法》第八条，不得刷单、虚假宣传。",
    ],
)
def test_law_that_is_gone_or_renumbered_is_stale(text: str) -> None:
    assert finding(text, "rf_stale_law").status == "hit"


@pytest.mark.parametrize(
    "text",
    [
        "依《网络安全法》第四十四条，乙方不得泄露个人信息，并应采取补救措施。",
        "依《网络安全法》第四十二条，乙方应建立健全用户信息保护制度，对其收集的用户信息严格保密。",
        "依《网络安全法》第二十三条，日志保存六个月。",
        "依照《中华人民共和国劳动合同法》第四十条办理。",
        "按劳动争议调解仲裁法第十六条，仲裁协议有效。",
        "《反不正当竞争法》第十条所称商业秘密应予保密。",
        "依照《民法典》第四十二条办理。",
        "乙方与合同法定代表人一并签字。",
    ],
)
def test_law_in_force_is_not_stale(text: str) -> None:
    assert finding(text, "rf_stale_law").status == "clear"


def test_what_is_stale_is_quoted_where_it_stands() -> None:
    found = finding(contract("本合同以《中華人民共和國合同法》為準據。"), "rf_stale_law")
    assert found.evidence[0].quote == "《中華人民共和國合同法》"
