"""The lines in which the parties sign."""

import re
from collections.abc import Sequence

_SIGNATURE = re.compile(
    r"[\s　]*(?:[（(]?以下无正文|[（(]?以下無正文|[（(]?本页(?:无正文|为)|[\u4e00-\u9fffA-Z ]{1,12}[（(](?:盖章|签章|签字|公章|盖公章|簽章|蓋章|签字/盖章|签名|盖章/签字|签字盖章)[^）)]{0,10}[)）]|"
    r"(?:法定代表人|授权代表|委托代理人|代表人?)\s*(?:[（(]签|签字|[:：]\s*_+)|签署(?:日期|页)|签订日期|签约日期|日期\s*[:：]\s*_*\s*年?|"
    r"[甲乙]方\s*[:：]\s*(?:_+|$)|[甲乙]方(?:签字|盖章|签章))"
)
_PARTY = r"(?:[甲乙丙丁]方|委托[方人]|受托[方人]|发包[方人]|承包[方人])\s*(?:[（(][^）)]{0,12}[)）])?\s*[:：]"
_NAME = r"[^。；;，,:：|]{0,40}?"
_PARTIES_SIDE_BY_SIDE = re.compile(rf"[\s　|]*{_PARTY}{_NAME}[\s　_|]+{_PARTY}{_NAME}[\s　_|]*$")
"""`甲方：　　乙方：` on one line; with names it is a signature block only where text ends."""
_PARTY_ALONE = re.compile(rf"[\s　]*{_PARTY}{_NAME}\s*$")


def signs(line: str) -> bool:
    """Return whether a line is one of those that a signature block has.

    >>> signs("甲方：　　　　乙方："), signs("甲方：负责商品、库存与发货")
    (True, False)
    """
    return len(line) <= 120 and bool(_SIGNATURE.match(line) or _PARTIES_SIDE_BY_SIDE.match(line))


def with_names_above(lines: Sequence[str], index: int, floor: int) -> int:
    """Return where the names of the parties begin that stand above the line at `index`."""
    first = index
    for n in range(index - 1, floor, -1):
        if _PARTY_ALONE.match(lines[n]):
            first = n
        elif lines[n].strip():
            break
    return first
