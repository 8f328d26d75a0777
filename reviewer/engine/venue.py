"""Whose city a court or an arbitration commission is in."""

import re
from itertools import zip_longest

from reviewer.contract import Contract, Side
from reviewer.text import simplified

_PROVINCE = r"(?:浙江|江苏|广东|廣東|山东|福建|安徽|河南|河北|湖北|湖南|四川|江西|陕西|辽宁|吉林|云南|贵州|山西|海南|甘肃|黑龙江|广西|内蒙古)(?:省|自治区)?"
_CITY = re.compile(rf"(?:{_PROVINCE})?([\u4e00-\u9fff]{{2,3}}?)市")
_DISTRICT = re.compile(r"市([\u4e00-\u9fff]{2,4}?)[区區县縣]")
_COUNTY = re.compile(r"(?:^|[省市区州:：（(，,、\s在住于位])([\u4e00-\u9fff]{1,3}?)[县縣]")
"""A county stands for itself, however short its name: 沛县, 中宁县."""
_SIGNED_AT = re.compile(r"(?:签订|签约|签署|订约|立约|缔约|签字|履行)(?:地|之地)")
"""A forum that is named by where the contract was signed or is performed."""
_PLACE_OF_SIGNING = re.compile(
    r"(?:(?:签订|签约|签署|订约|立约|履行)地(?:点)?[”\"」]?\s*(?:为|是|在|即|[:：])|(?:签订|签署|签约|订立|订|签)[于在])"
    r"([^。；;，,\n]{2,30})|在([^。；;，,\n]{2,20}?)(?:签订|签署|签约|订立|签字)"
)
SIDES: tuple[Side, Side] = ("client", "vendor")
HEAD = 500
TAIL = 450
"""Characters at the beginning and the end that introduce the parties at least."""
_AREA = re.compile(
    r"([\u4e00-\u9fff]{2})区(?!域|分|间|块)(?<!开发区)(?<!高新区)(?<!小区)(?<!园区)(?<!经开区)(?<!新区)"
)
"""The last two characters of a district, whose city may stand without 市: 合肥瑶海区."""
_REACH = 160
"""How far behind a party's name its address may stand."""


def venue_side(contract: Contract, passage: str) -> Side | None:
    """Return in whose city the court or commission of `passage` sits.

    Args:
        contract: Its parties, with their names and addresses as the text has them.
        passage: The sentence that names a court, a commission or the place of signing.

    Returns:
        The side whose city alone is named; None when none or both are.
    """
    words = simplified(passage)
    if _SIGNED_AT.search(words):
        words += "".join(
            match[1] or match[2] for match in _PLACE_OF_SIGNING.finditer(simplified(contract.text))
        )
    places = {side: places_of(contract, side) for side in SIDES}
    seats = {side for side in SIDES if _seat(contract, side).search(words)}
    named = {
        side
        for side, other in zip(SIDES, reversed(SIDES), strict=True)
        if any(place in words for place in places[side] - places[other])
    }
    named = seats or named
    return named.pop() if len(named) == 1 else None


def _seat(contract: Contract, side: Side) -> re.Pattern[str]:
    """Return what finds a court said to be where the party on `side` is: 站所在的县."""
    party = contract.party(side)
    words = [simplified(word) for word in party.aliases] if party else []
    names = "|".join(re.escape(word) for word in words) or r"(?!)"
    return re.compile(
        rf"(?:{names})(?:的|家|公司)?(?:所在|登记|注册|住所|这边|那边|这头|那头|本地)"
    )


def places_of(contract: Contract, side: Side) -> frozenset[str]:
    """Return the cities and districts in the name and addresses of the party on `side`."""
    party = contract.party(side)
    if party is None:
        return frozenset()
    found: set[str] = set()
    for passage in _passages(contract, side):
        found |= {*_CITY.findall(passage), *_DISTRICT.findall(passage), *_AREA.findall(passage)}
        found |= {f"{county}县" for county in _COUNTY.findall(passage)}
    plain = re.sub(rf"^{_PROVINCE}", "", simplified(party.name))
    start = re.match(r"([\u4e00-\u9fff]{2})", plain)
    if start and len(party.name) >= 6:
        found.add(start[1])
    found |= set(re.findall(r"[（(]([\u4e00-\u9fff]{2,3})[)）]", simplified(party.name)))
    return frozenset(found)


def _passages(contract: Contract, side: Side) -> list[str]:
    """Return what stands behind the names of a party where the parties introduce themselves."""
    text = simplified(contract.text)
    party, other = contract.party(side), contract.party(SIDES[side == "client"])
    mine = [simplified(word) for word in (party.aliases if party else ()) if len(word) > 1]
    theirs = [simplified(word) for word in (other.aliases if other else ()) if len(word) > 1]
    names = sorted({*mine, *theirs}, key=len, reverse=True)
    found = [simplified(party.name)] if party and party.name else []
    ends = [c.end for c in contract.clauses if c.kind in ("title", "parties", "recital")]
    for part in (text[: max([HEAD, *ends])], text[-TAIL:]):
        marks = list(re.finditer("|".join(map(re.escape, names)), part)) if names else []
        for mark, following in zip_longest(marks, marks[1:]):
            end = following.start() if following else len(part)
            behind = part[mark.end() : min(end, mark.end() + _REACH)]
            if mark[0] in mine and "法院" not in behind:
                found.append(behind)
    return found
