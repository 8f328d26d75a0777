"""The contracts among files and folders: what is one contract, and what its results are called."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from reviewer.errors import UsageError
from reviewer.ingest.kinds import IMAGES, SUFFIXES

_NUMBER = re.compile(r"\d+")


class Unit(NamedTuple):
    """One contract: a file, or pictures that are its pages."""

    paths: tuple[Path, ...]
    name: str
    """What its results are called, without a suffix; with `/` where it lay in a folder."""

    @property
    def shown(self) -> str:
        """Return what the user calls it."""
        first = str(self.paths[0])
        return first if len(self.paths) == 1 else f"{first} 等 {len(self.paths)} 张图片"


def units(given: Sequence[Path], out: Path | None = None) -> list[Unit]:
    """Return the contracts among what was given.

    Pictures that are named one by one are the pages of one contract, in the order given. In a
    folder, pictures whose names differ by a number only are.

    Args:
        given: Files and folders.
        out: The folder for results; what lies in it is not taken for a contract.

    Raises:
        UsageError: A folder has no contract.
    """
    found: list[tuple[tuple[Path, ...], str]] = []
    pages: list[Path] = []
    at = 0
    for path in given:
        if path.is_dir():
            found += _in_folder(path, out)
        elif path.suffix.lower() in IMAGES:
            at = at if pages else len(found)
            pages.append(path)
        else:
            found.append(((path,), path.stem))
    if pages:
        found.insert(at, (tuple(pages), pages[0].stem))
    return _named(found)


def _in_folder(folder: Path, out: Path | None) -> list[tuple[tuple[Path, ...], str]]:
    inside = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and path.is_file()
        and not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
        and not (out and out != folder and out in path.parents)
    )
    if not inside:
        raise UsageError(
            f"文件夹 {folder} 里没有合同文件",
            remedy="支持 .docx、.pdf、.txt、.md、.doc、.wps、.rtf、.odt、.ofd、.html 和图片",
        )
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path in inside:
        is_page = path.suffix.lower() in IMAGES
        key = _NUMBER.sub("#", path.stem) if is_page else path.name
        groups.setdefault((path.parent, key), []).append(path)
    found = []
    for (parent, _), paths in groups.items():
        paths.sort(key=_natural)
        place = parent.relative_to(folder)
        found.append((tuple(paths), (place / paths[0].stem).as_posix()))
    return found


def _natural(path: Path) -> list[tuple[int, str]]:
    """Return a key by which page 10 comes after page 9."""
    return [(int(n or 0), text) for text, n in re.findall(r"(\D*)(\d*)", path.name)]


def _named(found: list[tuple[tuple[Path, ...], str]]) -> list[Unit]:
    """Return units with names of their own: the suffix is added where two would share one."""
    stems = Counter(name for _, name in found)
    taken: Counter[str] = Counter()
    made = []
    for paths, name in found:
        own = name if stems[name] == 1 else f"{name}_{paths[0].suffix.lstrip('.')}"
        taken[own] += 1
        made.append(Unit(paths, own if taken[own] == 1 else f"{own}_{taken[own]}"))
    return made
