"""What a redline of a stranger's file is judged by; nothing here asks the product."""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from lxml import etree

from reviewer.contract import Contract
from reviewer.ingest.word import WordParagraph
from reviewer.redline import AUTHOR
from tests.redline import judge
from tests.redline.judge import W
from tests.redline.stream import (
    Paragraph,
    Reading,
    Token,
    bare_look,
    by_their_ends,
    paragraphs,
    serial,
)

CLAUSE = "乙方客服首次响应时间不超过30秒（试行）。"

Kind = Literal["replace", "insert", "delete", "paragraph"]


class Job(NamedTuple):
    """One change that is asked for."""

    kind: Kind
    place: WordParagraph
    start: int
    """Within the visible words of the paragraph."""
    end: int
    text: str


@dataclass
class File:
    """A file, as the product and as the judge reads it."""

    name: str
    data: bytes
    contract: Contract
    places: list[WordParagraph]
    root: etree._Element = field(init=False)
    elements: list[etree._Element] = field(init=False)
    original: list[Token] = field(init=False)
    read: list[Paragraph] = field(init=False)
    ends: dict[etree._Element, int] = field(init=False)

    def __post_init__(self) -> None:
        """Read it as the judge does."""
        self.root = judge.main(self.data)
        self.elements = list(self.root.iter(f"{{{W}}}p"))
        self.original = Reading(self.root, "reject", AUTHOR).tokens()
        self.read = paragraphs(self.original)
        self.ends = {element: n for n, element in enumerate(by_their_ends(self.root))}

    def number(self, place: WordParagraph) -> int:
        """Return which of the paragraphs read `place` is."""
        return self.ends[self.elements[place.index]]

    def is_read_alike(self, place: WordParagraph) -> bool:
        """Return whether product and judge see the same words."""
        words = self.contract.text[place.start + place.prefix : place.end]
        return self.read[self.number(place)].text == words


class Result(NamedTuple):
    """What came of one job."""

    outcome: Literal["exact", "refused", "wrong"]
    why: str = ""


def touches(paragraph: etree._Element, name: str) -> bool:
    tag = f"{{{W}}}{name}"
    return (
        next(paragraph.iter(tag), None) is not None
        or next(paragraph.iterancestors(tag), None) is not None
    )


def faults(file: File, made: bytes, comments: str) -> Iterator[str]:
    """Yield what is wrong with a redline whatever was asked for."""
    root = judge.main(made)
    ours = _own_comments(file.data, made)
    rejected = Reading(root, "reject", AUTHOR, ours).tokens()
    if rejected != file.original:
        pairs = enumerate(zip(rejected, file.original, strict=False))
        at = next((n for n, (a, b) in pairs if a != b), min(len(rejected), len(file.original)))
        yield f"rejected differs: {rejected[at : at + 1]} for {file.original[at : at + 1]}"
    yield from judge.faults(file.data, made)
    yield from _parts(file.data, made, comments)
    yield from _looks(file, root)


def _own_comments(before: bytes, made: bytes) -> set[str]:
    old = Counter(c.get(f"{{{W}}}id") or "" for c in judge.comments(before))
    new = Counter(c.get(f"{{{W}}}id") or "" for c in judge.comments(made))
    return set(new - old)


def _parts(before: bytes, made: bytes, comments: str) -> Iterator[str]:
    """Yield the parts that changed and need not have."""
    main = judge.main_name(before)
    folder, _, name = main.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels".lstrip("/")
    allowed = {main} if comments == "none" else {main, rels, "[Content_Types].xml"}
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(made)) as new:
        for part in old.namelist():
            same = part in new.namelist() and new.read(part) == old.read(part)
            if not same and part not in allowed and "comments" not in part:
                yield f"{part} changed"
        added = set(new.namelist()) - set(old.namelist()) - {rels}
        if len(added) > (comments != "none"):
            yield f"parts added: {sorted(added)}"


