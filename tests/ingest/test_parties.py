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
    "labels with an English word and no bracket": (
        "Support Agreement 客服框架协议\nMerchant 商户：宁波帆影贸易有限公司，邮箱 a@b.example\n"
        "Vendor 服务商：大连北语服务有限公司，邮箱 c@d.example\n1. 服务商答复买家消息。\n",
        {"client": "宁波帆影贸易有限公司", "vendor": "大连北语服务有限公司"},
    ),
    "a table with a column for each": (
        "在线坐席采购合同\n项 | 品牌方 | 服务商\n名称 | 宁波云暖母婴用品有限公司 | 大连答是客户服务有限公司\n"
        "邮箱 | a@b.example | c@d.example\n1. 服务商答复买家消息。\n",
        {"client": "宁波云暖母婴用品有限公司", "vendor": "大连答是客户服务有限公司"},
    ),
    "rows of an order form": (
        "智能接待服务订单\n客户 | 宁波拾贝数码配件有限公司 | 91330200MA55T7R10B\n"
        "我们 | 大连灵答科技有限公司 | 91210200MA5G2K8W4D\n1. 我们的人工坐席每日在线。\n",
        {"client": "宁波拾贝数码配件有限公司", "vendor": "大连灵答科技有限公司"},
    ),
    "two persons, one who pays and one who works": (
        "帮忙看店的约定\n出钱的：田守山，身份证号36073119＿＿＿＿＿＿＿＿，卖脐橙的，下面叫老田。\n"
        "出人的：余小芳，身份证号51132419＿＿＿＿＿＿＿＿，带着几个姐妹，下面叫小余。\n第一，小余回老田店里的消息。\n",
        {"client": "田守山", "vendor": "余小芳"},
    ),
    "an owner's name that is no party": (
        "按单服务协议\n甲方：义乌市晴屋日用品商行（个体工商户）\n经营者：见营业执照　邮箱：a@b.example\n"
        f"乙方：商丘多应客服有限公司\n一、{SERVES}\n",
        {"client": "义乌市晴屋日用品商行", "vendor": "商丘多应客服有限公司"},
    ),
    "three parties, of whom the shop pays": (
        "三方客户服务协议\n品牌方：杭州青野服饰集团有限公司\n店铺方：杭州青野电子商务有限公司\n"
        "服务方：合肥多达客户联络有限公司\n一、店铺方向服务方支付服务费。\n",
        {"vendor": "合肥多达客户联络有限公司"},
    ),
    "a vendor that answers for the shop": (
        "短视频店铺客服合作协议\n店方：海城市老岭箱包经销处\n客服商：鞍山市响铃信息咨询有限公司\n"
        "一、客服商负责快手小店的售前答疑，客服商跟进视频号小店的售后，客服商登录店铺后台。\n",
        {"client": "海城市老岭箱包经销处", "vendor": "鞍山市响铃信息咨询有限公司"},
    ),
    "companies behind plain labels, after a line that only looks like a party": (
        "直播客服排期单\n机构（收钱干活的一方）：临沂多盒直播电商服务有限公司，公司在兰山区\n"
        "品牌（出钱的一方）：厦门拾山服饰有限公司，对接人林一\n大促加人：谁加谁出：品牌要加的品牌付\n",
        {"vendor": "临沂多盒直播电商服务有限公司", "client": "厦门拾山服饰有限公司"},
    ),
    "a table whose first column names the rows": (
        "守店套餐\n项目 | 订购的店 | 承做的站\n称呼 | 店主 | 小站\n"
        "全称 | 潍坊小鸢花卉有限公司 | 芽儿小站（济南）电子商务有限公司\n1. 小站派人接待，店主按年付款给小站。\n",
        {"client": "潍坊小鸢花卉有限公司", "vendor": "芽儿小站（济南）电子商务有限公司"},
    ),
    "you and we behind labels": (
        "陪您守店的约定\n您：中山橙子电器有限公司，店铺是快手“橙子小厨电”\n"
        "我们：灯下夜谈信息咨询有限公司，营业范围里有在线接待\n* 我们安排客服陪买家聊天，您按月付款给我们。\n",
        {"client": "中山橙子电器有限公司", "vendor": "灯下夜谈信息咨询有限公司"},
    ),
    "two who only sign with their names": (
        "厂内网络客服班承包书\n本厂内贸部人手不够，特把网络客服班包出去。\n（一）客服班坐班答客人。\n（二）每月结账。\n"
        "发包：永康宏川五金制品厂（盖章）\n承包：义乌市千应劳务外包有限公司（盖章）\n",
        {"client": "永康宏川五金制品厂", "vendor": "义乌市千应劳务外包有限公司"},
    ),
    "both parties on one line": (
        f"客服合同\n甲方:金华多品百货有限公司 乙方:周口飞答信息技术有限公司\n一、{SERVES}\n",
        {"client": "金华多品百货有限公司", "vendor": "周口飞答信息技术有限公司"},
    ),
    "spaced labels on one line": (
        f"客服合同\n甲    方：金华多品百货有限公司          乙    方：周口飞答信息技术有限公司\n一、{SERVES}\n",
        {"client": "金华多品百货有限公司", "vendor": "周口飞答信息技术有限公司"},
    ),
    "a place in brackets within one name": (
        f"客服合同\n甲方：青山（广州）网络科技有限公司\n乙方：周口飞答信息技术有限公司\n一、{SERVES}\n",
        {"client": "青山（广州）网络科技有限公司", "vendor": "周口飞答信息技术有限公司"},
    ),
    "names below their labels": (
        f"客服合同\n甲方\n名称：常熟丝山服饰有限公司\n乙方\n名称：盐城客多信息服务有限公司\n一、{SERVES}\n",
        {"client": "常熟丝山服饰有限公司", "vendor": "盐城客多信息服务有限公司"},
    ),
    "a table with a line under its head": (
        "客服协议\n| 委托单位 | 服务单位 |\n|---|---|\n| 杭州沐山电器有限公司 | 长沙云答客服有限公司 |\n一、服务单位提供客服。\n",
        {"client": "杭州沐山电器有限公司", "vendor": "长沙云答客服有限公司"},
    ),
    "several names in one bracket": (
        "客服协议\n广东多厨电器股份有限公司（以下简称“甲方”、“多厨”或“买方”）\n"
        "九江信多呼叫中心有限公司（以下简称“乙方”、“信多”或“卖方”）\n一、卖方提供客服，买方付款。\n",
        {"client": "广东多厨电器股份有限公司", "vendor": "九江信多呼叫中心有限公司"},
    ),
    "a person in charge who is no third party": (
        "客服合同\n甲方：杭州沐山电器有限公司\n乙方：长沙云答科技有限公司\n承办人：李一四\n"
        "一、服务\n乙方应当接待买家。\n二、费用\n甲方应支付服务费。\n",
        {"client": "杭州沐山电器有限公司", "vendor": "长沙云答科技有限公司"},
    ),
    "terms of a vendor for whoever orders": (
        "席位订阅条款\n本条款由深圳市应答在线科技有限公司（下称“应答”）提供。\n"
        "1. 客户每月向应答支付席位费。\n2. 应答的客服由应答雇用。\n3. 客户的店铺归客户。\n4. 客户可以加席。\n",
        {"vendor": "深圳市应答在线科技有限公司", "client": ""},
    ),
}


