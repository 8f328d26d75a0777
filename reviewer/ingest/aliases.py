"""By which words a contract calls a party: those it names, and those it only uses."""

import re
from collections.abc import Iterable, Mapping

from reviewer.contract import Side

OFTEN = 3
"""So often a word has to occur to be taken for a party's name."""
COMPANY = re.compile(r"(?:公司|工作室|商行|经营部|服务部|中心|厂|合作社)$")


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_INHERENT: dict[Side, tuple[str, ...]] = {
    "client": _words("委托方 委托人 委託方 发包方 采购方 商户 店铺方 品牌方 店方 商家方 店家"),
    "vendor": _words(
        "受托方 受托人 受託方 承包方 外包商 外包方 服务商 服务方 "
        "服务提供方 承接方 承揽人 承揽方 承包商 运营方 托管方 平台方 "
        "客服方 服務商 服务公司 外包公司"
    ),
}


def aliases(
    text: str, role: str, named: Mapping[str, tuple[str, tuple[str, ...]]], side: Side | None
) -> tuple[str, ...]:
    """Return everything by which the contract calls the party `role`: its role first, if it is one.

    Args:
        text: The whole text, simplified.
        role: The word by which the party is introduced.
        named: Role to name and further words, of all parties.
        side: Where it stands; None where that is not known.
    """
    name, words = named[role]
    found = [*([] if role == "客服" else [role]), *words]
    plain = _HERE.sub("", role)
    found += [plain] if plain != role and len(plain) > 1 and not _GENERIC.search(plain) else []
    if name and not re.fullmatch(r"[_＿XX×x\s]*", name):
        found.append(name)
    others = {w for other, (n, ws) in named.items() if other != role for w in (other, n, *ws)}
    if side:
        found += [w for w in _INHERENT[side] if w in text and w not in others]
    found += [
        word
        for word in (*_tail(role), *_opposite(others))
        if text.count(word) >= OFTEN and not any(word in other for other in others)
    ]
    label = re.search(
        rf"^[ \t　]*+([A-Z][A-Za-z]{{3,14}})[ 　(（]{{0,4}}{re.escape(role)}", text, re.MULTILINE
    )
    if label and len(re.findall(rf"(?<![A-Za-z]){label[1]}(?![A-Za-z])", text)) >= OFTEN:
        found.append(label[1])
    for match in re.finditer(_RENAMED.format(re.escape(role)), text):
        found.append(match[1])
    found += [w for w in short_names(text, name) if not any(w in other for other in others)]
    return tuple(dict.fromkeys(word for word in found if word))


_RENAMED = r"[“\"「『]{}[”\"」』]\s*(?:以下)?(?:简?称为?|写作|叫)\s*[“\"「『]([\u4e00-\u9fff]{{1,8}})[”\"」』]"
"""“服务提供方”简称“云顶”."""


def _tail(role: str) -> tuple[str, ...]:
    """Return the plain word within a longer one: 供应商 of 成交供应商."""
    words = ("供应商", "服务商", "承包商", "采购人", "商家", "客户", "用户")
    return tuple(word for word in words if role.endswith(word) and role != word)


def _opposite(others: Iterable[str]) -> tuple[str, ...]:
    """Return what a party must be called when the other one is 乙方, or 贵方."""
    pairs = (("甲方", "乙方"), ("我方", "贵方"), ("我方", "你方"), ("我司", "贵司"))
    both = (*pairs, *((second, first) for first, second in pairs))
    return tuple(mine for mine, theirs in both if theirs in others)


def short_names(text: str, name: str) -> tuple[str, ...]:
    """Return the parts of a party's name by which the contract calls it, without saying so.

    沐岚 of 佛山市沐岚电器有限公司, where 沐岚 does what parties do: it pays, may, must or gets.

    Args:
        text: The whole text, simplified.
        name: The party's full name.
    """
    if len(name) < len("某某店"):
        return ()
    called = familiar(name)
    if called:
        return tuple(word for word in called if acting(text, word) >= OFTEN)
    whole = _BUSINESS.sub("", name)
    stem = _BUSINESS.sub("", _PLACE.sub("", name))
    rest = text.replace(name, "\n")
    counts = {
        part: acting(rest, part)
        for start in ((0, 2, 3) if stem == whole else (0,))
        for part in (stem[start : start + size] for size in (2, 3, 4))
        if len(part) > 1
        and re.fullmatch(r"[\u4e00-\u9fff]+", part)
        and not _GENERIC.search(part)
        and not part.startswith(CITIES)
    }
    best = max(counts.values(), default=0)
    if best < OFTEN:
        return ()
    return (max((part for part in counts if counts[part] >= 0.8 * best), key=len),)


def acting(text: str, word: str) -> int:
    """Return how often `word` does what parties do."""
    return len(re.findall(f"(?<![市省区县镇]){re.escape(word)}{_ACTS}", text))


def familiar(person: str) -> tuple[str, ...]:
    """Return how a contract between acquaintances calls a person: 老林, 林老板, 小娟."""
    if not 2 <= len(person) <= 3 or COMPANY.search(person):
        return ()
    first = person[0]
    given = (person[1:],) if len(person) > 2 and person[1:] not in _DAYS else ()
    return (f"老{first}", f"小{first}", *(f"{first}{rank}" for rank in _RANKS), *given)


_DAYS = ("国庆", "元旦", "中秋", "春节", "端午", "建军", "建国")
_RANKS = ("老板", "总", "姐", "哥", "师傅", "老师", "掌柜")
PERSON = re.compile(
    r"(?:老板娘?|店主|掌柜|负责人|店长|经营者|法定代表人|当家)[:：\s]?([\u4e00-\u9fff]{2,3})(?=[，,。；;、）)\s]|$)"
)
_PLACE = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,3}(?:省|自治区|特别行政区))?(?:[\u4e00-\u9fff]{2,4}?市)?(?:[\u4e00-\u9fff]{1,3}?(?:区|县|旗|市))?(?:[\u4e00-\u9fff]{2,3}(?:镇|乡|街道))?"
)
_BUSINESS = re.compile(
    r"(?:(?:（[^）]*）|\([^)]*\)|集团|股份|有限|责任|公司|个体工商户)+.*|(?:工作室|商行|经营部|服务部|合作社|[厂店队行]))$"
)
_ACTS = r"(?=应|须|需|可|不|在|按|与|向|每|将|把|有权|负责|支付|提供|收到|同意|保证|承担|书面|提前|要|得|出|给|自己|催|想|说|答应|没|的(?:客服|坐席|店|员工|人|账号))"
"""What follows the name of a party in a contract."""
_GENERIC = re.compile(
    r"直播间|客服|客户|服务|商务|信息|网络|科技|电子|电商|平台|双方|店铺|品牌|商家|买家|坐席|公司|企业|文化|贸易|人力|数据|食品|服饰"
)
CITIES = _words(
    "北京 上海 天津 重庆 广州 深圳 杭州 南京 苏州 成都 武汉 "
    "西安 长沙 郑州 济南 青岛 大连 沈阳 厦门 福州 合肥 宁波 "
    "佛山 东莞 无锡 昆明 南昌 南宁 贵阳 石家庄 太原 哈尔滨 长春 "
    "兰州 义乌 泉州 温州 金华 中山 珠海"
)
"""A name may begin with one of these without 市; it is no short name."""
_HERE = re.compile(r"(?:这边|那边|这头|那头)$")
