"""The contract's own names, for wording that can be pasted."""

import re

from reviewer.contract import Contract

_SHOP = (
    re.compile(r"店铺(?:名称|名)[:： 为是]{0,3}[“\"「]?([^，。；、\s”\"」（(|_]{2,24})"),
    re.compile(r"[“\"「]([^”\"」\n]{2,20}(?:旗舰店|专营店|专卖店|店铺|小店|网店))[”\"」]"),
    re.compile(r"([\u4e00-\u9fffA-Za-z0-9]{2,12}(?:官方)?(?:旗舰店|专营店|专卖店))"),
)
_PLATFORMS = ("天猫", "淘宝", "京东", "拼多多", "抖店", "抖音", "小红书", "快手")


def particulars(contract: Contract, platform: str | None = None) -> dict[str, str]:
    """Return the values of the slots client, vendor, shop and platform.

    `platform` is the merchant's own word, for a contract that names none.
    """
    client, vendor = contract.party("client"), contract.party("vendor")
    text = contract.text
    platforms = [name for name in _PLATFORMS if name in text]
    if platform and not platforms:
        platforms = [platform]
    return {
        "client": client.role if client else "甲方",
        "vendor": vendor.role if vendor else "乙方",
        "shop": _shop(text, client.role if client else "甲方"),
        "platform": "、".join(platforms) + "平台" if platforms else "店铺所在电商平台",
    }


def _shop(text: str, client: str) -> str:
    for pattern in _SHOP:
        match = pattern.search(text)
        if match and match[1] not in ("甲方", "乙方"):
            return match[1]
    return f"{client}店铺"
