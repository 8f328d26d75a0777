"""The reading of a file as work for the sandbox: request in, contract or error out."""

import importlib
from collections.abc import Mapping
from functools import cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from reviewer.errors import ContractError
from reviewer.ingest.limits import Limits, Tools
from reviewer.ingest.reading import contract_from_files, contract_from_text
from reviewer.ingest.source import Given
from reviewer.sandbox import Pace

_NEEDS = {
    b"w": ("reviewer.ingest.word",),
    b"p": ("reviewer.ingest.pdf",),
    b"o": ("reviewer.ingest.word", "reviewer.ingest.office"),
}
"""What a kind of file needs; recognition is not among it, since its threads do not survive forks."""


_SAMPLE = """客服外包合同
甲方（委託方）：某某電商有限公司
乙方（受托方）：某某客服有限公司
鉴于甲方需要客服服务，双方约定如下：
第一条 服务内容
1.1 乙方应当在30秒内回复买家的咨询。
（1）逾期的，每次扣减服务费100元；
（2）其他。
附件一 标准
甲方（盖章）：        乙方（盖章）：
"""


@cache
def _warm() -> None:
    """Read a contract of our own, so that tables and patterns are there in every later fork."""
    contract_from_text(_SAMPLE)


def prepare(hint: bytes) -> None:
    """Import what files of a kind need."""
    _warm()
    for name in _NEEDS.get(hint, ()):
        importlib.import_module(name)


def folders(head: Mapping[str, Any]) -> Path | None:
    """Return where a private folder is to be made: files that are converted need one."""
    return Tools(**head["tools"]).folder() if head["converts"] else None


def forget(folder: Path) -> None:
    """Remove what a conversion left outside its folder."""
    from reviewer.ingest.office import forget as forget_conversion

    forget_conversion(folder)


def work(
    head: Mapping[str, Any], body: bytes, folder: Path | None, pace: Pace
) -> tuple[Mapping[str, Any], bytes]:
    """Return the contract as JSON, or the error by its class and words."""
    ends = list(accumulate(head["sizes"], initial=0))
    files = [
        Given(name, body[start:end])
        for name, (start, end) in zip(head["names"], pairwise(ends), strict=True)
    ]
    try:
        contract = contract_from_files(
            files,
            first_party_side=head["side"],
            limits=Limits.of(head["limits"]),
            tools=Tools(**head["tools"]),
            folder=folder,
            pace=pace,
        )
    except ContractError as error:
        return {
            "kind": "error",
            "class": type(error).__name__,
            "problem": error.problem,
            "remedy": error.remedy,
        }, b""
    return {"kind": "contract"}, contract.model_dump_json().encode()
