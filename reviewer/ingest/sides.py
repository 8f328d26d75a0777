"""Which of two parties is the merchant: by who pays, who serves, and what each is called."""

import re

from reviewer.contract import Side

CLIENT_WORDS = re.compile(
    r"委托(?:方|人)|委託(?:方|人)|发包|發包|采购|採購|招标|品牌|商户|商戶|商家|店铺方|店主|品牌方|用户|客户方|需方|定作|雇主|甲方店|买方|卖家|网店|店方|店家|开店的|使用(?:接待|服务)|出钱|开(?:淘宝|拼多多|抖音|京东|网)?店|付款|托付|磋商人|比选人|询价|业主|商号|东主|店东|东家|集团方|总部|下单|订购|发单"
)
VENDOR_WORDS = re.compile(
    r"受托|受託|派驻|客服方|客服团队|中标|投标|成交人|客服公司|承包|承揽|承攬|服务商|服務商|服务方|服務方|供应商|供應商|外包|运营方|承接|供方|乙方服务|服务提供|提供方|代运营|团队方|^团队$|平台方|提供(?:客服|席位|坐席|服务|人手|接待)|接活|干活|接单|客服商|出人的|出坐席|接听|带队|看店的|承[办辦事值做揽攬][方人商]|营运商|运营商|中选|入围|响应人|应标|应答|接线|施工队|应战"
)
_CLIENT_CUES = (
    (
        3,
        r"{p}[^。；;，,\n]{{0,16}}(?:支付|付清|付款|缴纳|結算|结算给|支給|打款)(?![^。；;\n]{{0,16}}(?:违约金|違約金|赔偿|賠償|罚))",
    ),
    (
        3,
        r"(?<!向)(?<!与){p}[^。；;，,\n]{{0,6}}(?:将|把|自愿|決定|决定)?[^。；;，,\n]{{0,14}}(?:委托|委託|外包给|交由|聘请|聘請|订购|选购)",
    ),
    (
        3,
        r"{p}(?:的|名下|所有|经营|在|於|于|运营|拥有)?(?:(?!负责|替|帮|给|跟|为|贵|其他|别|告诉|叫|介绍|让|承接|承担|服务|提供|接待|回[复答]|代为|照看|打理|登录|做过|：|:)[^。；;，,\n]){{0,10}}(?:店铺|店鋪|网店|旗舰店|旗艦店|专营店|小店|直播间|商品|货品|产品|產品|店(?![员長]))",
    ),
    (3, r"(?:向|为|為|给|給|替){p}[^。；;\n]{{0,14}}(?:提供|派|承担|开具|開具|交付)"),
    (2, r"{p}[^。；;，,\n]{{0,4}}逾期(?:付款|支付)"),
    (3, r"{p}[^。；;，,\n]{{0,4}}(?:给钱|付钱|出钱|掏钱|卖(?!力|点|之前|前|后|出后))"),
    (1, r"{p}[^。；;，,\n]{{0,8}}(?:库存|发货|發貨|货源)"),
    (
        3,
        r"(?:替|代|帮|给|为){p}[^。；;，,\n]{{0,10}}(?:接待|回[复应消]|看管|看店|顾店|答[复疑话]|解答|招呼|接客|应对)",
    ),
    (2, r"{p}(?:如|若)?(?:逾期|拖欠|晚付|迟付|不付|未付)[^。；;，,\n]{{0,6}}(?:付|款|费|钱)"),
    (1, r"(?:经|由|须|报|问|得){p}[^。；;，,\n]{{0,6}}(?:批准|同意|审[核批定过]|点头|认可)"),
)
_VENDOR_CUES = (
    (
        3,
        r"{p}[^。；;，,\n]{{0,12}}(?:提供|安排|配备|配備|指派|派驻|组建|組建|招聘|派出)[^。；;，,\n]{{0,16}}(?:客服|坐席|座席|服务|服務|人员|人員|团队|團隊)",
    ),
    (
        3,
        r"(?:向|给|給|付){p}[^。；;，,\n]{{0,6}}(?:支付|付款|结算|結算|付)(?![^。；;\n]{{0,16}}(?:违约金|違約金|赔偿|賠償|罚))",
    ),
    (3, r"支付(?:给|給|予)?{p}(?![^。；;\n]{{0,10}}(?:违约金|違約金|赔偿|賠償))"),
    (
        3,
        r"{p}(?:的|所属|派出的?|派驻的?)?(?:客服|坐席|座席|员工|員工|服务人员|服務人員|团队|團隊|人员|人員)",
    ),
    (
        2,
        r"{p}[^。；;，,\n]{{0,8}}(?:收取|开具|開具|开票|接受[^。；;，,\n]{{0,8}}委托|受[^。；;，,\n]{{0,8}}委托)",
    ),
    (
        3,
        r"{p}[^。；;，,\n]{{0,6}}(?:出人|顶班|值守|代为(?:照看|接待|答复|打理))",
    ),
    (3, r"{p}派(?:来|出|的)"),
    (3, r"{p}(?:的人|的小队|那边的人|这边的人)[^。；;，,\n]{{0,6}}(?:帮|回|接|替)"),
    (2, r"(?:委托|委託|委请|拜托|烦请|聘请|聘請){p}"),
    (
        3,
        r"(?<!与)(?<!和){p}[^。；;，,\n]{{0,4}}(?:聘用|录用|招用|雇用|雇佣|招来|叫来|支薪|发薪|发工资|缴社保|缴纳?社会保险|签劳动合同|签订劳动合同)",
    ),
    (2, r"(?:罚款|罚金|扣分|扣罚)[^。；;\n]{{0,12}}由{p}[^。；;，,\n]{{0,4}}(?:承担|赔|认|负)"),
    (1, r"{p}[^。；;，,\n]{{0,8}}(?:培训|培訓|排班|响应|回复)"),
)
_CLIENT_NAME = re.compile(
    r"食品|出版|服饰|服装|鞋|化妆品|化妝品|护肤|美妆|家居|家具|家纺|茶|母婴|旗舰|土产|乳业|酒|电器|厨|数码|用品|药房|箱包|陶瓷|瓷|饰品|玩具|"
    r"珠宝|渔|水产|果|零食|宠物|户外|体育|灯|五金|文具|图书|花|杂货|专卖|生活方式|品牌|零售|贸易|制造|百货|[粉面]店|[店厂]$|商行$|合作社$"
)
_VENDOR_NAME = re.compile(
    r"客服|客联|声讯|数字服务|客户服务|客户联络|客戶服務|呼叫|外包|坐席|话务|商务服务|信息(?:技术)?服务|資訊服務|信息咨询|人力|云服|应答|托管|代运营|企业管理|数据服务"
)
SURE = 3
"""How many points apart two parties must be for their sides to be certain."""


