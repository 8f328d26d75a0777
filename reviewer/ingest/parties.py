"""Parties, and on which side each stands: by function, whatever the contract calls them."""

import re
from collections.abc import Iterable

from reviewer.contract import Clause, Party, Side
from reviewer.ingest.actors import Named, settled
from reviewer.ingest.aliases import CITIES, COMPANY, OFTEN, PERSON, acting, aliases, familiar
from reviewer.ingest.sides import SURE, assign, score, score_of_name
from reviewer.text import simplified

_NAME = r"[\u4e00-\u9fffA-Za-z0-9（）()·.&\-]{2,40}"
_LABELLED = re.compile(
    r"^[ \t　*#|｜]*+(?:\d+(?:\.\d+)*[.、．]?[ \t]*|[一二三四五六七八九十]{1,3}[、.．][ \t]*|[（(][一二三四五六七八九十\da-z]+[)）][ \t]*|[-•·][ \t]*)?[“\"「]?"
    r"(?:[\u4e00-\u9fff]{2,6}[ \t　]+)?(?:[A-Z][A-Za-z]{3,14}[ \t　]*(?=[（(\u4e00-\u9fff]))?[（(]?"
    r"([甲乙丙丁][ \t　]{0,9}(?:方)?|[AB][ \t　]{0,9}方|台资甲方|[\u4e00-\u9fff]{1,8}[方人商户戶者司主家]|[\u4e00-\u9fff]{1,6}(?:单位|單位|机构)|老板|您|我们|你们|[\u4e00-\u9fff](?:[ 　][\u4e00-\u9fff]){1,3}|Party ?[AB])(?:[ \t]?/?[ \t]?Party ?[AB])?[）)”\"」]?[ \t　]{0,9}(?:[（(]([^）)\n]{1,24})[)）])?[ \t　]*[:：|｜][ \t　]*(.*)$",
    re.MULTILINE,
)
_DEFINED = re.compile(
    r"((?:[A-Za-z][A-Za-z .&]{0,24}[ 　])?[\u4e00-\u9fff][\u4e00-\u9fff（）()·]{2,38}?(?:公司|工作室|商行|经营部|服务部|中心|厂|合作社|店))"
    r"(?:[，,；;][^（()）\n“”]{0,120})?\s*[（(]\s*[“\"「『]([\u4e00-\u9fff]{1,8})[”\"」』](?:[，,；;/／][^（()）\n]{0,120})?\s*[)）]"
)
"""A company with its name in the contract in brackets: 某某公司（“客户”）."""
_CALLED = re.compile(
    rf"({_NAME}?)\s*[（(](?:[^（()）\n]{{0,60}}[，,；;])?(?:以下|下面|下|后)?(?:简称|簡稱|自?称|合称|(?<!呼)就?叫做?)(?:为|為)?\s*[:：]?\s*[“\"「『]?([^”\"」』）),，]{{1,12}})[”\"」』]?(?:或[“\"「]?([^”\"」）),，]{{1,10}})[”\"」]?)?(?:[，,；;][^（()）\n]{{0,80}})?[)）]"
)
_SPEAKER = re.compile(
    r"([我贵貴本][司方]|[敝贵貴][行处處店社司部]|本公司|贵公司|我们|你们|您)\s*[（(]([\u4e00-\u9fff]{2,36}(?:公司|工作室|商行|经营部|服务部|中心|厂|合作社|店))[，,)）]"
)
"""A speaker with the name in brackets: 我司（某某公司）."""
_MEANING = re.compile(
    r"[“\"「『]([\u4e00-\u9fff]{1,8})[”\"」』]\s*(?:系|是|即|就|均)?(?:指|代表)(?:的是)?\s*"
    r"([\u4e00-\u9fff（）()·]{2,38}?(?:公司|工作室|商行|经营部|服务部|中心|厂|合作社|店))(?=[，,。；;、（(\s]|$)"
)
"""A name that is explained: “云上”指某某公司."""
_EXPLAINED = re.compile(
    r"[“\"「『]([\u4e00-\u9fff]{1,6})[”\"」』]\s*(?:说的)?(?:就是|是指|就指|指的是|指)([^，,。；;\n“”]{1,16}?)(?:的(?:工作室|网?店|公司|团队|人))?(?=[，,。；;\n]|$)"
)
"""A word explained by a party that is known: “我这边”就是老梁的工作室."""
_NOT_A_PARTY = re.compile(
    r"^经营者$|^(?:项目|全称|名称|单位名称|称呼|户名|栏目|适?用?接?入?店铺|网店|店名)$|银行|介绍|推荐|监[督管]|计价|计量|结算|仲裁|联系|负责|代表|经办|收款|开户|签订|签约|受益|责任|对接|地址|负責|法定|委托代理|第三|投诉|审批|发件|收件|担保|证明|签字|代理人|法人$|立约人|立約人|立[\u4e00-\u9fff]{1,3}人|[修起][订草改]人|见证|律师|审[核阅查]|双方|各方|当事人"
)
_COMPANY_LINE = re.compile(
    r"^[ \t　*#|｜]*+(?:\d+(?:\.\d+)*[.、．]?[ \t]*)?([\u4e00-\u9fff]{2,10})[ \t　]{0,9}(?:[（(]([^）)\n]{1,24})[)）])?(?:[ \t　]{0,9}[:：|｜][ \t　]{0,20}|[　\t ]{1,20})"
    r"([\u4e00-\u9fffA-Za-z0-9（）()·]{2,40}?(?:公司|工作室|商行|经营部|服务部|中心|厂|合作社|队|行|店)(?![\u4e00-\u9fff]).*)$",
    re.MULTILINE,
)
"""Any label before a company's name, where the usual ones are not used."""
_PERSON_LINE = re.compile(
    r"^[ \t　*#]*+([\u4e00-\u9fff]{2,5}的)[ \t]{0,9}[:：][ \t　]{0,9}(([\u4e00-\u9fff·]{2,12})[，,（(\s].*身份[证證].*)$",
    re.MULTILINE,
)
"""A person with an identity card behind a label in plain words: 带队的：某某，身份证……"""
_PLAINLY_CALLED = re.compile(
    r"(?:以下|下文|下面|下|后)?(?:简称|簡稱|称为|稱為|称作|称|稱|(?<!呼)就?叫做?|面写作?|文写作?)(?:为|為)?\s*[:：]?\s*"
    r"[“\"「『]?([\u4e00-\u9fff]{1,6})[”\"」』]?(?=$|[，,。；;（()）\s])"
)
_CALLING = re.compile(
    r"^(?:以下|下文|下面|下|后)?(?:(?:简|簡|合)?(?:称|稱)(?:为|為|作)?|(?<!呼)就?叫做?)[:：]?"
)
_PARTICULARS = re.compile(r"信用代码|信用代碼|执照|地址|住址|住所|身份证|代表人|經營者|经营者|电话")
LONGEST_NAME = 40
LONGEST_HEAD = 6000
"""So many characters at the beginning are searched for the parties."""
SIGNATURES = 400
"""So many characters at the end hold the names of those who sign."""


