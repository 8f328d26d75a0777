"""Who acts in a contract: its parties are the two words that pay, serve, may and must throughout.

A head can introduce the parties in more ways than patterns can foresee; the terms then use one
short name for each, again and again, where only a party can stand.
"""

import re
from collections import Counter
from typing import NamedTuple

from reviewer.ingest.aliases import aliases
from reviewer.ingest.sides import CLIENT_WORDS, SURE, VENDOR_WORDS, score, score_of_name

HEAD = 1500
"""So many characters at the beginning introduce the parties."""
TAIL = 450
"""So many characters at the end hold the signatures."""
LEAST = 3
"""So often a word has to act to be taken for a party."""
LONGEST = 6
"""Characters of a name by which the terms call a party."""
WHOLE = 0.6
"""A word that occurs within a longer one this often is a part of it: 汀兰 of 汀兰电商."""
CANDIDATES = 8
ENOUGH = 0.5
"""The names of the head stand where they act this often, beside the words that act most."""

Named = dict[str, tuple[str, tuple[str, ...]]]
"""Role to name and further words, in the order of the text."""

_BEFORE = (
    r"(?:^|[，,。；;：:、！!？?\s（()）\]】〕」』”\"“「『·•●◎■◆▍|｜*\d.．—\-]|由|向|给|替|为|对|经|归|跟|与|和|及|但|而|若|如|因|凡|"
    r"当|将|把|被|让|请|找|则|得|是|即|同|付|需)"
)
_AFTER = (
    r"(?:应|须|需|可|不|未|没|无|在|按|照|依|与|和|跟|向|每|将|把|被|有|负责|负担|支付|付|提供|收|同意|保证|承诺|承担|书面|提前|提|要|"
    r"得|出|给|自|催|想|说|答|派|管|定|赔|扣|招|用|拿|替|代|先|所|的|认|就|若|如|因|违|逾|确|对|为|以|于|只|也|都|另|再|安排|配|组|指|"
    r"接|回|开|保|交|退|还|通知|告|验|核|审|发|报|查|看|请|找|聘|雇|委|授|拖|延|迟|擅|单方|单独|一方|之|随时|至|最|帮|带|讲|听|点头|批|"
    r"签|盖|让|准|允|私)"
)
_NOBODY = frozenset(
    re.findall(
        r"\S+",
        "不 并 应 关 日 月 天 分 首 法 次 条 款 交 续 考 托 呼 问 答 改 原 留 删 添 双 方 任何 任一 任一方 任何一方 一方 对方 双方 各方 两造 两家 "
        "两边 违约方 守约方 不得 不许 应当 必须 法定 日内 天内 小时内 工作日内 为了 顾客 客人 买家 买主 消费者 学生 伙伴 同学 店长 班长 主管 "
        "组长 新人 话务 呼出 呼入 月费 费用 合同 协议 附件 店铺 平台 数据 服务 接待 席位 员工 人员 客户信息 第三方",
    )
)
"""Words that stand where parties do and are none, counted over contracts whose parties are known."""
_SERVES = re.compile(
    r"(?:员|人手|坐席|座席|客服|顾问|小二|管家|专席|学生|机器人|[日天月元内])$|^(?:客服|坐席|座席|买家|顾客|客人|客户信息)|"
    r"^[一二三四五六七八九十两几每各该其此]|^本(?!公司|司|社|店|厂|行|方|人)"
)
"""Those who do the work, and words that count or point."""
_SPEAKERS = re.compile(r"您|我|你|我们|你们|[我你贵敝本][方司店处社号厂行]|[本贵敝]公司")
_FIRM = (
    r"(?:公司|工作室|商行|经营部|服务部|中心|厂|合作社|店|行|站|社|堂|坊|部|馆|学院|基地|联合会)"
)


class Actor(NamedTuple):
    """A word that does what parties do."""

    word: str
    times: int
    """How often it does."""
    introduced: int
    """How clearly the head or the signatures introduce it."""


def acts(text: str) -> Counter[str]:
    """Return how often each short word stands where a party does: 由…负责, …应当."""
    counts: Counter[str] = Counter()
    for size in range(1, LONGEST + 1):
        pattern = rf"{_BEFORE}(?=([\u4e00-\u9fff]{{{size}}}){_AFTER})"
        counts.update(match[1] for match in re.finditer(pattern, text, re.MULTILINE))
    return counts


