"""Where prompts and corpus lie, in a checkout and in a wheel."""

from functools import cache
from pathlib import Path

from reviewer.errors import CorpusError


@cache
def data_folder(name: str) -> Path:
    """Return the folder `prompts` or `corpus` that was shipped with this installation.

    Raises:
        CorpusError: The installation is incomplete.
    """
    package = Path(__file__).resolve().parent
    for folder in (package / "_data" / name, package.parent / name):
        if folder.is_dir():
            return folder
    raise CorpusError(f"安装不完整，缺少 {name} 文件夹", remedy="请重新安装 cs-contract-reviewer")