def _looks(file: File, root: etree._Element) -> Iterator[str]:
    """Yield insertions that look like nothing around them."""
    whole = {bare_look(run) for run in file.root.iter(f"{{{W}}}r")} | {""}
    pars = {_plain(p) for p in file.elements} | {""}
    for change in root.iter(f"{{{W}}}ins"):
        if change.get(f"{{{W}}}author") != AUTHOR:
            continue
        for run in change.findall(f"{{{W}}}r"):
            if run.find(f"{{{W}}}t") is not None and bare_look(run) not in whole:
                yield f"a look that the document does not have: {bare_look(run)}"
    for paragraph in root.iter(f"{{{W}}}p"):
        if _plain(paragraph) not in pars:
            yield f"a paragraph that looks like no other: {_plain(paragraph)}"


def _plain(paragraph: etree._Element) -> str:
    """Return the properties of a paragraph without its list, its mark and its section."""
    properties = paragraph.find(f"{{{W}}}pPr")
    left_out = {f"{{{W}}}{name}" for name in ("rPr", "numPr", "sectPr", "pPrChange")}
    kept = [c for c in properties if c.tag not in left_out] if properties is not None else []
    return "".join(sorted(map(serial, kept)))


def misplaced(file: File, jobs: Sequence[Job], made: bytes) -> str:
    """Return how the accepted text differs from what was asked for, or nothing."""
    ours = _own_comments(file.data, made)
    found = paragraphs(Reading(judge.main(made), "accept", AUTHOR, ours).tokens())
    lines = [p.text for p in found if not p.is_copy]
    asked = {n: p.text for n, p in enumerate(file.read)}
    for job in sorted(set(jobs), key=lambda job: job.start, reverse=True):
        if job.kind != "insert":
            number = file.number(job.place)
            asked[number] = asked[number][: job.start] + job.text + asked[number][job.end :]
    wanted = [asked[n] for n, p in enumerate(file.read) if not p.is_copy]
    inserted = sum(job.kind == "insert" for job in jobs)
    new = [n for n, line in enumerate(lines) if line.endswith(CLAUSE)]
    if len(new) < inserted:
        return f"{inserted} clauses asked for, {len(new)} found"
    rest = [line for n, line in enumerate(lines) if n not in new]
    if _bare(rest) != _bare(wanted):
        a, b = _bare(rest), _bare(wanted)
        at = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(b))
        return f"accepted differs: {a[at - 10 : at + 30]!r} for {b[at - 10 : at + 30]!r}"
    if inserted:
        return _out_of_place(file, jobs, lines, new, wanted)
    blank = [line for line in lines if line.strip()]
    return "" if blank == [line for line in wanted if line.strip()] else "paragraphs differ"


def _out_of_place(
    file: File, jobs: Sequence[Job], lines: list[str], new: list[int], wanted: list[str]
) -> str:
    """Return whether a clause stands elsewhere than behind the one it was asked behind."""
    found = sorted(len(_bare([x for m, x in enumerate(lines[:n]) if m not in new])) for n in new)
    for job in (job for job in jobs if job.kind == "insert"):
        clause = file.contract.clause_at(job.place.start + job.place.prefix)
        assert clause is not None
        at = clause.start + len(clause.text.rstrip())
        place = next((p for p in file.places if p.start < at <= p.end), None)
        if place is None or place.in_table or touches(file.elements[place.index], "txbxContent"):
            continue
        number = file.number(place)
        before = sum(len(p.text) for p in file.read[:number] if not p.is_copy)
        rest = file.contract.text[at : place.end].strip()
        before += (at if rest else place.end) - place.start - place.prefix
        if len(jobs) == 1 and found[0] != before:
            return f"the clause stands {found[0] - before:+} characters from its place"
    return ""


def _bare(lines: Sequence[str]) -> str:
    return "\n".join(lines).replace("\n", "")
