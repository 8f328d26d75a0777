"""A merchant's own clauses and positions: Markdown with front matter, or a .docx by headings.

Theirs come before ours: where a folder holds a clause for a check, suggestions are drafted from
it. Paragraphs may name the elements that they supply in a trailing `{element}`; without marks
every paragraph serves every element. What a marked clause lacks to satisfy the check is taken
from ours. A file without a body states positions only: its slots replace the defaults in ours.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from reviewer.errors import CorpusInvalid
from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.model_clause import BUILT_IN_SLOTS, ClausePart, ClauseVersion, Fix, ModelClause, Slot
from reviewer.playbook import Check, Playbook

WHY = "贵方自有条款优先。"
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_ELEMENTS = re.compile(r"\{((?:[a-z]{2}_[a-z_]+)(?:\s*,\s*[a-z]{2}_[a-z_]+)*)\}\s*$")
_SLOT = re.compile(r"\{([a-z_]+)\}")
_HOW = "请按 corpus/README.md 的“加自己的条款”修正"


@dataclass(frozen=True)
class _Own:
    """What a file, or a section of it, says about one check."""

    path: Path
    line: int
    """Where the check is named."""
    check: Check
    paragraphs: list[tuple[int, str]]
    slots: dict[str, str] = field(default_factory=dict)


def with_own_clauses(library: ClauseLibrary, folder: Path, playbook: Playbook) -> ClauseLibrary:
    """Return `library` with the clauses of `folder` in place of ours.

    Args:
        library: The shipped clauses.
        folder: Holds `*.md` (front matter with `check`) and `*.docx` (headings name checks).
        playbook: The checks that may be named, by id or by Chinese title.

    Raises:
        CorpusInvalid: A file names no check, an unknown one or an unknown element; with its line.
    """
    if not folder.is_dir():
        raise CorpusInvalid(f"找不到自有条款文件夹 {folder}", remedy="请检查 --corpus")
    found: list[_Own] = []
    for path in sorted(folder.rglob("*")):
        if path.name.startswith((".", "~$")) or not path.is_file():
            continue
        if path.suffix.lower() == ".md":
            found.append(_markdown(path, playbook))
        elif path.suffix.lower() == ".docx":
            found += _word(path, playbook)
    if not found:
        raise CorpusInvalid(f"{folder} 中没有 .md 或 .docx 条款", remedy=_HOW)
    clauses, fixes = dict(library.clauses), dict(library.fixes)
    taken: dict[str, _Own] = {}
    for own in found:
        name = own.check.id
        if name in taken:
            raise CorpusInvalid(
                f"{own.path}:{own.line}: {name} 已在 {taken[name].path.name} 写过",
                remedy="请删去其中一份",
            )
        taken[name] = own
        if own.check.kind == "protection":
            clauses[name] = _clause(own, library.clauses.get(name))
        else:
            fixes[name] = _fix(own, library.fixes.get(name))
    return ClauseLibrary(clauses, fixes)


def _markdown(path: Path, playbook: Playbook) -> _Own:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CorpusInvalid(f"{path}: 不是 UTF-8 编码", remedy="请另存为 UTF-8") from error
    except OSError as error:
        raise CorpusInvalid(f"{path}: 无法读取", remedy="请检查文件权限") from error
    front = _FRONT.match(text)
    if not front:
        raise CorpusInvalid(f"{path}:1: 开头缺少 --- check: … ---", remedy=_HOW)
    head = _head(path, front[1])
    line = next((n for n, row in enumerate(front[1].splitlines(), 2) if "check" in row), 1)
    check = _check(str(head.get("check") or ""), path, line, playbook)
    slots = head.get("slots") or {}
    if not isinstance(slots, dict) or not all(isinstance(name, str) for name in slots):
        raise CorpusInvalid(f"{path}:{line}: slots 应是“空位: 值”的表", remedy=_HOW)
    first = text[: front.end()].count("\n") + 1
    rows = enumerate(text[front.end() :].splitlines(), first)
    paragraphs = [(n, row.strip()) for n, row in rows if row.strip() and row.lstrip()[0] != "#"]
    own = _Own(path, line, check, paragraphs, {name: str(value) for name, value in slots.items()})
    if not paragraphs and not slots:
        raise CorpusInvalid(f"{path}:1: {check.id} 没有正文", remedy=_HOW)
    return own


def _head(path: Path, text: str) -> dict[str, Any]:
    try:
        head = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 2 if mark else 1
        raise CorpusInvalid(f"{path}:{line}: 开头的 YAML 语法错误", remedy=_HOW) from error
    if not isinstance(head, dict):
        raise CorpusInvalid(f"{path}:2: 开头应是 check: …", remedy=_HOW)
    for name in head:
        if name not in ("check", "slots"):
            rows = enumerate(text.splitlines(), 2)
            line = next((n for n, row in rows if row.startswith(str(name))), 2)
            raise CorpusInvalid(f"{path}:{line}: 不认识的字段 {name}", remedy="可用：check、slots")
    return head


def _word(path: Path, playbook: Playbook) -> list[_Own]:
    """Return a clause for each heading; lines are paragraphs, counted from 1."""
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, XMLSyntaxError, KeyError, ValueError, OSError) as error:
        raise CorpusInvalid(f"{path}: 不是有效的 .docx", remedy="请用 Word 重新保存") from error
    if document.tables:
        raise CorpusInvalid(f"{path}: 表格里的文字读不到", remedy="请把表格改成段落")
    found: list[_Own] = []
    for line, paragraph in enumerate(document.paragraphs, 1):
        words = paragraph.text.strip()
        style = (paragraph.style.name if paragraph.style else "") or ""
        if style.startswith(("Heading", "heading", "标题")) and words:
            found.append(_Own(path, line, _check(words, path, line, playbook), []))
        elif words and not found:
            raise CorpusInvalid(f"{path}:{line}: 正文前没有以审查项命名的标题", remedy=_HOW)
        elif words:
            found[-1].paragraphs.append((line, words))
    for own in found:
        if not own.paragraphs:
            raise CorpusInvalid(f"{path}:{own.line}: {own.check.id} 没有正文", remedy=_HOW)
    if not found:
        raise CorpusInvalid(f"{path}:1: 没有以审查项命名的标题", remedy=_HOW)
    return found


def _check(name: str, path: Path, line: int, playbook: Playbook) -> Check:
    for check in playbook.checks:
        if name in (check.id, check.title):
            return check
    raise CorpusInvalid(f"{path}:{line}: 没有检查项“{name}”", remedy=_HOW)


def _clause(own: _Own, shipped: ModelClause | None) -> ModelClause:
    check = own.check
    slots = _slots(own, shipped.slots if shipped else {})
    if shipped and not own.paragraphs:
        return shipped.model_copy(update={"slots": slots})
    parts = _parts(own, slots)
    parts += _supplement(parts, check, shipped)
    version = ClauseVersion(parts=tuple(parts), why="贵方自有条款")
    return ModelClause(
        check=check.id,
        heading=shipped.heading if shipped else check.title,
        heading_en=shipped.heading_en if shipped else check.title_en,
        slots=slots,
        standard=version,
        strong=version,
        concession=shipped.concession if shipped else version,
        why=WHY,
        law=shipped.law if shipped else check.law,
        place_after=shipped.place_after if shipped else (),
        letter=shipped.letter if shipped else check.why,
    )


def _fix(own: _Own, shipped: Fix | None) -> Fix:
    """Return the fix with the merchant's wording in place of ours."""
    slots = _slots(own, shipped.slots if shipped else {})
    if shipped and not own.paragraphs:
        return shipped.model_copy(update={"slots": slots})
    text = "\n".join(_body(own, line, words, slots) for line, words in own.paragraphs)
    inserts = shipped is not None and shipped.action.startswith("insert")
    return Fix(
        check=own.check.id,
        action=shipped.action if shipped and inserts else "replace",
        text=text,
        fallback=shipped.fallback if shipped else None,
        slots=slots,
        why=WHY,
        law=shipped.law if shipped else own.check.law,
        letter=shipped.letter if shipped else own.check.why,
    )


