"""What in a contract names or reaches a person or a company: found by patterns and cue words.

Not by a statistical tagger: the maintained Chinese ones need a model of hundreds of megabytes. What
is found and what is missed is measured in docs/llm.md, against tests/data/masking.yaml.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖萧田董潘袁蔡蒋余于杜叶程魏苏吕丁任"
    "卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付傅方邹熊白孟秦邱侯江尹薛闫阎雷龙史陶贺毛段郝顾龚邵覃武钱戴严莫孔向"
    "常汤康易乔赖文庞樊兰殷施洪翟安颜倪温芦卜祝葛柯裴梅骆尤鲁詹季应关焦柳霍甘齐欧游凌管盛穆项卓岑简"
    "毕池邬古麦佘涂宁仇甄阮褚柏窦苗岳蒲鲍苟蓝闵狄屈栾冉臧卞桑辛丛匡迟敖"
)
_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|南宫|夏侯|端木"
_GIVEN = r"[\u4e00-\u9fff]{1,2}"
NAME = (
    rf"(?<![甲乙丙丁双各对我贵])(?:(?:{_DOUBLE}){_GIVEN}|"
    rf"(?![包店务营牌需供应卖买三托商])[{_SURNAMES}]\s?{_GIVEN})"
)
_TITLES = (
    "先生|女士|小姐|经理|总监|主管|老师|总(?=[，,、。；;：:（(\\s]|$)|主任|店长|组长|律师|工程师"
)
_PERSON_CUES = (
    "法定代表人|法人代表|授权代表|委托代理人|代表人|代理人|负责人|联系人|对接人|经办人|联络人|收件人|收款人|户名|开户名|"
    "姓名|签字人|签署人|担保人|保证人|经营者|项目经理|客服主管|运营主管|紧急联系人|法人|驻场经理|运营经理|授权人|受托人|经办|签字|"
    "组长|总监|主管|前台|助理|班长|店长|主任|专员|质检员|培训师|讲师|会计|财务|出纳|业主|老板|股东|收款方姓名"
)
_AFTER_NAMES = r"(?=$|[^\u4e00-\u9fff]|先生|女士|小姐|负责|担任|配合|签|收|代|每|为|是|系|任|共同|等|与|和|及|或|的|在|于|按|应|须|，)"
"""What follows a name that only stands beside a title, so that no word is cut in two."""
_NOT_NAMES = re.compile(
    "应当|应该|方式|方法|方便|方案|方向|方面|任何|任意|任命|任职|关于|关系|关闭|高于|高度|常见|常规|常驻|安排|安全|严格|严重|严禁|管理|项目|向甲|向乙|程序|文件|文本|"
    "文字|金额|金融|白天|施行|盛大|项下|项内|余额|成立|应予|应对|向其|时间|简称|简要|于本|于合|应付|付款|付清|游客|方可|方为|任一|任由|连续|单位|史料|段落|全部|全权|"
    "包括|包含|支付|温馨|关联|武汉|江苏|石家|常州|温州|安徽|陕西|易于|项应|平台|广告|计算|向对|向客|高峰|高级|方不|方有|方应|方须|方的|方指|方书|方提|方承|方负|方未|"
    "宁波|辛苦|古田|苗木|蓝色|迟延|迟到|池州|毕业|岳阳|迟于|屈服|桑拿|宁夏|古城|"
    "任务|文档|应及|应在|应按|应保|关键|管家|范本|应具|应有|应向|应提|应立|应对|贾姐|常用|全程|全职|向项|方值|方上|方自|方就|方签|方做|方同|方确|方书|"
    "岗位|章节|时效|时段|温度|白班|平均|金牌|高等|严守|安装|明确|明细|水平|和解|和谐|经常|经过|都应|宣传|习惯|熟悉|应熟|成员|成功|柳州|项目|尤其|连带|祝贺|盛装"
)
"""Two characters that begin a word of contracts although the first is a surname."""
_ORGANISATION = (
    r"[\u4e00-\u9fffA-Za-z0-9·&（）()]{2,28}?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|分公司|集团|事务所|"
    r"商行|经营部|工作室|服务部|贸易行|电商部|合作社|个体工商户|商贸行|百货店|服装店|加工场|加工厂|调查中心|咨询中心|服务站|服务中心(?=[（(])|合伙企业|研究院|门市部|贸易商店|批发部|商店|超市|[\u4e00-\u9fff]{2}厂)(?![\u4e00-\u9fff]家?店)"
)
_FOREIGN = re.compile(
    r"[A-Z][A-Za-z&.\-]*(?: [A-Z(][A-Za-z&.()\-]*){0,5},? (?:Co\.,? ?Ltd\.?|Company Limited|Ltd\.?|Limited|Inc\.?|LLC|Corp(?:oration)?\.?|GmbH|Pte\.? Ltd\.?)"
)
_ALIAS = re.compile(
    r"(?:公司|厂|店|行|部|中心|集团|所|社|）|\))[^。\n]{0,8}(?:简|下|合|统)称[为：:]?\s*[“\"「『]([^”\"」』\n]{2,12})[”\"」』]"
)
_COMMON = re.compile(
    r"合同|协议|服务|项目|平台|网店|附件|费用|保证金|本|信息|数据|系统|订单|工作|期"
)
"""Words of abbreviations that stand for things and not for companies."""
_LEADING = re.compile(
    r"^.*(?:[甲乙丙丁]方|关联(?:企业|公司)|[母子]公司|委托方|受托方|服务商|服务方|商家|买方|卖方|名称|户名|抬头|公司名称?)[（(：:为是]?|^[与和由向给为系是将及或以经至致（(]+"
)
_SENTENCE = re.compile(
    r"可以|须|上报|小时|负责人|新客服|安排|应当|不得|或|对|其|该|本|各|个体工商户$|为|由|所属"
)
"""Words that no name of an organisation has, so what matched is half a sentence."""
_ANY_SHOP = re.compile(
    r"(?:天猫|淘宝|京东|拼多多|抖音|自营|官方|甲方|乙方|平台|的|目标|授权|服务|上述|指定|全部|各|该|本|线上|网上)*"
    r"(?:旗舰店|专营店|专卖店|店铺|小店|网店)"
)
ROLE = re.compile(
    r"[甲乙丙丁]方|[\u4e00-\u9fff]{1,4}方$|委托[方人]|受托[方人]|服务[方商]|商[家户]|外包[方商]|供应商|本?公司|我[司方]|[贵对]方|买[方家]|卖[方家]|店铺|平台|"
    r"我们|我这边|咱们|品牌商|负责人|供方|"
    r"客户|用户|运营方|发包方|承包方|需求方|[需供]方|Party\s*[AB]|采购[方人]|店铺方|品牌方|团队|客服"
)


class _Finder(NamedTuple):
    """A pattern whose group 1 is what has to go."""

    kind: str
    pattern: re.Pattern[str]


def _finder(kind: str, pattern: str) -> _Finder:
    return _Finder(kind, re.compile(pattern))


_FINDERS = (
    _finder(
        "邮箱", r"([A-Za-z0-9][A-Za-z0-9._%+\-]*\s?[@＠]\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+)"
    ),
    _finder(
        "证件",
        r"(?<![0-9A-Za-z])(\d{6}\s?(?:19|20)\d{2}\s?(?:0\d|1[0-2])(?:[0-2]\d|3[01])\s?\d{3}[\dXx])(?![0-9A-Za-z])",
    ),
    _finder(
        "证件",
        r"(?:身份证|身份号码|护照|通行证|台胞证|证件)(?:件)?(?:号码|号|编号)?[：:\s]*([A-Za-z]{0,2}\d[\dXx* ]{6,24})",
    ),
    _finder(
        "信用代码", r"(?<![0-9A-Z])([0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10})(?![0-9A-Z])"
    ),
    _finder(
        "信用代码",
        r"(?:信用代码|税号|识别号|注册号|登记号|登记证号?|机构代码证?|营业执照号?)(?:码)?[：:\s]*([0-9A-Z](?:[ \-]?[0-9A-Z]){7,22})",
    ),
    _finder("电话", r"(?<![\d.])((?:\+?86[\-\s]?)?1[3-9]\d[\-\s_.]?\d{4}[\-\s_.]?\d{4})(?!\d)"),
    _finder(
        "电话",
        r"(?<![\d.])((?:0\d{2,3}|\(0\d{2,3}\)|（0\d{2,3}）)[\-—\s]?\d{3,4}[\-\s]?\d{4}(?:[\-转]\d{1,5})?)(?!\d)",
    ),
    _finder(
        "电话",
        r"([一壹][三四五六七八九叁肆伍陆柒捌玖](?:[\s\-]?[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]){9})",
    ),
    _finder("电话", r"(?<![\d.])(95\d{3,4}|1010\d{4})(?=转|热线|客服|（|[，。；\s]|$)"),
    _finder("电话", r"(?<![\d.])([48]00[\-\s]?\d{3,4}[\-\s]?\d{3,4})(?!\d)"),
    _finder(
        "电话",
        r"(?:电话|手机|传真|联系方式|热线|固话|座机|总机|Tel(?:ephone)?|Fax|Mobile|Phone)(?:号码|号)?[.：:\s]*(\+?[（(]?\d[\d\-－—\s()（）.转]{3,22}\d)",
    ),
    _finder(
        "账号",
        r"(?:账号|帐号|账户|帐户|卡号|支付宝|收款码)(?:号码)?[：:\s为是]*([A-Za-z0-9](?:[\s\-]?[A-Za-z0-9*]){7,27})",
    ),
    _finder("账号", r"(?<!\d)(6[0-9]{3}(?:[\s\-]?\d{4}){3}(?:[\s\-]?\d{1,3})?)(?!\d)"),
    _finder("账号", r"(?<![\dA-Za-z.])(\d{4}(?:[\s\-]?\d{4}){2,4}[\s\-]?\d{0,4})(?![\dA-Za-z])"),
    _finder("账号", r"(?<![\dA-Za-z.])(\d{15,22})(?![\dA-Za-z])"),
    _finder(
        "账号",
        r"((?:[\u4e00-\u9fff]{2,4})?(?:银行|信用社)[\u4e00-\u9fff]{2,12}(?:支行|分行|营业部|分理处))",
    ),
    _finder(
        "账号",
        r"(?:微信|WeChat|QQ|钉钉|旺旺|商户|企业微信)(?:子账号|账号|群号|号|ID|\s|群)*[：:]?\s*([A-Za-z0-9][A-Za-z0-9_\-]{4,24})",
    ),
    _finder(
        "账号",
        r"开户(?:银)?行(?:名称)?[：:\s]*([\u4e00-\u9fffA-Za-z（）()]{4,30}?(?:银行|支行|分行|营业部|信用社)(?:[\u4e00-\u9fff]{2,12}(?:支行|分行|营业部|分理处))?)",
    ),
    _finder(
        "地址",
        r"(?:地址|住所(?:地)?|住址|经营场所|送达地|办公地点|通讯处)(?!变更|发生|以|为准|的)[^：:，。\n]{0,4}[：:]\s*([^\n，。；;|）)]{5,50}?)(?=[\n，。；;|）)]|\s{2}|　|邮编|电话|联系|统一|$)",
    ),
    _finder(
        "地址",
        r"((?:[\u4e00-\u9fff]{2,8}(?:省|自治区|特别行政区))?[\u4e00-\u9fff]{2,7}市[\u4e00-\u9fff]{1,8}[区县市镇][\u4e00-\u9fffA-Za-z0-9·]{2,24}?\d+\s?[号弄栋幢室楼层座单元][\u4e00-\u9fffA-Za-z0-9\-#]{0,16})",
    ),
    _finder(
        "地址",
        r"([\u4e00-\u9fff]{2,8}(?:路|街|大道|巷)\d+号[\u4e00-\u9fffA-Za-z0-9\-#]{0,16}(?:室|楼|层|座|栋|幢|单元)?)",
    ),
    _finder(
        "店铺",
        r"(?:店铺|网店|小店)(?:名称|名)?(?:[：:]|为[：:]|名为|名是|名称为)\s*[“\"「]?([^，。；、\s”\"」（(|_＿【]{2,24})",
    ),
    _finder("店铺", r"店铺\s*(?:ID|编号|号)\s*[：:]?\s*([A-Za-z0-9_\-]{4,24})"),
    _finder("店铺", r"(https?://[A-Za-z0-9./?=&%_\-#:~]{6,})"),
    _finder(
        "店铺名",
        r"(?:店铺|小店|网店|直播间|天猫|淘宝|京东|拼多多|抖音|快手|小红书|微店|有赞|视频号|得物|唯品会|C店|[店号])[^“\"「『\n，。；]{0,6}[“\"「『]([^”\"」』\n，。；]{2,20})[”\"」』]",
    ),
    _finder(
        "店铺名",
        r"[“\"「《]([^”\"」》\n，。]{2,24}(?:旗舰店|专营店|专卖店|店铺|小店|网店|企业店|直播间|官方店))[”\"」》]",
    ),
    _finder("店铺", r"([\u4e00-\u9fffA-Za-z0-9]{2,14}?(?:官方)?(?:旗舰店|专营店|专卖店))"),
    _finder(
        "人名",
        rf"(?:{_PERSON_CUES})(?:签字|签名)?(?:[（(][^）)\n]{{1,8}}[）)])?[^：:，。；\n\u4e00-\u9fff]{{0,3}}\s*[：:为是]?\s*({NAME})(?![\u4e00-\u9fff]{{2}}(?:公司|店))",
    ),
    _finder(
        "人名",
        rf"(?:组长|总监|主管|经理|前台|助理|代表|班长|店长|主任|专员|主播|老师|同事|员工|客服)\s?({NAME}){_AFTER_NAMES}",
    ),
    _finder(
        "人名",
        rf"由\s?({NAME})(?=(?:、|和|与|及|，)?\s?(?:担任|负责|签署|签字|代表|对接|跟进|具体))",
    ),
    _finder("人名", rf"(?:[\u4e00-\u9fff]{{1,3}}|[_＿\s]{{2,}})[（(]({NAME})[）)]"),
    _finder("人名", rf"({NAME})(?=\s?[：:，,]?\s?1[3-9]\d{{9}})"),
    _finder(
        "人名", rf"(?:{_PERSON_CUES})[^，。；\n]{{0,4}}(?:为|是|：)\s?({NAME})(?=[，。；、）)\s]|$)"
    ),
    _finder(
        "人名",
        rf"(?:部|组|方的)\s?({NAME})(?=[、，。]|[与和](?:[甲乙]方|[\u4e00-\u9fff]{{1,4}}部)|对接|负责|签字|确认)",
    ),
    _finder("人名", rf"({NAME})(?=(?:、{NAME}){{1,6}}(?:[、，]|等|共|[一二两三四五六]人))"),
    _finder("人名", rf"(?:{NAME}、)+({NAME})(?=、|，共|等[^级待]|共同|[一二两三四五六]人)"),
    _finder(
        "人名",
        r"([\u4e00-\u9fff]{2,8}[·•・][\u4e00-\u9fff]{2,10}?)(?=[^\u4e00-\u9fff]|先生|女士|[一二两三四五六]人|共同|担任|负责|等|$)",
    ),
    _finder(
        "人名",
        r"(?:Mr|Ms|Mrs|Miss|Dr|Attn|Attention|[Cc]ontact(?: person)?|Name|[Ss]igned by|[Rr]epresentative)\b[.：:\-–\s]*([A-Z][a-z]+(?:[ \-][A-Z][a-z]+){1,2})",
    ),
    _finder("人名", rf"({NAME})(?=\s?(?:{_TITLES}))"),
    _finder(
        "人名",
        r"(?:老板|掌柜|店主|联系人|主管|经理|找)[：:]?\s?([阿小老大][\u4e00-\u9fff])(?=[^\u4e00-\u9fff]|的(?:手机|电话|微信))",
    ),
    _finder("人名", rf"({NAME})(?=\s*[，,（(]\s*(?:身份证|男|女|电话|手机|联系电话))"),
    _finder(
        "人名",
        r"(?:由|联系人|主管|经理|代表|对接)[：:]?\s*([\u4e00-\u9fff])(?=先生|女士|小姐|经理|总监|主管)",
    ),
)
_NO_SHOP = re.compile(
    r"^(?:好评|差评|中评|退款|退货|订单|客服|服务|规则|平台|活动|消费者|买家|商家|已|未|是|否|无|有)|"
    r"后台|数据|工作台|参谋|赤兔|京麦|聚水潭|罗盘|飞鸽|千牛|咚咚|商智|旺店通|快麦|晓多|系统|软件|工具|报表|"
    r"率|分钟|小时|[甲乙丙]方|以下|合同|协议|附件|[0-9]{1,3}[天日月年元%]"
)
"""Words in quotation marks beside a platform that are no shop's name."""
_SHOP_LEADS = re.compile(
    r"^.*(?:甲方|乙方|经营|运营|名下|开设|拥有|所有|的|为|在|于|即|包括|天猫|淘宝|京东|拼多多|抖音|小红书|快手|平台|店铺)(?=.{4,})"
)