def actors(text: str) -> list[Actor]:
    """Return the words that may name a party, the busiest first.

    Args:
        text: The whole contract, simplified.
    """
    often = [(word, count) for word, count in acts(text).most_common(60) if count >= LEAST]
    often = [(w, n) for w, n in often if w not in _NOBODY and not _SERVES.search(w)]
    whole = [
        (word, count)
        for word, count in often
        if not any(word in w != word and text.count(w) >= WHOLE * count for w, _ in often)
    ]
    found = [
        Actor(word, count, introduced)
        for word, count in whole
        if not any(w in word != w and count < WHOLE * n for w, n in whole)
        and (introduced := _introduced(text, word))
    ]
    return found[:CANDIDATES]


def _introduced(text: str, word: str) -> int:
    head, tail, name = text[:HEAD], text[-TAIL:], re.escape(word)
    signs = (
        (2, rf"[“\"「『‘]{name}[”\"」』’]", head),
        (2, rf"{name}\s*(?:[（(][^（）()\n]{{0,12}}(?:章|签|印|押)|[：:＿_]|——|──)", tail),
        (
            2,
            rf"(?:^|[ 　\t|｜│┌【■●]){name}[ 　┐】]{{0,9}}(?:[（(][^（）()\n]{{0,20}}[)）])?[ 　]{{0,9}}"
            rf"(?:[：:|｜│=]|——|是谁|[ 　](?=[\u4e00-\u9fff]{{6}}))",
            head,
        ),
        (1, rf"{name}[\u4e00-\u9fff（）()]{{0,20}}{_FIRM}", head if len(word) > 1 else ""),
    )
    found = sum(points for points, sign, part in signs if re.search(sign, part, re.MULTILINE))
    return found + (1 if _SPEAKERS.fullmatch(word) else 0)


def busiest(text: str) -> tuple[Actor, Actor] | None:
    """Return the two words that are most probably the parties; None where there are no two.

    Both act often, both are introduced, and one of them is more of a merchant than the other.
    """
    found = actors(text)
    merits = {actor.word: score(text, actor.word, ()) for actor in found}
    pairs = [
        (one, other)
        for at, one in enumerate(found)
        for other in found[at + 1 :]
        if one.word not in other.word and other.word not in one.word
    ]

    def worth(pair: tuple[Actor, Actor]) -> float:
        one, other = pair
        apart = abs(merits[one.word] - merits[other.word])
        told = min(one.introduced, 3) + min(other.introduced, 3)
        return min(one.times, other.times, 12) + 0.3 * min(apart, 20) + told

    return max(pairs, key=worth, default=None)


class Introduction(NamedTuple):
    """How the head introduces a word: 开店的：昆山小城手作银饰店（经营者 程小满） for 小满."""

    label: str
    """The words before the name, and what a bracket behind it says: they may tell the side."""
    name: str
    """The full name; empty where it is not told."""


def settled(text: str, named: Named) -> tuple[Named, dict[str, str]]:
    """Return the parties in the words that the terms use, and the labels before their names.

    A word that acts as a party and is not introduced as one is a further name of the party that
    has its full name, or stands on its side. Where there is none the word itself is the party.

    Args:
        text: The whole contract, simplified.
        named: The parties as the head names them.
    """
    pair = busiest(text)
    if not pair:
        return named, {}
    head = _Head(text, named)
    holders = {actor.word: head.holder(actor.word) for actor in pair}
    if all(holders.values()) or (not any(holders.values()) and head.used(pair)):
        return named, {}
    free = [role for role in named if role not in holders.values()]
    told = {actor.word: introduction(text, actor.word) for actor in pair}
    client = _client(text, told)
    found: Named = {}
    for actor in pair:
        word, name = actor.word, told[actor.word].name
        role = holders[word] or head.home(name, free, None if client is None else client == word)
        if role is None:
            speaks = _SPEAKERS.fullmatch(word) and len(named) > 1
            if speaks or any(head.weights[other] >= actor.times for other in free):
                return named, {}
            found[word] = (name, ())
        else:
            further = () if holders[word] or not head.lacks(role, actor) else (word,)
            found[role] = (named[role][0] or name, (*named[role][1], *further))
    if len(found) < len(pair):
        return named, {}
    labels = {word: label for word, (label, _) in told.items() if word in found}
    if any(role not in named for role in found):
        return {role: found[role] for role in sorted(found, key=text.find)}, labels
    return {role: found[role] for role in named if role in found}, labels