def find_parties(
    text: str, clauses: Iterable[Clause], first_side: Side | None = None
) -> tuple[tuple[Party, ...], tuple[str, ...]]:
    """Return the parties with their sides, and warnings in Chinese.

    Args:
        text: The whole text.
        clauses: Its clauses.
        first_side: The side of the party named first, where the user says so.
    """
    original, text = text, simplified(text)
    named = _named(text, clauses)
    if not named:
        named = _lettered(text)
    if len(named) < 2:
        named = _implied(text, named)
    if len(named) < 2:
        named = _lettered(text)
    named, labels = settled(text, named)
    if len(named) < 2:
        return (), ("未能识别合同双方，涉及义务归属的判断请人工核对；可用 --side 指定立场",)
    scores = {
        role: score(text, role, (*words, *filter(None, [labels.get(role)]))) + score_of_name(name)
        for role, (name, words) in named.items()
    }
    roles = _two(list(named), scores)
    spoken = _spoken(text)
    sides, sure = assign(roles, scores, first_side)
    said: dict[str, Side | None] = {words[0]: side for side, words in spoken.items() if words}
    if not first_side and set(roles) <= set(said):
        if sure and any(score_of_name(named[role][0]) for role in roles):
            spoken = {sides[role]: (role, *named[role][1]) for role in roles}
        else:
            sides, sure = {role: said[role] for role in roles}, True
    parties = tuple(
        Party(
            role=_as_written(role, text, original),
            name=_as_written(named[role][0], text, original),
            side=sides[role],
            aliases=tuple(
                dict.fromkeys(
                    _as_written(word, text, original)
                    for word in (
                        *aliases(text, role, named, sides[role]),
                        *spoken.get(sides[role], ()),
                    )
                )
            ),
        )
        for role in roles
    )
    if sure:
        return parties, ()
    return parties, ("未能确定哪一方是商家，判断结果请人工核对；可用 --side 指定立场",)