def score_of_name(name: str) -> int:
    """Return what a company's own name says: traders sell goods, vendors sell services."""
    vendor = bool(_VENDOR_NAME.search(name))
    return -6 if vendor else 3 if _CLIENT_NAME.search(name) else 0


def score(text: str, role: str, words: tuple[str, ...]) -> int:
    """Return how much speaks for the merchant's side; negative for the vendor's."""
    names = [role, *words]
    score = 0
    for name in names:
        score += 8 if CLIENT_WORDS.search(name) and not VENDOR_WORDS.search(name) else 0
        score -= 8 if VENDOR_WORDS.search(name) else 0
    pattern = "(?:" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + ")"
    for cues, sign in ((_CLIENT_CUES, 1), (_VENDOR_CUES, -1)):
        for points, cue in cues:
            count = len(re.findall(cue.format(p=pattern), text))
            score += sign * points * min(count, 4)
    return score


def assign(
    roles: list[str], scores: dict[str, int], first_side: Side | None
) -> tuple[dict[str, Side | None], bool]:
    """Return the side of each of two roles, and whether that is certain."""
    first, second = roles
    if first_side:
        other: Side = "vendor" if first_side == "client" else "client"
        return {first: first_side, second: other}, True
    difference = scores[first] - scores[second]
    if abs(difference) < SURE:
        return {first: None, second: None}, False
    client, vendor = (first, second) if difference > 0 else (second, first)
    return {client: "client", vendor: "vendor"}, True
