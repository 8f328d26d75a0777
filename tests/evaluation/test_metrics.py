import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.evaluation import metrics
from reviewer.evaluation.scoring import ElementOutcome, Outcome
from reviewer.finding import ElementStatus, Status


def outcome(expected: Status, got: Status | None, **more: object) -> Outcome:
    return Outcome(
        contract="c", check="kpi", kind="protection", title="t", severity="high",
        expected=expected, got=got, **more,  # type: ignore[arg-type]
    )  # fmt: skip


def measured(*outcomes: Outcome) -> dict[str, float | None]:
    return metrics.measure(metrics.counts(outcomes))


def test_flagged_precision_and_recall_count_weak_missing_and_hit_together() -> None:
    found = measured(
        outcome("weak", "missing"), outcome("ok", "weak"), outcome("missing", "ok"),
        outcome("hit", "hit"), outcome("clear", "clear"),
    )  # fmt: skip
    assert found["flagged_precision"] == pytest.approx(2 / 3)
    assert found["flagged_recall"] == pytest.approx(2 / 3)
    assert found["accuracy"] == pytest.approx(2 / 5)
    assert found["missing_recall"] == 0


def test_a_crash_counts_as_wrong() -> None:
    found = measured(outcome("ok", None), outcome("ok", "ok"))
    assert found["accuracy"] == pytest.approx(0.5)


def test_nothing_to_measure_is_none_and_not_zero() -> None:
    assert measured(outcome("ok", "ok"))["fix_rate"] is None
    assert measured()["accuracy"] is None


def test_elements_have_a_macro_f1_of_their_own() -> None:
    elements = (
        ElementOutcome(id="a", expected="met", got="met"),
        ElementOutcome(id="b", expected="partial", got="absent"),
        ElementOutcome(id="c", expected="absent", got="absent"),
    )
    found = measured(outcome("weak", "weak", elements=elements))
    assert found["element_macro_f1"] == pytest.approx((1 + 0 + 2 / 3) / 3)


STATUS = st.sampled_from(metrics.STATUSES)
ELEMENT: st.SearchStrategy[ElementStatus] = st.sampled_from(metrics.ELEMENT_STATUSES)


@given(st.lists(st.tuples(STATUS, STATUS), min_size=1, max_size=30))
def test_every_metric_lies_between_zero_and_one(pairs: list[tuple[Status, Status]]) -> None:
    found = measured(*(outcome(a, b) for a, b in pairs))
    assert all(0 <= value <= 1 for value in found.values() if value is not None)


@given(st.lists(st.tuples(STATUS, STATUS), min_size=2, max_size=20), st.data())
def test_counts_of_parts_add_up_to_the_counts_of_the_whole(
    pairs: list[tuple[Status, Status]], data: st.DataObject
) -> None:
    made = [outcome(a, b) for a, b in pairs]
    cut = data.draw(st.integers(0, len(made)))
    parts = metrics.counts(made[:cut]) + metrics.counts(made[cut:])
    assert (parts == metrics.counts(made)).all()


def test_an_interval_holds_the_value() -> None:
    rows = [metrics.counts([outcome("ok", "ok" if n % 4 else "weak")]) for n in range(20)]
    figure = metrics.figures(rows)["accuracy"]
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.value <= figure.high  # type: ignore[operator]


def test_a_run_is_worse_only_beyond_noise() -> None:
    good = [metrics.counts([outcome("ok", "ok")] * 10) for _ in range(20)]
    bad = [
        metrics.counts([outcome("ok", "weak")] * 5 + [outcome("ok", "ok")] * 5) for _ in range(20)
    ]
    one = [*good[:-1], metrics.counts([outcome("ok", "weak")] + [outcome("ok", "ok")] * 9)]
    assert metrics.compare(good, bad)["accuracy"].worse
    assert not metrics.compare(good, one)["accuracy"].worse
    assert not metrics.compare(good, good)["accuracy"].worse