class _Head:
    """The parties as the head names them, and how the terms use their names."""

    def __init__(self, text: str, named: Named) -> None:
        counts = acts(text)
        self._named = named
        self._words = {role: {role, *aliases(text, role, named, None)} for role in named}
        self._merits = {
            role: score(text, role, tuple(self._words[role])) + score_of_name(name)
            for role, (name, _) in named.items()
        }
        self.weights = {role: sum(counts[w] for w in self._words[role]) for role in named}

    def holder(self, word: str) -> str | None:
        """Return the party that is called `word` already."""
        return next((role for role in self._named if word in self._words[role]), None)

    def used(self, pair: tuple[Actor, Actor]) -> bool:
        """Return whether two of the parties act under their names nearly as often as `pair`."""
        least = min(actor.times for actor in pair)
        return len(self.weights) > 1 and sorted(self.weights.values())[-2] >= ENOUGH * least

    def home(self, name: str, free: list[str], client: bool | None) -> str | None:
        """Return the party among `free` that a word with the full name `name` belongs to.

        Args:
            name: Its full name; empty where it is not told.
            free: The parties that neither word names.
            client: Whether it is the merchant; None where that is not sure.
        """
        same = next((role for role in free if name and self._named[role][0] == name), None)
        if same or not free:
            return same
        if client is not None and (not name or not self._named[free[0]][0]):
            sign = 1 if client else -1
            nearest = max(free, key=lambda role: sign * self._merits[role])
            others = [self._merits[role] for role in self._named if role != nearest]
            if all(sign * (self._merits[nearest] - other) >= SURE for other in others):
                return nearest
        formal = name and len(free) == 1 and free[0] in ("甲方", "乙方")
        return free[0] if formal else None

    def lacks(self, role: str, actor: Actor) -> bool:
        """Return whether the party needs `actor` as a further name: its own act too seldom."""
        busy = self.weights[role] > 2 * actor.times
        return actor.word not in self._words[role] and (
            not busy or bool(_SPEAKERS.fullmatch(actor.word))
        )


def _client(text: str, told: dict[str, Introduction]) -> str | None:
    """Return which of two words is the merchant; None where that is not sure."""
    merits = {
        word: score(text, word, (label,) if label else ()) + score_of_name(name)
        for word, (label, name) in told.items()
    }
    sure = max(merits.values()) - min(merits.values()) >= SURE
    return max(merits, key=lambda word: merits[word]) if sure else None


def introduction(text: str, word: str) -> Introduction:
    """Return how the head introduces the party `word`."""
    head = text[:HEAD]
    lines = [line for line in re.split(r"\n|(?<=[；;])|⇄|(?<=[)）])\s*与\s", head) if word in line]
    for line in lines:
        parts = re.split(r"[：:|｜│┐—=　]+| {2,}", line.strip(" 　|｜│┌■*#-—•·“「"), maxsplit=1)
        label = parts[0].strip() if len(parts) > 1 else ""
        label = label if len(label) <= LONGEST_LABEL and word not in label else ""
        for firm in _NAME.finditer(line):
            name, after = _trimmed(firm[0]), line[firm.end() :]
            called = re.match(rf"[^。；;]{{0,80}}[“\"「]{re.escape(word)}", after)
            headed = called or label or parts[0].startswith(word)
            if not _NO_FIRM.search(name) and (word in name or headed):
                inside = re.match(r"\s*[（(]([^（）()]{2,30})", after)
                return Introduction(f"{label} {inside[1] if inside else ''}".strip(), name)
        if parts[0].startswith(word) and len(parts) > 1 and len(parts[0]) <= LONGEST_LABEL:
            return Introduction(parts[1].strip()[:LONGEST_CONTEXT], "")
        tells = label and (CLIENT_WORDS.search(label) or VENDOR_WORDS.search(label))
        if tells and re.match(rf"[“「]?{re.escape(word)}", parts[1].strip()):
            return Introduction(label, word)
    return Introduction("", "")


LONGEST_LABEL = 8
LONGEST_CONTEXT = 20
"""Characters of a label, and of what follows it, that may tell a side."""


def _trimmed(name: str) -> str:
    """Return a company's name without the words of a sentence before it."""
    return re.split(r"兹有|现有|委[托任]|协议由|合同由|底稿由|是由|[由与和及替为]|我司|贵司", name)[
        -1
    ]


_NO_FIRM = re.compile(
    r"[我你您也不没就指把将拿离先押]|自己|用于|旗舰店|专营店|专卖店|官方|自营|网店|淘宝店|抖店|京东店|多多店|天猫店|店主|小店$|内地|全资"
)
_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,12}(?:[（(][\u4e00-\u9fff]{2,5}[)）])?[\u4e00-\u9fff]{0,24}?"
    r"(?:公司|工作室|商行|经营部|服务部|服务站|中心|厂|合作社|个体工商户|店|[茶渔粮布]行|酒坊)(?![\u4e00-\u9fff])"
)
