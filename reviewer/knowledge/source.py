"""YAML files of the corpus: read, validated, and blamed with file, line and field."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from reviewer.errors import CorpusInvalid, ReviewerError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[misc]
    """Refuses a key that is given twice, of which YAML would silently keep the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return the mapping; raises a `MarkedYAMLError` at a key that is given twice."""
        seen: dict[Any, int] = {}
        for key, _ in node.value:
            if key.value in seen:
                problem = f"键 {key.value} 重复（已见于第 {seen[key.value]} 行）"
                raise yaml.constructor.ConstructorError(None, None, problem, key.start_mark)
            seen[key.value] = key.start_mark.line + 1
        found: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return found


T = TypeVar("T", bound=BaseModel)


def read_yaml(path: Path, error: type[ReviewerError] = CorpusInvalid) -> Any:
    """Return the content of a YAML file.

    Raises:
        CorpusInvalid: (or `error`) The file is not YAML or not UTF-8; names file and line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_StrictLoader)
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise error(
            f"{path}:{line}: YAML 语法错误：{problem.problem}", remedy="请修正该行的缩进或标点"
        ) from problem
    except yaml.YAMLError as problem:
        raise error(f"{path}: 不是有效的 YAML", remedy="请检查文件内容") from problem
    except UnicodeDecodeError as problem:
        raise error(f"{path}: 不是 UTF-8 编码", remedy="请另存为 UTF-8") from problem
    except OSError as problem:
        raise error(
            f"{path}: 无法读取（{problem.strerror}）", remedy="请检查文件是否存在"
        ) from problem


def validated(
    kind: type[T], data: Any, path: Path, error: type[ReviewerError] = CorpusInvalid
) -> T:
    """Return `data` as a `kind`.

    Raises:
        CorpusInvalid: (or `error`) A field is wrong; names file, line and field.
    """
    try:
        return kind.model_validate(data)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = [part for part in first["loc"] if not str(part).startswith("function-")]
        field = ".".join(str(part) for part in where) or "（整体）"
        line = line_of(path, where)
        raise error(
            f"{path}:{line}: 字段 {field} 有误：{first['msg']}", remedy="请按 corpus/README.md 修正"
        ) from problem


def line_of(path: Path, where: list[Any]) -> int:
    """Return the line, from 1, of the value at `where` in a YAML file, or of its parent."""
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, OSError):
        return 1
    line = 1
    for part in where:
        if isinstance(node, yaml.MappingNode):
            pair = next((p for p in node.value if p[0].value == str(part)), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            if part >= len(node.value):
                break
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