_ADDRESS_LEADS = re.compile(r"^.*(?:住所地?为?|住址为?|寄至|位于|在|地址为?|[：:])")


class Found(NamedTuple):
    """A piece of personal data: what kind, and its words."""

    kind: str
    words: str


def find(text: str) -> Iterator[Found]:
    """Yield what looks like personal data or a name in `text`."""
    for finder in _FINDERS:
        for match in finder.pattern.finditer(text):
            words = match[1].strip(' \t\r\n　-—:：“”"「」')
            kind = "店铺" if finder.kind == "店铺名" else finder.kind
            if kind == "店铺":
                words = words if finder.kind == "店铺名" else _SHOP_LEADS.sub("", words)
                if _ANY_SHOP.fullmatch(words) or _NO_SHOP.search(words):
                    continue
            if finder.kind == "人名" and (_NOT_NAMES.match(words) or ROLE.search(words)):
                continue
            if finder.kind == "地址":
                words = _ADDRESS_LEADS.sub("", words)
            if len(words) > 1 and not ROLE.fullmatch(words):
                yield Found(kind, words)
    for match in _ALIAS.finditer(text):
        if not ROLE.search(match[1]) and not _COMMON.search(match[1]):
            yield Found("公司", match[1])
    for match in _FOREIGN.finditer(text):
        yield Found("公司", match[0].strip())
    for match in re.finditer(_ORGANISATION, text):
        words = _LEADING.sub("", match[0]).lstrip("（()）")
        if len(words) > 4 and not ROLE.fullmatch(words) and not _SENTENCE.search(words):
            yield Found("公司", words)
