"""Whose city a court or an arbitration commission is in."""

import re

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
    places = {side: places_of(contract, side) for side in ("client", "vendor")}
    client = any(place in words for place in places["client"] - places["vendor"])
    vendor = any(place in words for place in places["vendor"] - places["client"])
    if client == vendor:
        return None
    return "client" if client else "vendor"


def places_of(contract: Contract, side: Side) -> frozenset[str]:
    """Return the cities and districts in the name and address of the party on `side`."""
    party = contract.party(side)
    if party is None or not party.name:
        return frozenset()
    other = contract.party("vendor" if side == "client" else "client")
    at = contract.text.find(party.name)
    near = contract.text[at : at + _REACH] if at >= 0 else party.name
    if other and other.name:
        near = near.split(other.name)[0]
    found = {*_CITY.findall(near), *_DISTRICT.findall(near)}
    found |= {f"{county}县" for county in _COUNTY.findall(near)}
    plain = re.sub(rf"^{_PROVINCE}", "", party.name)
    start = re.match(r"([\u4e00-\u9fff]{2})", plain)
    if start and len(party.name) >= 6:
        found.add(start[1])
    found |= set(re.findall(r"[（(]([\u4e00-\u9fff]{2,3})[)）]", party.name))
    return frozenset(found)