def _two(roles: list[str], scores: dict[str, int]) -> list[str]:
    """Return the two roles that a review is about.

    Of three parties 甲方 and 乙方 where they are named so, else the most and the least like a
    merchant: a brand and its shop company both stand on the merchant's side. Where nothing tells
    them apart the first two.
    """
    if len(roles) < 3 or {"甲方", "乙方"} <= set(roles):
        return [role for role in roles if role in ("甲方", "乙方")] if len(roles) > 2 else roles
    client = max(roles, key=lambda role: scores[role])
    vendor = min((role for role in roles if role != client), key=lambda role: scores[role])
    if scores[client] - scores[vendor] < SURE:
        return roles[:2]
    return [role for role in roles if role in (vendor, client)]


def _named(text: str, clauses: Iterable[Clause]) -> Named:
    """Return the parties that the contract introduces: at its head, else where they sign."""
    clauses = tuple(clauses)
    ends = [c.end for c in clauses if c.kind in ("title", "parties", "recital")]
    head = text[: min(LONGEST_HEAD, max(max(ends, default=0), 900))]
    found = _defined(head, _introduced(head, text))
    found = found or _nicknamed(text)
    if len(found) < 2:
        signed = _introduced(text[-SIGNATURES:], text)
        found = signed if len(signed) >= 2 else found
    return found


def _introduced(part: str, text: str) -> Named:
    """Return the parties that stand behind a label: a line, a row or a column for each."""
    part = _NAME_BELOW.sub(r"\1：", _SECOND.sub("\n", part.replace("│", "|")))
    found = _columns(part)
    if found:
        return found
    for match in _LABELLED.finditer(part):
        role, inside, rest = match[1].strip(), match[2] or "", match[3].strip()
        role = re.sub(r"\s", "", role)
        role = f"{role}方" if role in ("甲", "乙", "丙") else role
        if _NOT_A_PARTY.search(role) or role in found or len(found) >= 3:
            continue
        name = _first(rest.strip("|｜_＿【】 ")).strip("|｜_＿【】 ")
        known = _PARTICULARS.search(rest) or COMPANY.search(name)
        if len(name) > LONGEST_NAME or (len(rest) > 90 and not known):
            continue
        if _PRONOUN.fullmatch(role) and role[0] not in "甲乙丙" and not COMPANY.search(name):
            continue
        found[role] = (name if len(name) > 1 else "", _called(inside, rest, text))
    people = list(_PERSON_LINE.finditer(part))
    lines = [m for m in _COMPANY_LINE.finditer(part) if not _NOT_A_PARTY.search(m[1])]
    firms = [m for m in lines if COMPANY.search(_first(m[3]))]
    if len(firms) >= 2 and not any(COMPANY.search(name) for name, _ in found.values()):
        found, lines = {}, firms
    if len(found) + len(people) == 2 or (not found and len(people) == len(lines) == 1):
        for match in people:
            found.setdefault(match[1], (match[3], _called("", match[2], text)))
    for match in lines if len(lines) >= 2 or (len(lines) == 1 and people) else ():
        if match[1] not in found and len(found) < 2:
            found[match[1]] = (_first(match[3]), _called(match[2] or "", match[3], text))
    return found


_OTHER = (
    r"(?:乙\s*方|B\s*方|受托[方人]|承[包揽接][方人商]|供应商|服务商|服务方|供方|卖方|外包[方商])"
)
_SECOND = re.compile(
    rf"(?<=[^\s|｜])[ \t　|｜]{{1,80}}(?={_OTHER}\s?(?:[（(][^（()）\n]{{0,12}}[)）])?\s?[:：])"
)
"""Where the second party begins on the line of the first."""
_NAME_BELOW = re.compile(
    r"^([\s　]*[\u4e00-\u9fff]{1,6}[ 　]?[方人商])\s?[:：]?[ \t　]*\n[\s　]*(?:公司|单位|企业)?(?:名称|全称|姓名)\s?[:：]",
    re.MULTILINE,
)
"""A label on a line of its own, with the name below it."""


