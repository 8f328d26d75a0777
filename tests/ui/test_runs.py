"""What happens while a contract is reviewed, and what a visitor can choose before."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.errors import ReviewerError
from reviewer.pipeline import Reviewer
from reviewer.playbook import Circumstances
from reviewer.review import Review
from reviewer.settings import Settings
from reviewer.ui.application import Application
from reviewer.ui.choices import Choices
from reviewer.ui.runs import Progress, run
from reviewer.ui.store import Store
from tests.ui.steps import EXAMPLES

VENDOR = EXAMPLES / "vendor_draft.docx"


@pytest.fixture
def application(settings: Settings) -> Iterator[Application]:
    made = Application(settings, Store(None), EXAMPLES)
    yield made
    made.close()


def test_a_review_passes_through_its_stages_to_the_result(settings: Settings) -> None:
    items = list(run(Reviewer.of(settings), VENDOR))
    assert isinstance(items[0], Progress)
    assert isinstance(items[-1], Review)
    assert [type(item) for item in items[:-1]] == [Progress] * (len(items) - 1)


def test_progress_counts_the_checks_that_are_decided(settings: Settings) -> None:
    reviewer = Reviewer.of(settings)
    progress = Progress(total=len(reviewer.playbook.checks))
    progress.take("review")
    found = reviewer.review(VENDOR).findings
    for finding in found[:10]:
        progress.take(finding)
    assert (progress.stage, progress.found) == ("review", 10)
    for finding in found[10:]:
        progress.take(finding)
    assert (progress.stage, progress.found) == ("suggest", progress.total)


def test_leaving_in_the_middle_stops_the_engine(settings: Settings) -> None:
    reviewer = Reviewer.of(settings)
    asked: list[str] = []
    waiting = threading.Event()
    go_on = threading.Event()

    class Slow:
        settings = reviewer.settings
        playbook = reviewer.playbook

        def review(self, path: Path, *, on_stage: object, on_finding: object) -> Review:
            done = reviewer.review(path)
            for finding in done.findings:
                asked.append(finding.check)
                waiting.set()
                go_on.wait(10)
                on_finding(finding)  # type: ignore[operator]
            return done

    steps = run(Slow(), VENDOR)  # type: ignore[arg-type]
    next(steps)
    assert waiting.wait(30)
    steps.close()
    go_on.set()
    threads = [thread for thread in threading.enumerate() if thread.name == "review"]
    for thread in threads:
        thread.join(10)
    assert len(asked) == 1


def test_an_error_of_the_reader_is_the_last_step(settings: Settings, tmp_path: Path) -> None:
    broken = tmp_path / "x.docx"
    broken.write_bytes(b"no zip")
    assert isinstance(list(run(Reviewer.of(settings), broken))[-1], ReviewerError)


def test_what_nobody_offered_cannot_be_chosen() -> None:
    made = Choices.of(["vendor", "/etc", "llm", "天猫", "huge", "sensitive", "more"])
    assert made == Choices("vendor", "auto", "auto", "天猫", "auto", "sensitive")


def test_a_choice_reaches_the_settings(settings: Settings) -> None:
    chosen = Choices(side="vendor", engine="rules", merchant_size="small").applied(settings)
    assert (chosen.side, chosen.engine, chosen.merchant_size) == ("vendor", "rules", "small")
    assert Choices().applied(settings) is settings


def test_engines_are_made_once_and_only_so_many_are_kept(application: Application) -> None:
    assert application.reviewer(Choices(side="vendor")) is application.reviewer(
        Choices(side="vendor")
    )
    for platform in ("天猫", "淘宝", "京东", "拼多多", "抖音", "快手", "小红书"):
        for side in ("client", "vendor"):
            application.reviewer(Choices(side=side, platform=platform))
    assert len(application._reviewers) <= 8


def review_of(settings: Settings, text: str, tmp_path: Path, **said: str) -> Review:
    path = tmp_path / "c.txt"
    path.write_text(text, encoding="utf-8")
    return Reviewer.of(settings.model_copy(update=said)).review(path)


CONTRACT = (
    "客服外包服务合同\n甲方：杭州某某服饰有限公司\n乙方：合肥某某信息技术有限公司\n"
    "第一条 乙方为甲方店铺提供在线客服服务，甲方按月向乙方支付服务费。\n"
    "第二条 质保金于合同终止满十二个月后退还乙方。\n"
)


def test_payment_terms_for_large_merchants_are_no_matter_of_a_small_one(
    settings: Settings, tmp_path: Path
) -> None:
    def status(**said: str) -> str:
        found = review_of(settings, CONTRACT, tmp_path, **said).findings
        return next(f.status for f in found if f.check == "ef_retention_sme")

    assert status() == "hit"
    assert status(merchant_size="large") == "hit"
    assert status(merchant_size="small") == "clear"


def test_a_shop_for_children_needs_rules_on_sensitive_data(
    settings: Settings, tmp_path: Path
) -> None:
    text = Reviewer.of(settings).review(EXAMPLES / "merchant_draft.docx").contract.text
    without = "".join(line for line in text.splitlines(keepends=True) if "未成年人" not in line)

    def status(words: str, **said: str) -> tuple[str, bool]:
        found = review_of(settings, words, tmp_path, **said).findings
        finding = next(f for f in found if f.check == "pi_processing")
        return finding.status, finding.suggestion is not None

    assert status(without) == ("ok", False)
    assert status(without, category="general") == ("ok", False)
    assert status(without, category="sensitive") == ("weak", True)
    assert status(text, category="sensitive") == ("ok", False)


def test_the_platform_chosen_stands_in_the_wording_where_the_contract_names_none(
    settings: Settings, tmp_path: Path
) -> None:
    def wording(**said: str) -> str:
        found = review_of(settings, CONTRACT, tmp_path, **said).findings
        return "".join(f.suggestion.text for f in found if f.suggestion)

    assert "拼多多平台" not in wording()
    assert "拼多多平台" in wording(platform="拼多多")


def test_a_merchant_that_says_nothing_is_told_everything(settings: Settings) -> None:
    playbook = Reviewer.of(settings).playbook
    assert all(check.applies(Circumstances()) for check in playbook.checks)
    assert not any(check.needed(Circumstances()) for check in playbook.checks)