TERMS = (
    "一、{v}替{c}回复买家，坐席由{v}聘用、发薪，{v}应在三十秒内答复。\n二、{c}每月付给{v}服务费，{v}不得转包。\n"
    "三、{v}须保密，{c}可随时查看记录。\n四、{v}提前十日通知{c}，{c}同意后生效。\n五、{c}可以终止，{v}应当交接。\n"
)
"""Terms that call the parties `c` and `v`."""

CASES_BY_TERMS = {
    "a table row for each, and their names in the terms": (
        "坐席租用约定\n| 请人的 | 青岛海田渔业食品有限公司 |\n| 受请的 | 大连市橘灯客服工作室，个体工商户 |\n"
        "| 牵线的 | 大连电商协会服务部，只作见证 |\n（以下用“海田”称请人的，用“橘灯”称受请的）\n",
        ("海田", "橘灯"),
        {"client": "青岛海田渔业食品有限公司", "vendor": "大连市橘灯客服工作室"},
    ),
    "questions about who is who": (
        "小店客服合同（问答体）\n店主是谁？——台州路桥 乐木五金工具商行（个体户，掌柜 应国一）\n"
        "外包队是谁？——丽水快听信息咨询有限公司\n谁牵的线？——台州小微电商互助会，不负任何责任。\n",
        ("店主", "外包队"),
        {"client": "乐木五金工具商行", "vendor": "丽水快听信息咨询有限公司"},
    ),
    "minutes of a meeting": (
        "会谈记录（签名后即为合同）\n在座：毛豆宠物保健（广州）有限公司——“毛豆”，合伙人 时一桐\n"
        "　　　杭州澄江客服科技有限公司——“澄江”，副总 蔺一山\n　　　澄江股东 詹一庸，仅就第九条签名\n",
        ("毛豆", "澄江"),
        {"client": "毛豆宠物保健（广州）有限公司", "vendor": "杭州澄江客服科技有限公司"},
    ),
    "one character each": (
        "关于坐席外包合同的变更与重述\n甲　川盐销售股份有限公司　　国有控股\n乙　成都蜀通外包服务有限公司　　成都市锦江区\n",
        ("甲", "乙"),
        {"client": "川盐销售股份有限公司", "vendor": "成都蜀通外包服务有限公司"},
    ),
}


