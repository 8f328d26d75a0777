"""Loading a playbook: a folder with `playbook.yaml` and one file for each check."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from pydantic import ValidationError

from reviewer.errors import PlaybookError
from reviewer.knowledge.source import line_of, read_yaml, validated
from reviewer.playbook import Check, FlagRule, Playbook, Vocabulary, Way
from reviewer.quantity import PATTERNS
from reviewer.record import Record
from reviewer.resources import data_folder

DEFAULT = "cs_outsourcing"


class _Head(Record):
    """The content of `playbook.yaml`."""

    id: str
    version: str
    title: str
    title_en: str
    order: tuple[str, ...]
    vocabulary: Vocabulary


def playbook_names() -> tuple[str, ...]:
    """Return the names of the playbooks that were shipped."""
    folder = data_folder("corpus") / "playbooks"
    return tuple(sorted(p.parent.name for p in folder.glob("*/playbook.yaml")))


@cache
def load_playbook(name: str = DEFAULT) -> Playbook:
    """Return a playbook that was shipped, or the one in the folder `name`.

    Raises:
        PlaybookError: There is none, or a file of it is wrong.
    """
    folder = data_folder("corpus") / "playbooks" / name
    if not folder.is_dir():
        folder = Path(name)
    if folder.is_file():
        folder = folder.parent
    if not (folder / "playbook.yaml").is_file():
        raise PlaybookError(
            f"没有名为 {name} 的审查手册", remedy=f"可用的有：{'、'.join(playbook_names())}"
        )
    return read_playbook(folder)


def read_playbook(folder: Path) -> Playbook:
    """Return the playbook in `folder`.

    Raises:
        PlaybookError: A file of it is wrong; names file, line and field.
    """
    path = folder / "playbook.yaml"
    head = validated(_Head, read_yaml(path, PlaybookError), path, PlaybookError)
    checks: dict[str, Check] = {}
    for file in sorted(folder.glob("*.yaml")):
        if file == path:
            continue
        check = validated(Check, read_yaml(file, PlaybookError), file, PlaybookError)
        if check.id in checks:
            raise PlaybookError(f"{file}:1: 审查项 {check.id} 重复", remedy="请删去其中一个")
        _check_patterns(check, head.vocabulary, file)
        checks[check.id] = check
    _check_links(checks, folder)
    missing = [name for name in head.order if name not in checks]
    if missing:
        line = line_of(path, ["order", head.order.index(missing[0])])
        raise PlaybookError(
            f"{path}:{line}: order 中的 {missing[0]} 没有对应的文件", remedy="请补上或删去"
        )
    ordered = [checks.pop(name) for name in head.order] + list(checks.values())
    try:
        return Playbook(
            id=head.id,
            version=head.version,
            title=head.title,
            title_en=head.title_en,
            vocabulary=head.vocabulary,
            checks=tuple(ordered),
        )
    except ValidationError as problem:
        raise PlaybookError(
            f"{path}:1: {problem.errors()[0]['msg']}", remedy="请按 corpus/README.md 修正"
        ) from problem


def _check_links(checks: Mapping[str, Check], folder: Path) -> None:
    for check in checks.values():
        for number, element in enumerate(check.elements):
            unknown = [n for n in element.against if n not in checks or not checks[n].rule]
            if unknown:
                file = folder / f"{check.id}.yaml"
                line = line_of(file, ["elements", number, "against"])
                raise PlaybookError(
                    f"{file}:{line}: against 中的 {unknown[0]} 不是红旗或警示",
                    remedy="请改为已有的 rf_ 或 ef_ 编号，或删去",
                )


def _check_patterns(check: Check, vocabulary: Vocabulary, file: Path) -> None:
    for pattern in patterns_of(check):
        try:
            _compiles(pattern, vocabulary)
        except (re.error, KeyError) as problem:
            lines = file.read_text(encoding="utf-8").splitlines()
            line = next((n for n, text in enumerate(lines, 1) if pattern[:30] in text), 1)
            raise PlaybookError(
                f"{file}:{line}: 模式有误：{pattern}（{problem}）", remedy="请修正正则或词汇名"
            ) from problem


def _compiles(pattern: str, vocabulary: Vocabulary) -> None:
    for name in re.findall(r"<([\u4e00-\u9fff]+)>", pattern):
        if name not in PATTERNS:
            vocabulary.words[name]
    re.compile(re.sub(r"<([\u4e00-\u9fff]+)>", "x", pattern))


def patterns_of(check: Check) -> Iterator[str]:
    """Yield every pattern of a check."""
    for element in check.elements:
        rule = element.rule
        yield from (*rule.about, *rule.unless)
        yield from _of_ways((*rule.met, *rule.partial, *rule.defeated_by, *rule.weakened_by))
    flag: FlagRule | None = check.rule
    if flag:
        yield from flag.unless
        yield from _of_ways((*flag.hit, *flag.clear_if))


def _of_ways(ways: tuple[Way, ...]) -> Iterator[str]:
    for way in ways:
        for cue in (*way.all, *way.any, *way.of):
            yield cue.pattern
            yield from cue.unless
        if way.heading:
            yield way.heading
