"""A labelled data set: contracts, and for each what a lawyer says of it."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from pydantic import Field, ValidationError

from reviewer.contract import Contract
from reviewer.engine.status import protection_status
from reviewer.errors import DatasetError
from reviewer.finding import STATUSES, ElementStatus, Status
from reviewer.playbook import Check, Playbook
from reviewer.record import Record
from reviewer.text import Span, fold

Split = Literal["dev", "test"]
SUFFIXES = (".docx", ".pdf", ".txt", ".md")


class Label(Record):
    """What one check amounts to in one contract."""

    status: Status
    elements: dict[str, ElementStatus] = Field(default_factory=dict)
    evidence: tuple[str, ...] = ()
    """Verbatim passages; white space and width are forgiven when they are looked up."""
    quotes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Extension: the passages of each element."""
    note: str | None = None


class LabelledContract(Record):
    """One contract with its labels by check id."""

    name: str
    path: Path
    labels: dict[str, Label]
    truncated: bool = False


class Problem(NamedTuple):
    """Something wrong in a label file: `file:line` and what."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class Dataset(NamedTuple):
    """The labelled contracts that can be scored, and what is wrong with the rest."""

    name: str
    contracts: tuple[LabelledContract, ...]
    problems: tuple[Problem, ...]


def read_dataset(folder: Path, playbook: Playbook, split: str | None = None) -> Dataset:
    """Return the data set in `folder`.

    Args:
        folder: Holds `contracts/` and `labels/`, and perhaps `splits.json`.
        playbook: The checks that labels may name.
        split: Only the contracts of this part of `splits.json`; None for all.

    Raises:
        DatasetError: There is no data set, or no such split.
    """
    files = sorted((folder / "labels").glob("*.json"))
    if not files:
        raise DatasetError(
            f"{folder} 中没有 labels/*.json", remedy="请指定含 contracts/ 和 labels/ 的文件夹"
        )
    wanted = _split(folder, split)
    contracts: list[LabelledContract] = []
    problems: list[Problem] = []
    for path in files:
        if wanted is not None and path.stem not in wanted:
            continue
        item, wrong = _read(path, folder / "contracts", playbook)
        problems += wrong
        if item:
            contracts.append(item)
    return Dataset(folder.name, tuple(contracts), tuple(problems))


def _split(folder: Path, split: str | None) -> set[str] | None:
    if split is None:
        return None
    path = folder / "splits.json"
    try:
        splits = json.loads(path.read_text(encoding="utf-8"))
        return set(splits[split])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DatasetError(
            f"{path} 中没有 {split}", remedy="请在 splits.json 中列出它的合同名"
        ) from error


def _read(
    path: Path, contracts: Path, playbook: Playbook
) -> tuple[LabelledContract | None, list[Problem]]:
    place = f"{path.parent.name}/{path.name}"
    try:
        source = path.read_text(encoding="utf-8")
        data = json.loads(source)
        named, entries = data["contract"], data["labels"].items()
    except json.JSONDecodeError as error:
        return None, [Problem(f"{place}:{error.lineno}", "不是有效的 JSON")]
    except (OSError, ValueError, KeyError, AttributeError, TypeError):
        return None, [Problem(f"{place}:1", "缺少 contract 或 labels")]
    problems: list[Problem] = []
    labels: dict[str, Label] = {}
    for name, value in entries:
        at = f"{place}:{_line(source, name)}"
        check = playbook.check(name)
        if check is None:
            problems.append(Problem(at, f"审查手册中没有检查项 {name}"))
            continue
        try:
            label = Label.model_validate(value)
        except ValidationError as error:
            where = ".".join(str(part) for part in error.errors()[0]["loc"])
            problems.append(Problem(at, f"{name}.{where} 的值无效"))
            continue
        wrong = _inconsistent(check, label)
        if wrong:
            problems.append(Problem(at, f"{name} {wrong}"))
        else:
            labels[name] = label
    contract = contracts / str(named)
    if not contract.is_file() or contract.suffix.lower() not in SUFFIXES:
        problems.append(Problem(f"{place}:1", f"找不到合同 contracts/{named}"))
        return None, problems
    return LabelledContract(name=path.stem, path=contract, labels=labels), problems


def _line(source: str, name: str) -> int:
    found = re.search(rf'"{re.escape(name)}"\s*:', source)
    return source[: found.start()].count("\n") + 1 if found else 1


def _inconsistent(check: Check, label: Label) -> str | None:
    if label.status not in STATUSES[check.kind]:
        return f"的状态不能是 {label.status}"
    known = {element.id for element in check.elements}
    unknown = sorted(set(label.elements) - known)
    if unknown:
        return f"没有要素 {unknown[0]}"
    if label.elements:
        follows = protection_status(check, label.elements)
        if follows != label.status:
            return f"标为 {label.status}，但按要素应为 {follows}"
    return None


def passages(quote: str, text: str) -> list[Span]:
    """Return every place where a labelled passage stands in the text of a contract.

    White space, width and the bars between table cells are forgiven: a PDF keeps no cells.
    """
    words = fold(quote)[0].replace("|", "")
    folded, origin = fold(text)
    kept = [n for n, character in enumerate(folded) if character != "|"]
    haystack = "".join(folded[n] for n in kept)
    found = []
    at = haystack.find(words) if words else -1
    while at >= 0:
        found.append(Span(origin[kept[at]], origin[kept[at + len(words) - 1]] + 1))
        at = haystack.find(words, at + 1)
    return found


def check_evidence(item: LabelledContract, contract: Contract) -> Iterable[Problem]:
    """Yield the passages of the labels that the contract does not contain.

    Args:
        item: The labels.
        contract: The contract as it was read.
    """
    place = f"labels/{item.name}.json"
    for name, label in item.labels.items():
        for quote in label.evidence:
            if not passages(quote, contract.text):
                yield Problem(place, f"{name} 的引文不在合同中：{quote[:30]}")
