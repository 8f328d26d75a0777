"""Loading the exemplars: how many different drafters word one element or one trap."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field

from reviewer.errors import CorpusInvalid
from reviewer.knowledge.source import line_of, read_yaml, validated
from reviewer.playbook import Exemplars, Playbook
from reviewer.record import Record
from reviewer.resources import data_folder

ExemplarLabel = Literal["met", "partial", "absent"]
"""`met` is also a hit of a flag, `absent` also a near miss that leaves it clear."""


class ExemplarFile(Record):
    """The content of one file of `corpus/exemplars`."""

    check: str
    elements: dict[str, Exemplars] = Field(default_factory=dict)
    hit: tuple[str, ...] = ()
    clear: tuple[str, ...] = ()


class Exemplar(NamedTuple):
    """One sentence, written with 甲方 for the merchant and 乙方 for the vendor."""

    target: str
    """The id of an element, or of a flag."""
    label: ExemplarLabel
    text: str


@cache
def load_exemplars(folder: Path | None = None) -> tuple[ExemplarFile, ...]:
    """Return the files in `folder`, or those that were shipped.

    Raises:
        CorpusInvalid: A file is wrong; names file, line and field.
    """
    root = folder or data_folder("corpus") / "exemplars"
    return tuple(
        validated(ExemplarFile, read_yaml(path), path) for path in sorted(root.glob("*.yaml"))
    )


def exemplars(playbook: Playbook, files: tuple[ExemplarFile, ...]) -> Iterator[Exemplar]:
    """Yield every exemplar of the playbook's own files and of `files`."""
    for check in playbook.checks:
        for element in check.elements:
            yield from _of_element(element.id, element.exemplars)
        if check.exemplars:
            yield from _of_flag(check.id, check.exemplars.hit, check.exemplars.clear)
    for file in files:
        for name, sentences in file.elements.items():
            yield from _of_element(name, sentences)
        yield from _of_flag(file.check, file.hit, file.clear)


def check_targets(playbook: Playbook, folder: Path | None = None) -> None:
    """Refuse exemplars of a check or an element that the playbook does not have.

    Raises:
        CorpusInvalid: Names file and line.
    """
    root = folder or data_folder("corpus") / "exemplars"
    for path in sorted(root.glob("*.yaml")):
        file = validated(ExemplarFile, read_yaml(path), path)
        check = playbook.check(file.check)
        if check is None:
            raise CorpusInvalid(
                f"{path}:{line_of(path, ['check'])}: 手册中没有审查项 {file.check}",
                remedy="请改正 check",
            )
        known = {element.id for element in check.elements}
        for name in file.elements:
            if name not in known:
                raise CorpusInvalid(
                    f"{path}:{line_of(path, ['elements', name])}: {file.check} 没有要素 {name}",
                    remedy=f"可用：{'、'.join(sorted(known))}",
                )


def _of_element(name: str, sentences: Exemplars) -> Iterator[Exemplar]:
    yield from (Exemplar(name, "met", text) for text in sentences.met)
    yield from (Exemplar(name, "partial", text) for text in sentences.partial)
    yield from (Exemplar(name, "absent", text) for text in sentences.absent)


def _of_flag(name: str, hit: tuple[str, ...], clear: tuple[str, ...]) -> Iterator[Exemplar]:
    yield from (Exemplar(name, "met", text) for text in hit)
    yield from (Exemplar(name, "absent", text) for text in clear)