@pytest.mark.parametrize(
    ("head", "words", "expected"), CASES_BY_TERMS.values(), ids=CASES_BY_TERMS.keys()
)
def test_the_parties_are_those_who_act_in_the_terms(
    head: str, words: tuple[str, str], expected: dict[str, str]
) -> None:
    client, vendor = words
    text = head + TERMS.format(c=client, v=vendor)
    assert sides(text) == expected
    parties = contract_from_bytes(text.encode(), "contract.txt").parties
    called = {party.side: party.aliases for party in parties}
    assert client in called["client"]
    assert vendor in called["vendor"]


def test_who_acts_is_a_further_name_of_the_party_on_its_side() -> None:
    text = (
        "承诺书\n承诺人（出人的一方）：石家庄雁来外包服务有限公司\n受诺人（出钱的一方）：嘉兴雪山羽绒制品股份有限公司\n"
        + TERMS.format(c="贵方", v="我方")
    )
    parties = contract_from_bytes(text.encode(), "contract.txt").parties
    called = {party.role: (party.side, party.aliases) for party in parties}
    assert called["承诺人"][0] == "vendor"
    assert "我方" in called["承诺人"][1]
    assert "贵方" in called["受诺人"][1]


def test_those_who_do_the_work_are_no_party() -> None:
    text = "客服合同\n采购人：杭州沐石电器有限公司\n供应商：长沙云听科技有限公司\n" + TERMS.format(
        c="采购人", v="供应商"
    )
    text += "六、坐席应礼貌，坐席不得争吵，坐席须登记，坐席可以求助，坐席应准时，坐席按班次上线。\n"
    words = {w for p in contract_from_bytes(text.encode(), "c.txt").parties for w in p.aliases}
    assert "坐席" not in words


@pytest.mark.parametrize(("text", "expected"), CASES.values(), ids=CASES.keys())
def test_the_parties_are_known_by_function(text: str, expected: dict[str, str]) -> None:
    found = sides(text)
    assert {side: found.get(side) for side in expected} == expected


