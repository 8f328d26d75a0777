"""Who is who: names and sides, however a drafter introduces the parties."""

import pytest

from reviewer.engine.venue import venue_side
from reviewer.ingest import contract_from_bytes

SERVES = "乙方提供在线客服，每月5日前收取服务费。"


def sides(text: str) -> dict[str, str]:
    """Return the name of the party on each side of a plain text."""
    contract = contract_from_bytes(text.encode(), "contract.txt")
    return {party.side: party.name for party in contract.parties if party.side}


CASES = {
    "trade names that are explained": (
        "客服合作约定\n本约定里“云顶”指佛山云顶信息服务有限公司，“果园”指漳州果园食品有限公司。\n"
        "一、云顶为果园的网店安排客服，果园每月向云顶支付服务费。\n",
        {"vendor": "佛山云顶信息服务有限公司", "client": "漳州果园食品有限公司"},
    ),
    "an English word before each label": (
        "Support Agreement\nClient（委托人）：宁波帆影贸易有限公司，邮箱 a@b.example\n"
        "Provider（服务人）：大连北语服务有限公司，邮箱 c@d.example\n1. 服务人答复买家消息。\n",
        {"client": "宁波帆影贸易有限公司", "vendor": "大连北语服务有限公司"},
    ),
    "a mandate from one to the other": (
        "顾问委任书\n致：上海礼遇商务咨询有限公司\n自：深圳市藏宝名品有限公司（以下自称“藏宝”）\n"
        "现委任贵公司（以下称“礼遇”）遣顾问代为待客。礼遇每月提供客服报表，藏宝向礼遇支付月酬。\n",
        {"client": "深圳市藏宝名品有限公司", "vendor": ""},
    ),
    "an owner and a team leader": (
        "带队看店约定书\n老板：徐州湖西鲜果经营部（个体户），执照号92320322MA1XXR3K7Q，店在湖西县樱花路9号\n"
        "带队人：马春燕，身份证320322198711046227，住湖西县\n一、带队人回答买家，老板按天付钱。\n",
        {"client": "徐州湖西鲜果经营部", "vendor": "马春燕"},
    ),
    "a lawyer who revised it and is no party": (
        "网店客服委托协议（修订稿）\n修订人：江苏衡平律师事务所　修订日期：2026年11月20日\n\n"
        "甲方：苏州绣家纺织品有限公司，住所苏州市虎丘区\n乙方：宿迁先声坐席服务有限公司，住所宿迁市宿城区\n"
        f"一、{SERVES}\n",
        {"client": "苏州绣家纺织品有限公司", "vendor": "宿迁先声坐席服务有限公司"},
    ),
    "terms of a vendor for whoever orders": (
        "席位订阅条款\n本条款由深圳市应答在线科技有限公司（下称“应答”）提供。\n"
        "1. 客户每月向应答支付席位费。\n2. 应答的客服由应答雇用。\n3. 客户的店铺归客户。\n4. 客户可以加席。\n",
        {"vendor": "深圳市应答在线科技有限公司", "client": ""},
    ),
}


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_the_parties_are_known_by_function(text: str, expected: dict[str, str]) -> None:
    found = sides(text)
    assert {side: found.get(side) for side in expected} == expected


def test_a_county_court_is_the_court_of_the_party_in_the_county() -> None:
    text = (
        "甲方：宁夏红果食品股份有限公司（湖西县新堡镇3号路）\n乙方：西安迅达客户服务有限公司，西安市雁塔区\n"
        f"一、{SERVES}\n二、争议到湖西县人民法院解决。\n"
    )
    contract = contract_from_bytes(text.encode(), "contract.txt")
    assert venue_side(contract, "争议到湖西县人民法院解决") == "client"
