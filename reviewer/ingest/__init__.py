"""A file becomes a Contract. Strangers' files are read in a process apart (`reviewer.sandbox`)."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pydantic import ValidationError

from reviewer.contract import Contract, Side
from reviewer.errors import ContractError, NoTextLayer, Unreadable, UnsupportedFormat
from reviewer.ingest.kinds import OFFICE
from reviewer.ingest.limits import Limits, Tools
from reviewer.ingest.reading import contract_from_bytes, contract_from_text
from reviewer.sandbox import Gone, WorkFailed, shared
from reviewer.sandbox.client import OnStep

__all__ = [
    "Limits",
    "Tools",
    "contract_from_bytes",
    "contract_from_text",
    "load_contract",
    "load_pages",
]

PARSER = "reviewer.ingest.job"
"""The module that the sandbox runs."""
_ERRORS = {
    kind.__name__: kind for kind in (ContractError, NoTextLayer, Unreadable, UnsupportedFormat)
}
_HINTS = {".pdf": b"p", ".docx": b"w"}
_CONVERTED = (b"\xd0\xcf\x11\xe0", b"{\\rtf")
"""How files begin that LibreOffice converts. More is not looked at outside the sandbox."""


def load_contract(
    path: Path,
    *,
    first_party_side: Side | None = None,
    limits: Limits | None = None,
    tools: Tools | None = None,
    on_step: OnStep | None = None,
) -> Contract:
    """Return the contract in the file at `path`, read in a process apart.

    Args:
        path: The file.
        first_party_side: The side of the party named first, where the user says so.
        limits: Bounds for the file and for the process.
        tools: What may be used to read it.
        on_step: Told of each page that takes long.

    Raises:
        ContractError: It cannot be read; the message says why and what to do.
    """
    return load_pages(
        [path], first_party_side=first_party_side, limits=limits, tools=tools, on_step=on_step
    )


def load_pages(
    paths: Sequence[Path],
    *,
    first_party_side: Side | None = None,
    limits: Limits | None = None,
    tools: Tools | None = None,
    on_step: OnStep | None = None,
) -> Contract:
    """Return the contract in one file, or in several pictures that are its pages in order.

    Raises:
        ContractError: It cannot be read; the message says why and what to do.
    """
    limits, tools = limits or Limits(), tools or Tools()
    names = [path.name.encode("utf-8", "replace").decode() for path in paths]
    name = names[0]
    files = [_bytes_of(path, name, limits) for path, name in zip(paths, names, strict=True)]
    suffix = paths[0].suffix.lower()
    head = {
        "names": names,
        "sizes": [len(data) for data in files],
        "side": first_party_side,
        "limits": limits.plain(),
        "tools": asdict(tools),
        "converts": suffix in OFFICE or files[0].startswith(_CONVERTED),
    }
    hint = b"o" if head["converts"] else _HINTS.get(suffix, b"-")
    try:
        answer = shared(PARSER).call(
            head, b"".join(files), limits.bounds, hint=hint, on_step=on_step
        )
    except WorkFailed as error:
        raise _failed(error, name, limits) from error
    except Gone as error:
        raise ContractError(
            "无法启动读取文件的子进程", remedy="请检查系统的进程数与内存"
        ) from error
    if answer.head["kind"] == "error":
        kind = _ERRORS.get(answer.head["class"], Unreadable)
        raise kind(answer.head["problem"], remedy=answer.head["remedy"])
    try:
        return Contract.model_validate_json(answer.body)
    except ValidationError as error:
        raise Unreadable(f"{name} 无法解析", remedy=_SAVE_AGAIN) from error


_SAVE_AGAIN = "请用 Word/WPS 另存为新文件后再试"


def _failed(error: WorkFailed, name: str, limits: Limits) -> ContractError:
    """Return what to tell of work that ended without an answer."""
    bounds = limits.bounds
    if error.why in ("cpu", "wall"):
        return Unreadable(
            f"{name} 读取超时，已停止",
            remedy=f"{_SAVE_AGAIN}，或用 REVIEWER_PARSE_CPU_S、REVIEWER_PARSE_WALL_S 调高上限",
        )
    if error.why == "memory":
        return Unreadable(
            f"{name} 读取所需内存超过上限 {bounds.memory_mb} MB，已停止",
            remedy=f"{_SAVE_AGAIN}，或用 REVIEWER_PARSE_MEMORY_MB 调高上限",
        )
    place = f"（{error.where}）" if error.where else ""
    return Unreadable(f"{name} 无法解析，读取程序异常退出{place}", remedy=_SAVE_AGAIN)


def _bytes_of(path: Path, name: str, limits: Limits) -> bytes:
    if path.is_dir():
        raise ContractError(f"{name} 是文件夹", remedy="请指定其中的文件")
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ContractError(f"{name} 不是普通文件", remedy="请指定合同文件")
        if size > limits.max_bytes:
            raise Unreadable(
                f"{name} 有 {size // 2**20} MB，超过上限 {limits.max_bytes // 2**20} MB",
                remedy="请压缩图片，或用 --max-file-mb 调高上限",
            )
        with path.open("rb") as file:
            data = file.read(limits.max_bytes + 1)
    except FileNotFoundError as error:
        raise ContractError(f"找不到文件 {name}", remedy="请检查路径") from error
    except OSError as error:
        raise ContractError(f"无法打开 {name}（{error.strerror}）", remedy="请检查权限") from error
    if not data:
        raise Unreadable(f"{name} 是空文件", remedy="请确认文件已保存")
    return data