ALIASES = {
    "a trade name in a bracket behind the company": (
        "甲方：厦门禾立电器有限公司（“禾立”）\n乙方：重庆通联信息服务有限公司（“通联”）\n",
        {"client": "禾立", "vendor": "通联"},
    ),
    "甲方 in a bracket behind another label": (
        "采购单位（甲方）：成都毛球食品有限公司\n服务单位（乙方）：成都众答企业管理有限公司\n",
        {"client": "甲方", "vendor": "乙方"},
    ),
    "a part of the name that acts like a party": (
        "店家：汕头市宽宽玩具商行\n帮忙方：揭阳市小灶台网络服务有限公司\n"
        "一、小灶台每天在线。二、小灶台应回复买家。三、小灶台不得转包。四、店家每月付款给小灶台。\n",
        {"vendor": "小灶台"},
    ),
    "an owner called by surname": (
        "店家：汕头市大象玩具商行（个体户，老板林一楷）\n带队的：贺小芳，身份证4128XX19910304XXXX\n"
        "一、老林每月给钱。二、老林可以看聊天。三、老林自己发货。四、小芳自己排班。五、小芳负责培训。六、小芳不许转包。\n",
        {"client": "老林", "vendor": "小芳"},
    ),
    "nicknames and nothing else": (
        "说明：下面是“小月童鞋”（卖鞋的，下称“月妈”）和“云答在线”（接咨询的，下称“云答”）说好的事。\n"
        + "一、云答的人回消息，月妈每月付款给云答。二、月妈可以抽查。三、云答提前说。" * 4
        + "\n",
        {"client": "月妈", "vendor": "云答"},
    ),
    "a word that is explained": (
        "写的人：老梁（个体工商户）\n店里人：于小芬（老板娘）\n“我这边”就是老梁的工作室，“你那边”就是于姐的店。\n"
        "一、我这边出人看着消息。二、你那边按月给我这边付钱。\n",
        {"vendor": "我这边", "client": "你那边"},
    ),
}


@pytest.mark.parametrize(("text", "expected"), ALIASES.values(), ids=ALIASES.keys())
def test_the_words_by_which_a_contract_calls_its_parties(
    text: str, expected: dict[str, str]
) -> None:
    parties = contract_from_bytes(f"客服约定\n{text}".encode(), "contract.txt").parties
    found = {party.side: party.aliases for party in parties}
    assert all(word in found.get(side, ()) for side, word in expected.items()), found


def test_three_parties_of_whom_nothing_is_known_are_no_error() -> None:
    text = (
        "合作协议\n甲方：张三一\n乙方：李四一\n丙方：王五一\n一、总则\n各方合作。\n二、其他\n无。\n"
    )
    assert [party.role for party in contract_from_bytes(text.encode(), "c.txt").parties] == [
        "甲方",
        "乙方",
    ]


def test_neither_a_city_nor_a_defined_term_is_a_name() -> None:
    text = (
        "客服合作合同\n甲方：云集（上海）珠宝有限公司\n乙方：联讯信息服务有限公司（成都）\n"
        "“直接损失”指甲方因某一事件实际付出的金额。上海的店铺由乙方接待，成都的坐席不少于五名。\n"
    )
    parties = contract_from_bytes(text.encode(), "contract.txt").parties
    words = {word for party in parties for word in party.aliases}
    assert not words & {"上海", "成都", "直接损失"}


def test_a_county_court_is_the_court_of_the_party_in_the_county() -> None:
    text = (
        "甲方：宁夏红果食品股份有限公司（湖西县新堡镇3号路）\n乙方：西安迅达客户服务有限公司，西安市雁塔区\n"
        f"一、{SERVES}\n二、争议到湖西县人民法院解决。\n"
    )
    contract = contract_from_bytes(text.encode(), "contract.txt")
    assert venue_side(contract, "争议到湖西县人民法院解决") == "client"
