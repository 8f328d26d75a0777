"""The reading of a file as work for the sandbox: request in, contract or error out."""

import importlib
from collections.abc import Mapping
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

from reviewer.errors import ContractError
from reviewer.ingest.limits import Limits, Tools
from reviewer.ingest.reading import contract_from_files
from reviewer.ingest.source import Given
from reviewer.sandbox import Pace

_NEEDS = {
    b"w": ("reviewer.ingest.word",),
    b"p": ("reviewer.ingest.pdf",),
    b"o": ("reviewer.ingest.word", "reviewer.ingest.office"),
}
"""What a kind of file needs; recognition is not among it, since its threads do not survive forks."""


def prepare(hint: bytes) -> None:
    """Import what files of a kind need."""
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
