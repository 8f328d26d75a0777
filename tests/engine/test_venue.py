"""The forum: in whose city a court or a commission sits."""

import pytest

from reviewer.ingest import contract_from_text
from tests.engine.signs import signs

HEAD = (
    "网店客服外包合同\n签订地点：{signed}\n"
    "甲方：杭州云裳服饰有限公司，住所：浙江省杭州市余杭区文一西路1号\n"
    "乙方：合肥快答信息技术有限公司，住所：安徽省合肥市蜀山区长江西路9号\n"
    "甲方将网店客服委托乙方，甲方按月向乙方支付服务费。\n"
)


def vendors(text: str, signed: str) -> bool:
    """Return whether the venue of a contract with this last article is the vendor's."""
    read = contract_from_text(HEAD.format(signed=signed) + f"第一条 {text}\n")
    return bool(signs(read, "rf_vendor_venue"))


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("争议向本合同签订地人民法院起诉。", "合肥市蜀山区"),
        ("本约订于安徽省合肥市蜀山区。因本约涉讼，由订约地之人民法院管辖。", "线上"),
        ("本协议在合肥高新区签订。争议由签订地人民法院审理。", "线上"),
        ("争议提交合肥仲裁委员会仲裁。", "线上"),
        ("争议由蜀山区人民法院管辖。", "线上"),
        ("“签约地”：合肥市蜀山区。争议由签约地人民法院管辖。", "线上"),
    ],
)
def test_a_forum_in_the_vendors_city_is_hit(text: str, signed: str) -> None:
    assert vendors(text, signed)


@pytest.mark.parametrize(
    ("text", "signed"),
    [
        ("争议由甲方住所地人民法院管辖。", "合肥市蜀山区"),
        ("争议向本合同签订地人民法院起诉。", "杭州市余杭区"),
        ("争议由被告住所地人民法院管辖。", "线上"),
        ("原第九条“在乙方处处理”改为：告到余杭法院，甲方这边。", "线上"),
    ],
)
def test_a_forum_elsewhere_is_clear(text: str, signed: str) -> None:
    assert not vendors(text, signed)


def test_a_vendor_that_calls_itself_this_company_is_known_by_its_name() -> None:
    read = contract_from_text(
        "客服服务约定\n本约定由您（下称“您”，即店铺经营者）与厦门快答网络技术有限公司"
        "（统一社会信用代码91350203MA34Q6UY9B，下称“本公司”）订立。\n"
        "一、本公司为您的店铺提供客服服务，您向本公司支付服务费。\n"
        "二、争议提交厦门仲裁委员会仲裁。\n"
    )
    assert signs(read, "rf_vendor_venue")
