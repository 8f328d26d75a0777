from hypothesis import given
from hypothesis import strategies as st

from tests.measure.accuracy import accuracy, distance


def _slowly(one: str, other: str) -> int:
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row, before = [i], row
        for j, b in enumerate(other, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (a != b)))
    return row[-1]


@given(st.text("甲乙丙", max_size=70), st.text("甲乙丙", max_size=70))
def test_the_distance_is_the_one_of_the_textbook(one: str, other: str) -> None:
    assert distance(one, other) == _slowly(one, other)


def test_white_space_and_bars_between_cells_do_not_count() -> None:
    assert accuracy("指标 | 要求\n≤30秒", "指标要求≤30 秒") == 1.0
