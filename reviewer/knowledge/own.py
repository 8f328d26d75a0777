"""A merchant's own clauses and positions: Markdown with front matter, or a .docx by headings.

Theirs come before ours: where a folder holds a clause for a check, suggestions are drafted from
it. A clause is cut into parts by the elements that its paragraphs name in a trailing `{element}`;
without marks the whole clause serves every element.
"""

import re
from pathlib import Path

from reviewer.errors import CorpusInvalid
from reviewer.knowledge.clauses import ClauseLibrary
from reviewer.model_clause import BUILT_IN_SLOTS, ClausePart, ClauseVersion, ModelClause
from reviewer.playbook import Check, Playbook

_FRONT = re.compile(r"\A---\s*\n(.*?)\n---\s*\n", re.DOTALL)
_ELEMENTS = re.compile(r"\{((?:[a-z]{2}_[a-z_]+)(?:\s*,\s*[a-z]{2}_[a-z_]+)*)\}\s*$")
_SLOT = re.compile(r"\{([a-z_]+)\}")
_HOW = "请按 corpus/README.md 的“加自己的条款”修正"


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
    own: dict[str, ModelClause] = {}
    for path in sorted(folder.rglob("*")):
        found: list[tuple[Check, list[tuple[int, str]]]] = []
        if path.suffix == ".md":
            found = [_markdown(path, playbook)]
        elif path.suffix == ".docx":
            found = _word(path, playbook)
        for check, paragraphs in found:
            if check.id in own:
                raise CorpusInvalid(f"{path}:1: {check.id} 有两份自有条款", remedy="请删去其中一份")
            own[check.id] = _clause(path, check, paragraphs, library)
    if not own:
        raise CorpusInvalid(f"{folder} 中没有 .md 或 .docx 条款", remedy=_HOW)
    return ClauseLibrary({**library.clauses, **own}, library.fixes)


def _markdown(path: Path, playbook: Playbook) -> tuple[Check, list[tuple[int, str]]]:
    text = path.read_text(encoding="utf-8-sig")
    front = _FRONT.match(text)
    if not front:
        raise CorpusInvalid(f"{path}:1: 开头缺少 --- check: … ---", remedy=_HOW)
    named = re.search(r"^check:\s*(\S+)\s*$", front[1], re.MULTILINE)
    line = text[: front.start(1) + named.start()].count("\n") + 1 if named else 1
    check = _check(named[1] if named else "", path, line, playbook)
    first = text[: front.end()].count("\n") + 1
    rows = text[front.end() :].splitlines()
    return check, [
        (first + n, row.strip())
        for n, row in enumerate(rows)
        if row.strip() and not row.lstrip().startswith("#")
    ]


def _word(path: Path, playbook: Playbook) -> list[tuple[Check, list[tuple[int, str]]]]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise CorpusInvalid(f"{path}: 不是有效的 .docx", remedy="请用 Word 重新保存") from error
    found: list[tuple[Check, list[tuple[int, str]]]] = []
    for line, paragraph in enumerate(document.paragraphs, 1):
        words = paragraph.text.strip()
        style = paragraph.style.name if paragraph.style else ""
        if (style or "").startswith(("Heading", "标题")) and words:
            found.append((_check(words, path, line, playbook), []))
        elif words and found:
            found[-1][1].append((line, words))
    if not found:
        raise CorpusInvalid(f"{path}:1: 没有以审查项命名的标题", remedy=_HOW)
    return found


def _check(name: str, path: Path, line: int, playbook: Playbook) -> Check:
    for check in playbook.checks:
        if check.kind == "protection" and name in (check.id, check.title):
            return check
    raise CorpusInvalid(f"{path}:{line}: 没有检查项“{name}”", remedy=_HOW)


def _clause(
    path: Path, check: Check, paragraphs: list[tuple[int, str]], library: ClauseLibrary
) -> ModelClause:
    known = [element.id for element in check.elements]
    parts = []
    shipped = library.clauses.get(check.id)
    slots = dict(shipped.slots) if shipped else {}
    for line, words in paragraphs:
        named = _ELEMENTS.search(words)
        elements = re.split(r"\s*,\s*", named[1]) if named else known
        for element in elements:
            if element not in known:
                raise CorpusInvalid(f"{path}:{line}: {check.id} 没有要素 {element}", remedy=_HOW)
        body = _ELEMENTS.sub("", words).strip()
        for slot in _SLOT.findall(body):
            if slot not in slots and slot not in BUILT_IN_SLOTS:
                raise CorpusInvalid(f"{path}:{line}: 空位 {{{slot}}} 没有默认值", remedy=_HOW)
        parts.append(ClausePart(elements=tuple(elements), text=body))
    if not parts:
        raise CorpusInvalid(f"{path}:1: {check.id} 没有正文", remedy=_HOW)
    version = ClauseVersion(parts=tuple(parts), why="贵方自有条款")
    concession = shipped.concession if shipped else version
    return ModelClause(
        check=check.id,
        heading=shipped.heading if shipped else check.title,
        heading_en=shipped.heading_en if shipped else check.title_en,
        slots=slots,
        standard=version,
        strong=version,
        concession=concession,
        why="贵方自有条款优先。",
        law=shipped.law if shipped else check.law,
        place_after=shipped.place_after if shipped else (),
        letter=shipped.letter if shipped else check.why,
    )