def _slots(own: _Own, shipped: Mapping[str, Slot]) -> dict[str, Slot]:
    """Return the slots with the merchant's values for defaults."""
    body = " ".join(words for _, words in own.paragraphs)
    slots = dict(shipped)
    for name, value in own.slots.items():
        if name in BUILT_IN_SLOTS or (name not in slots and f"{{{name}}}" not in body):
            rows = enumerate(own.path.read_text(encoding="utf-8-sig").splitlines(), 1)
            line = next((n for n, row in rows if re.search(rf"\b{re.escape(name)}\b", row)), 1)
            known = "、".join(slots) or "无"
            raise CorpusInvalid(
                f"{own.path}:{line}: {own.check.id} 没有空位 {name}", remedy=f"可用：{known}"
            )
        meaning = slots[name].meaning if name in slots else name
        slots[name] = Slot(default=value, meaning=meaning)
    return slots


def _parts(own: _Own, slots: Mapping[str, Slot]) -> list[ClausePart]:
    known = [element.id for element in own.check.elements]
    parts = []
    for line, words in own.paragraphs:
        named = _ELEMENTS.search(words)
        elements = re.split(r"\s*,\s*", named[1]) if named else known
        for element in elements:
            if element not in known:
                raise CorpusInvalid(
                    f"{own.path}:{line}: {own.check.id} 没有要素 {element}",
                    remedy=f"可用：{'、'.join(known)}",
                )
        body = _body(own, line, _ELEMENTS.sub("", words).strip(), slots)
        parts.append(ClausePart(elements=tuple(elements), text=body))
    return parts


def _body(own: _Own, line: int, words: str, slots: Mapping[str, Slot]) -> str:
    for slot in _SLOT.findall(words):
        if slot not in slots and slot not in BUILT_IN_SLOTS:
            raise CorpusInvalid(
                f"{own.path}:{line}: 空位 {{{slot}}} 没有默认值", remedy="请在开头的 slots 中写上"
            )
    return words


def _supplement(
    parts: list[ClausePart], check: Check, shipped: ModelClause | None
) -> list[ClausePart]:
    """Return those of our parts without which the merchant's clause would not satisfy the check."""
    said = {name for part in parts for name in part.elements}
    core = {element.id for element in check.core}
    spare = check.other_needed - len(said - core)
    added = []
    for part in shipped.standard.parts if shipped else ():
        lacking = set(part.elements) - said
        if lacking & core or (spare > 0 and lacking):
            added.append(part)
            spare -= len(lacking - core)
            said |= lacking
    return added
