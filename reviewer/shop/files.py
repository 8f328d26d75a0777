"""Exports as files: read in a process apart, since they too may come from strangers."""

from pathlib import Path

from reviewer.errors import ShopDataError
from reviewer.sandbox import Bounds, Gone, WorkFailed, shared
from reviewer.shop.job import unpacked
from reviewer.shop.sheet import MAX_BYTES, Sheet

PARSER = "reviewer.shop.job"
"""The module that the sandbox runs."""
BOUNDS = Bounds(cpu_s=120, wall_s=180.0, memory_mb=2048)
"""A year of single agents' rows is many times what a contract is."""
_SAVE_AGAIN = "请用 Excel/WPS 打开后重新保存，或分年导出"


def read_sheets(path: Path, bounds: Bounds = BOUNDS) -> list[Sheet]:
    """Return the sheets of the export at `path`, read in a process apart.

    Raises:
        ShopDataError: It is missing, too large, encrypted, damaged, or of another kind.
    """
    data, name = _bytes_of(path), path.name.encode("utf-8", "replace").decode()
    hint = b"x" if data.startswith(b"PK") else b"-"
    try:
        answer = shared(PARSER).call({"name": name}, data, bounds, hint=hint)
    except WorkFailed as error:
        raise _failed(error, name, bounds) from error
    except Gone as error:
        raise ShopDataError(
            "无法启动读取文件的子进程", remedy="请检查系统的进程数与内存"
        ) from error
    if answer.head.get("kind") == "error":
        raise ShopDataError(answer.head["problem"], remedy=answer.head["remedy"])
    try:
        return unpacked(answer.body, name)
    except ValueError as error:
        raise ShopDataError(f"{name} 无法解析", remedy=_SAVE_AGAIN) from error


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ShopDataError(
                f"{path} 超过 {MAX_BYTES // 1024 // 1024} MB", remedy="请分年导出后一起传入"
            )
        return path.read_bytes()
    except OSError as error:
        raise ShopDataError(f"无法读取 {path}（{error.strerror}）", remedy="请检查路径") from error


def _failed(error: WorkFailed, name: str, bounds: Bounds) -> ShopDataError:
    """Return what to tell of work that ended without an answer."""
    if error.why in ("cpu", "wall"):
        return ShopDataError(f"{name} 读取超时，已停止", remedy=_SAVE_AGAIN)
    if error.why == "memory":
        return ShopDataError(
            f"{name} 读取所需内存超过上限 {bounds.memory_mb} MB，已停止", remedy=_SAVE_AGAIN
        )
    place = f"（{error.where}）" if error.where else ""
    return ShopDataError(f"{name} 无法解析，读取程序异常退出{place}", remedy=_SAVE_AGAIN)
