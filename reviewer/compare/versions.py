"""One file in the states that its pending changes allow, and the comments in its margin."""

import bisect
from dataclasses import dataclass, replace
from pathlib import Path

from lxml import etree

from reviewer.comparison import Passage, Remark
from reviewer.contract import Contract, Side, TrackedChange
from reviewer.errors import ContractError
from reviewer.ingest import Limits, contract_from_bytes, load_contract
from reviewer.ingest.characters import visible
from reviewer.ingest.package import open_package, w
from reviewer.ingest.word import read_word
from reviewer.redline import AUTHOR
from reviewer.redline.resolve import accept_all, reject_all
from reviewer.text import Span

_TRACKED = ("ins", "del", "moveFrom", "moveTo")
_FORMATS = ("rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange", "sectPrChange")


@dataclass(frozen=True)
class Version:
    """A file as it reads with our changes and those of others accepted or rejected."""

    source: bytes
    accepted: Contract
    """Every pending change accepted."""
    rejected: Contract
    """Every pending change rejected."""
    without_ours: Contract
    """Ours rejected, those of others accepted."""
    without_theirs: Contract
    """Ours accepted, those of others rejected."""
    is_word: bool
    ours: int = 0
    """How many pending changes are ours."""
    theirs: tuple[TrackedChange, ...] = ()
    """Pending changes of others, where they stand in the accepted text."""
    formats: int = 0
    """Pending changes of others that touch the look alone."""
    remarks: tuple[Remark, ...] = ()


def read_version(
    path: Path, *, side: Side | None = None, limits: Limits | None = None, author: str = AUTHOR
) -> Version:
    """Return the file at `path` in all its states.

    Args:
        path: The file; it is read in a process apart first.
        side: The side of the party named first, where the user says so.
        limits: Bounds for the file.
        author: The name under which our own changes stand.

    Raises:
        ContractError: It cannot be read.
    """
    limits = limits or Limits()
    accepted = load_contract(path, first_party_side=side, limits=limits)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ContractError(f"无法打开 {path.name}", remedy="请检查路径") from error
    plain = Version(data, accepted, accepted, accepted, accepted, data.startswith(b"PK\x03\x04"))
    if not plain.is_word:
        return plain
    package = open_package(data, path.name, limits)
    root = package.root(package.main)
    assert root is not None
    authors = [str(e.get(w("author")) or "") for e in root.iter(*map(w, _TRACKED))]
    theirs = tuple(change for change in accepted.changes if change.author != author)
    formats = sum(1 for e in root.iter(*map(w, _FORMATS)) if e.get(w("author")) != author)
    marked = replace(
        plain, theirs=theirs, formats=formats, remarks=remarks(data, accepted, author, limits)
    )
    if not authors:
        return marked

    def read(changed: bytes) -> Contract:
        return contract_from_bytes(changed, path.name, first_party_side=side, limits=limits)

    return replace(
        marked,
        rejected=read(reject_all(data)),
        without_ours=read(reject_all(data, author)) if author in authors else accepted,
        without_theirs=read(reject_all(accept_all(data, author))),
        ours=authors.count(author),
    )


def passage_of(contract: Contract, span: Span) -> Passage:
    """Return the words of `contract` at `span` with their clause."""
    clause = contract.clause_at(span.start)
    while clause and not clause.number and clause.parent:
        clause = contract.clause(clause.parent)
    return Passage(
        quote=span.of(contract.text),
        start=span.start,
        end=span.end,
        clause=clause.id if clause else None,
        number=clause.number.strip(" .、") if clause and clause.number else None,
    )


def remarks(
    data: bytes, contract: Contract, author: str = AUTHOR, limits: Limits | None = None
) -> tuple[Remark, ...]:
    """Return the comments of a Word file with the words they are on.

    Args:
        data: The file.
        contract: What was read from it, every change accepted.
        author: The name under which our own comments stand.
        limits: Bounds for the file.
    """
    word = read_word(data, limits=limits)
    package = word.package
    root = package.root(package.main)
    comments = [part for n in package.related("comments") if (part := package.root(n)) is not None]
    if root is None or not comments:
        return ()
    places = _anchors(
        root, {p.index: p.start + p.prefix for p in word.paragraphs if p.part == package.main}
    )
    found = []
    for comment in comments[0].iter(w("comment")):
        who = comment.get(w("author")) or ""
        span = places.get(comment.get(w("id")) or "")
        passage = None
        if span and span.end <= len(contract.text):
            passage = passage_of(contract, span)
        text = "\n".join(
            "".join(c.character for c in visible(p)) for p in comment.iter(w("p"))
        ).strip()
        found.append(
            Remark(
                author=who,
                date=comment.get(w("date")),
                text=text,
                passage=passage,
                ours=who == author,
            )
        )
    return tuple(found)


def _anchors(root: etree._Element, starts: dict[int, int]) -> dict[str, Span]:
    """Return for each comment where the characters stand that it is on.

    One on words that were struck stands at the place where they were, as an empty span.
    """
    order = {element: number for number, element in enumerate(root.iter())}
    placed = sorted(
        (order[character.element], starts[index] + at)
        for index, paragraph in enumerate(root.iter(w("p")))
        if index in starts
        for at, character in enumerate(visible(paragraph))
    )
    opens = {e.get(w("id")): order[e] for e in root.iter(w("commentRangeStart"))}
    found: dict[str, Span] = {}
    for end in root.iter(w("commentRangeEnd")):
        name = end.get(w("id")) or ""
        if name not in opens:
            continue
        first = bisect.bisect_right(placed, (opens[name], -1))
        last = bisect.bisect_left(placed, (order[end], -1))
        if first < last:
            found[name] = Span(placed[first][1], placed[last - 1][1] + 1)
        elif first:
            found[name] = Span(placed[first - 1][1] + 1, placed[first - 1][1] + 1)
    return found
