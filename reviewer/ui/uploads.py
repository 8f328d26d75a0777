"""Files that visitors and programs hand in."""

import base64
import binascii
from pathlib import Path
from typing import Any

import gradio as gr

from reviewer.errors import UsageError


def upload(**options: Any) -> Any:
    """Return a file control that takes uploads alone: this program fetches nothing from an address.

    Args:
        options: Those of `gr.File`.
    """
    control = gr.File(elem_classes="drop", **options)
    taken = control.async_move_resource_to_block_cache

    async def take(given: str | Path | None) -> str | None:
        if str(given or "").lower().startswith(("http:", "https:")):
            raise gr.Error("请上传文件；本程序不访问网址 / upload the file", print_exception=False)
        moved: str | None = await taken(given)
        return moved

    control.async_move_resource_to_block_cache = take
    return control


def from_base64(data: str, name: str, folder: Path, max_bytes: int) -> Path:
    """Write a file that came as base64 or as a `data:` address, and return where it is.

    Raises:
        UsageError: It is no base64, or too large.
    """
    words = data.partition("base64,")[2] if data.startswith("data:") else data
    if len(words) * 3 // 4 > max_bytes:
        raise UsageError(
            "文件过大", remedy=f"上限为 {max_bytes // 1024 // 1024} MB，请分拆或压缩后再试"
        )
    try:
        content = base64.b64decode(words, validate=True)
    except binascii.Error as error:
        raise UsageError("data 不是 base64", remedy="请给出文件内容的 base64 编码") from error
    path = folder / safe_name(name)
    path.write_bytes(content)
    return path


def safe_name(name: str) -> str:
    """Return a file name that leads nowhere else."""
    last = Path(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '/:*?"<>|').strip(". ")
    return kept[-80:] or "contract"
