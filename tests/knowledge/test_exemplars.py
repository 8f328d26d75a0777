"""Exemplars: read, validated, and blamed with file and line."""

from pathlib import Path

import pytest

from reviewer.errors import CorpusInvalid
from reviewer.knowledge.exemplars import check_targets, exemplars, load_exemplars
from reviewer.playbook import Playbook


def test_every_exemplar_names_a_check_and_an_element_of_the_playbook(playbook: Playbook) -> None:
    check_targets(playbook)


def test_exemplars_are_both_of_the_playbook_and_of_the_files(playbook: Playbook) -> None:
    own = set(exemplars(playbook, ()))
    everything = set(exemplars(playbook, load_exemplars()))
    assert own < everything
    assert {e.label for e in everything} == {"met", "partial", "absent"}


def test_an_unknown_element_is_named_with_file_and_line(tmp_path: Path, playbook: Playbook) -> None:
    (tmp_path / "kpi.yaml").write_text(
        "check: kpi\nelements:\n  kp_speed:\n    met: ['三十秒内回复']\n", encoding="utf-8"
    )
    with pytest.raises(CorpusInvalid, match=r"kpi\.yaml:3: .*kp_speed"):
        check_targets(playbook, tmp_path)


def test_an_unknown_field_is_refused_with_file_and_line(tmp_path: Path) -> None:
    (tmp_path / "kpi.yaml").write_text("check: kpi\nsentences: []\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=r"kpi\.yaml:2"):
        load_exemplars(tmp_path)


def test_a_key_given_twice_is_refused_with_file_and_line(tmp_path: Path) -> None:
    twice = "check: kpi\nelements:\n  kp_response:\n    met: ['三十秒内']\n    met: ['十秒内']\n"
    (tmp_path / "kpi.yaml").write_text(twice, encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=r"kpi\.yaml:5: .*met"):
        load_exemplars(tmp_path)
