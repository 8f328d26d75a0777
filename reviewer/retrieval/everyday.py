"""How merchants say it: everyday words for formal ones, and everyday questions.

From `corpus/synonyms/everyday.yaml` and `corpus/questions/everyday.yaml`.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from reviewer.errors import CorpusInvalid
from reviewer.knowledge.source import line_of, read_yaml
from reviewer.resources import data_folder
from reviewer.text import fold, simplified


def expansion(query: str, words: Mapping[str, Sequence[str]] | None = None) -> str:
    """Return the formal terms that the everyday words of `query` stand for, or nothing.

    >>> expansion("他们老是换人", {"换人": ("人员更换", "流失率")})
    '人员更换 流失率'
    """
    folded = simplified(fold(query)[0])
    found: dict[str, None] = {}
    table: Mapping[str, Sequence[str]] = load_everyday() if words is None else words
    for everyday, formal in table.items():
        if everyday in folded:
            found.update(dict.fromkeys(term for term in formal if term not in folded))
    return " ".join(found)


@cache
def load_everyday(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return the formal terms by everyday word.

    Raises:
        CorpusInvalid: The file is not a table of texts; names file and line.
    """
    path = (folder or data_folder("corpus")) / "synonyms" / "everyday.yaml"
    if not path.exists():
        return {}
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise CorpusInvalid(f"{path}:1: 不是“日常说法: 对应说法”的表", remedy="请按文件开头改")
    found: dict[str, tuple[str, ...]] = {}
    for everyday, formal in data.items():
        if not isinstance(everyday, str) or not isinstance(formal, str) or not formal.strip():
            line = line_of(path, [everyday])
            raise CorpusInvalid(
                f"{path}:{line}: {everyday} 没有对应说法", remedy="请补上或删去该行"
            )
        for word in everyday.split("|"):
            key = simplified(fold(word)[0])
            found[key] = (*found.get(key, ()), *formal.split())
    return found


@cache
def load_questions(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Return everyday questions by the id of the check or article that answers them.

    Raises:
        CorpusInvalid: The file is not a table of lists; names file and line.
    """
    path = (folder or data_folder("corpus")) / "questions" / "everyday.yaml"
    if not path.exists():
        return {}
    data = read_yaml(path)
    if not isinstance(data, dict):
        raise CorpusInvalid(f"{path}:1: 不是“编号: 问法”的表", remedy="请按文件开头改")
    for name, asked in data.items():
        if not isinstance(asked, list) or not all(isinstance(words, str) for words in asked):
            line = line_of(path, [name])
            raise CorpusInvalid(f"{path}:{line}: {name} 下应是几句问法", remedy="每句以“- ”开头")
    return {name: tuple(asked) for name, asked in data.items()}
