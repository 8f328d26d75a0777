"""Every hostile file gives a contract or one clear error, within the limits, and leaves nothing."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.errors import ContractError
from reviewer.ingest import Limits, Tools, load_contract
from reviewer.sandbox import Bounds
from tests.hostile.make import FILES, FOLDER, kept

LIMITS = Limits(bounds=Bounds(cpu_s=20, wall_s=60))
PICTURES = {"picture_7000.png", "picture_20000.pdf"}
"""Files whose recognition would take long and show nothing."""


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("work")
    yield folder
    assert list(folder.iterdir()) == []


def _read(path: Path, tools: Tools) -> tuple[str, ContractError | None]:
    try:
        return load_contract(path, limits=LIMITS, tools=tools).text, None
    except ContractError as error:
        return "", error


@pytest.mark.parametrize("name", sorted(FILES))
def test_a_hostile_file_gives_a_contract_or_one_clear_error(
    name: str, tmp_path: Path, work: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    tools = Tools(ocr=name not in PICTURES, work_dir=str(work))
    begun = time.monotonic()
    text, error = _read(path, tools)
    if error:
        assert name in str(error)
        assert error.remedy
        assert "\n" not in str(error)
        assert str(tmp_path) not in str(error)
        assert ".py:" not in str(error), "a defect, not an error"
    else:
        assert text.strip()
        assert "/etc/passwd" not in text
        assert "root:" not in text
    assert time.monotonic() - begun < 200
    assert sorted(os.listdir(tmp_path)) == [name]


REFUSED = {
    "bomb.docx": "压缩炸弹",
    "bomb_in_a_picture.docx": "压缩炸弹",
    "bomb.ofd": "压缩炸弹",
    "claims_4_gigabytes.docx": "解压后过大",
    "nested_tables_10000.docx": "嵌套层数异常",
    "deep.html": "嵌套层数异常",
    "picture_65535.png": "像素超过上限",
    "spaces.txt": "文字异常",
    "numbers.txt": "文字异常",
    "program.exe": "不支持",
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_refused_says_why(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    with pytest.raises(ContractError, match=REFUSED[name]):
        load_contract(path, tools=Tools(work_dir=str(tmp_path)))


@pytest.mark.parametrize("name", ["billion_laughs.docx", "entity_file.docx", "entity_http.docx"])
def test_a_document_type_is_not_read(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    with pytest.raises(ContractError, match="已损坏"):
        load_contract(path)


def test_names_in_an_archive_are_never_paths(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(FILES["names_that_climb.docx"]())
    load_contract(path, tools=Tools(work_dir=str(tmp_path / "work")))
    assert sorted(os.listdir(tmp_path)) == ["a.docx"]


def test_the_files_in_the_repository_are_those_that_the_script_makes() -> None:
    made = kept()
    assert sorted(os.listdir(FOLDER)) == sorted(made)
    stale = [name for name, data in made.items() if (FOLDER / name).read_bytes() != data]
    assert stale == []
