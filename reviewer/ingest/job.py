"""The reading of a file as work for the sandbox: request in, contract or error out."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewer.errors import ContractError
from reviewer.ingest.limits import Limits, Tools
from reviewer.ingest.reading import contract_from_bytes
from reviewer.sandbox import Pace

HINTS = {
    b"w": ("reviewer.ingest.word",),
    b"p": ("reviewer.ingest.pdf",),
}
"""What a kind of file needs."""


def prepare(hint: bytes) -> None:
    """Import what files of a kind need."""
    for name in HINTS.get(hint, ()):
        importlib.import_module(name)


def folders(head: Mapping[str, Any]) -> Path | None:
    """Return where a private folder is to be made, or None where none is needed."""
    return None


def work(
    head: Mapping[str, Any], body: bytes, folder: Path | None, pace: Pace
) -> tuple[Mapping[str, Any], bytes]:
    """Return the contract as JSON, or the error by its class and words."""
    try:
        contract = contract_from_bytes(
            body,
            head["name"],
            first_party_side=head["side"],
            limits=Limits.of(head["limits"]),
            tools=Tools(),
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