def _first(words: str) -> str:
    """Return the name with which a line begins."""
    firm = re.match(_FIRM, words)
    return firm[0] if firm else re.split(_AFTER, words)[0]


_AFTER = r"[（(，,；;。\s]"
_FIRM = r"[\u4e00-\u9fff]{1,12}[（(][\u4e00-\u9fff]{2,4}[)）][\u4e00-\u9fff]{2,24}(?:公司|中心|厂)"


def _bracketed(head: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return the companies of a head with the names that brackets behind them give."""
    found = []
    for match in _FIRM_WITH_BRACKET.finditer(head):
        inside, name = match[2].strip(), _LEADING.split(match[1])[-1]
        called = [_bare(word) for word in _ANY_QUOTED.findall(inside)]
        if not called and re.fullmatch(r"[甲乙丙]方|[\u4e00-\u9fff]{2,4}[方人商]", inside):
            called = [inside]
        called = [word for word in called if word and not _NO_NAME.fullmatch(word)]
        if called and len(name) > len("某公司"):
            found.append((name, tuple(called)))
    return found


_FIRM_WITH_BRACKET = re.compile(
    r"([\u4e00-\u9fff]{2,12}(?:[（(][\u4e00-\u9fff]{2,4}[)）])?[\u4e00-\u9fff]{0,24}(?:公司|工作室|商行|经营部|服务部|中心|厂|合作社))"
    r"(?:[，,][^（()）\n“”]{0,80})?[ ]?[（(]([^（()）\n]{1,60})[)）]"
)
_ANY_QUOTED = re.compile(r"[“\"「『]([\u4e00-\u9fff]{1,8})[”\"」』]")
_LEADING = re.compile(
    r"兹有|现有|现?委[托任]|本(?:协议|合同)(?:是|由)|我司|贵司|贵公司|[由与與和及]"
)
"""What a sentence says before a company's name."""


def _defined(head: str, found: Named) -> Named:
    """Return `found` with the parties that a head in running text names and explains."""
    for name, called in _bracketed(head) if found else ():
        for role, (firm, words) in found.items():
            if firm == name:
                found[role] = (firm, tuple(dict.fromkeys((*words, *called))))
    firms = dict(_bracketed(head)) if not found else {}
    if len(firms) == 2 and len(set(firms.values())) == 2:
        for name, called in firms.items():
            role = next((word for word in called if _ROLE.search(word)), called[0])
            found[role] = (name, tuple(word for word in called if word != role))
    defined = list(_DEFINED.finditer(head)) if len(found) < 2 else []
    for match in defined[:2] if len(defined) >= 2 else ():
        found.setdefault(match[2], (re.split(r"[由与與和及，,：:]", match[1])[-1].strip(), ()))
    meant = list(_MEANING.finditer(head)) if not found else []
    for match in meant[:2] if len(meant) >= 2 else ():
        found.setdefault(match[1], (match[2], ()))
    for match in _CALLED.finditer(head):
        role, further = match[2].strip(), match[3] or ""
        if further and not _ROLE.search(role) and _ROLE.search(further):
            role, further = further, role
        known = any(role == other or role in words for other, (_, words) in found.items())
        said = re.split(r"[由与與和及，,：:]", match[1])[-1]
        if known or len(found) >= 2 or not (_ROLE.search(role) or COMPANY.search(said)):
            continue
        name = _LEADING.split(said)[-1]
        named = len(name) > 1 and not name.endswith((role, "贵公司", "贵司", "本公司"))
        found[role] = (name if named else "", (further,) if further else ())
    for match in _EXPLAINED.finditer(head):
        for role, (name, words) in found.items():
            if match[2] in (name, role, *words, *familiar(name)):
                found[role] = (name, (*words, match[1]))
                break
    speakers = list(_SPEAKER.finditer(head)) if not found else []
    for match in speakers if len({match[1] for match in speakers}) == 2 else ():
        found.setdefault(match[1], (match[2], ()))
    return found


def _nicknamed(text: str) -> Named:
    """Return two parties of whom only their nicknames are told: 下称“云客”, and used throughout."""
    head = text[:900]
    found = [match[1] or match[2] for match in _NICKNAME.finditer(head)]
    often = [word for word in dict.fromkeys(found) if text.count(word) > 2 * OFTEN]
    return dict.fromkeys(often, ("", ())) if len(often) == 2 else {}


_NICKNAME = re.compile(
    r"(?:下称|简称|以下叫|下面叫|后称|喊|叫)[“\"「『]([\u4e00-\u9fff]{2,8})[”\"」』]|"
    r"(?:^|[。，；\n])([\u4e00-\u9fff]{2,3})（[^（）\n]{2,40}）[^。\n]{0,12}(?=开了|手里|带着|有一)"
)
"""Also 老周（周启明）开了一家店."""


def _called(inside: str, rest: str, text: str) -> tuple[str, ...]:
    """Return what a line calls a party: in brackets behind its label, and behind its name."""
    words = [_bare(word) for word in re.split(r"[，,、/或]", inside)]
    for called in (_CALLED.search(rest), _PLAINLY_CALLED.search(rest)):
        words += [_bare(called[called.lastindex or 1])] if called else []
        words += [_bare(called[2])] if called and called.re is _CALLED else []
    for bracket in _BRACKETS.finditer(rest):
        words += [_bare(quoted[1]) for quoted in _QUOTED.finditer(bracket[1])]
        plain = re.fullmatch(r"[\u4e00-\u9fff]{2,6}", bracket[1]) and not _KIND.search(bracket[1])
        plain = plain and not bracket[1].startswith(CITIES)
        often = plain and text.count(bracket[1]) > OFTEN
        words += [bracket[1]] if often or _PRONOUN.fullmatch(bracket[1]) else []
    for person in PERSON.finditer(rest):
        words += [word for word in familiar(person[1]) if acting(text, word) >= OFTEN]
    return tuple(
        word
        for word in dict.fromkeys(words)
        if (1 < len(word) <= 12 or word in ("您", "我", "你")) and not _NO_NAME.fullmatch(word)
    )


_NO_NAME = re.compile(
    r"(?:签字|签章|盖章|公章|签名|[盖签]?章|全称|名称|姓名|[一-龥]{2,5}(?:省|市|区|县)).*"
)
_BRACKETS = re.compile(r"[（(]([^（()）\n]{1,80})[)）](?!有限|股份|集团|公司)")
_QUOTED = re.compile(r"(?:^|[称稱叫作为為即或，,：:])\s*[“\"「『]([^”\"」』\n]{1,8})[”\"」』]")
"""A name in a bracket behind a company: （“云顶”）, （以下写作“云顶”）."""
_KIND = re.compile(r"企业|个体|个人|独资|盖章|签[字章名]|公章|负责|联系|经办|代表")
_PRONOUN = re.compile(r"[甲乙丙]方|[我你贵本][方司]|我们|你们|您")


def _columns(head: str) -> Named:
    """Return the parties of a table that has a column for each, by the names above theirs."""
    lines = head[:LONGEST_HEAD].splitlines()
    rows = [[cell.strip() for cell in re.split(r"[|｜\t]", line)] for line in lines]
    rows = [row for row in rows if not all(re.fullmatch(r"[:\- ]*", cell) for cell in row)]
    for at, row in enumerate(rows):
        companies = [column for column, cell in enumerate(row) if COMPANY.search(cell)]
        if len(companies) != 2:
            continue
        for above in reversed(rows[max(0, at - 3) : at]):
            if len(above) <= companies[-1]:
                continue
            heads = [re.split(r"[（(]", above[column]) for column in companies]
            named = {words[0] for words in heads}
            if len(named) == 2 and all(re.fullmatch(r"[\u4e00-\u9fff]{1,8}", w) for w in named):
                return {
                    words[0]: (row[column], tuple(_bare(w.rstrip("）)")) for w in words[1:]))
                    for words, column in zip(heads, companies, strict=True)
                }
    return {}


_ROLE = re.compile(r"方|人|商|户|戶|主|您|们|公司|司$|店")


def _spoken(text: str) -> dict[Side | None, tuple[str, ...]]:
    """Return who says 我 and who is 你 in a contract that is written like a letter.

    Empty where the first person is rare, names a party already, or could be either.
    """
    if len(_ME.findall(text)) < FIRST_PERSON or re.search(r"[“\"「（(]我[们方司]", text):
        return {}
    meant = _ME_MEANS.search(text)
    if meant and score_of_name(meant[1]):
        me: Side = "client" if score_of_name(meant[1]) > 0 else "vendor"
        return _speakers(text, me)
    vendor = len(_ME_SERVES.findall(text)) + 3 * len(_ME_LEADS.findall(text))
    client = len(_ME_OWNS.findall(text)) + 3 * len(_ME_KEEPS_SHOP.findall(text))
    if abs(vendor - client) < 2:
        return {}
    return _speakers(text, "vendor" if vendor > client else "client")


def _speakers(text: str, speaker: Side) -> dict[Side | None, tuple[str, ...]]:
    other: Side = "client" if speaker == "vendor" else "vendor"
    here = tuple(word for word in ("我们这边", "我这边", "我们", "我方", "我") if word in text)
    there = tuple(word for word in ("你们", "您", "你", "老板娘", "老板") if word in text)
    return {speaker: here, other: there}


_ME_MEANS = re.compile(r"[“\"「]我[”\"」](?:就?是|指|即)([\u4e00-\u9fff（）()]{2,30})")


def _lettered(text: str) -> Named:
    """Return 我 and 你 as the parties of a letter that names no others."""
    spoken = _spoken(text)
    roles: Named = {}
    for words in spoken.values():
        if not words:
            return {}
        roles[words[0]] = ("", words[1:])
    for match in _MEANT.finditer(text):
        for role, (name, words) in roles.items():
            if match[2][0] == role[0]:
                roles[role] = (name, (*words, match[1]))
    return roles


_MEANT = re.compile(
    r"[“\"「]([\u4e00-\u9fff]{1,6})[”\"」](?:[，,]?)(?:说的|指的|就|都|即|指)是?([我你您]们?)"
)
"""A word that a letter explains: “店里”说的是我."""
FIRST_PERSON = 4
"""So often 我 has to occur before it is taken for a party."""
_ME = re.compile(r"我(?!国|市|省|县|司)")
_ME_SERVES = re.compile(
    r"我(?:们)?(?:这边|方)?[^。；;，,\n]{0,8}(?:回|接待|答|盯|顶|管|派|排|带|上班|负责|做客服|收钱|帮|加人|教)"
)
_ME_OWNS = re.compile(r"我(?:们)?(?:家|的)?[^。；;，,\n]{0,4}(?:店|货|产品|付|打款|给钱|出钱|发货)")


_ME_KEEPS_SHOP = re.compile(r"我(?:们)?是[^。；;，,\n]{0,20}(?:店主|卖家|掌柜|店老板|商家)")
_ME_LEADS = re.compile(r"我(?:们)?是[^。；;，,\n]{0,20}(?:客服(?:团队|公司)?|做客服|带团队|外包)")


def _as_written(word: str, text: str, original: str) -> str:
    """Return `word` of the simplified text in the characters that the contract uses."""
    at = text.find(word) if word else -1
    return original[at : at + len(word)] if at >= 0 else word


def _bare(words: str | None) -> str:
    """Return a name without 以下简称 and quotation marks around it."""
    return _CALLING.sub("", re.sub(r"\s", "", words or "").strip('“”"「」『』：: ')).strip(
        '“”"「」『』：: '
    )


_WHOEVER = (
    "客户",
    "商户",
    "商家",
    "用户",
    "品牌方",
    "店铺方",
    "使用方",
    "订购方",
    "服务商",
    "服务方",
)
"""Whoever signs terms that name only the party who made them."""
_PAIRS = (
    ("甲方", "乙方"),
    ("委托方", "受托方"),
    ("委託方", "受託方"),
    ("发包方", "承包方"),
    ("采购方", "供应商"),
    ("用户", "平台方"),
    ("商户", "服务商"),
    ("您", "我们"),
    ("店主", "我方"),
    ("我方", "你方"),
    ("我方", "贵方"),
    ("我司", "贵司"),
    ("敝行", "贵处"),
    ("敝店", "贵处"),
    ("敝司", "贵司"),
    ("我们", "你们"),
)


def _implied(text: str, named: Named) -> Named:
    for role, (name, _) in named.items():
        other = next((word for word in _WHOEVER if text.count(word) >= OFTEN), "")
        if name and other and other not in name and text.count(role) >= OFTEN:
            return {role: named[role], other: ("", ())}
    for first, second in _PAIRS:
        if text.count(first) >= 2 and text.count(second) >= 2:
            return {first: named.get(first, ("", ())), second: named.get(second, ("", ()))}
    return named
