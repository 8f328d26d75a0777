"""All contracts of a batch in one table: the worst first, and which vendor lacks what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from reviewer import render
from reviewer.batch.row import Row
from reviewer.playbook import Playbook
from reviewer.render.messages import Lang, say
from reviewer.render.workbook import Sheet, sheets

_STATES = ("missing", "weak", "ok")


@dataclass(frozen=True)
class Vendor:
    """What the contracts of one vendor come to."""

    name: str
    contracts: int
    states: Mapping[str, str]
    """Of each protection the worst status over its contracts."""

    @property
    def lacks(self) -> int:
        """Return how many protections are missing in one of its contracts."""
        return sum(state == "missing" for state in self.states.values())


def worst_first(rows: Sequence[Row]) -> list[Row]:
    """Return the contracts that were reviewed, the worst first; unscored ones before all."""
    return sorted(
        (row for row in rows if row.error is None),
        key=lambda row: (
            row.score is not None,
            row.score if row.score is not None else 0,
            -len(row.missing) - len(row.hit),
            row.name,
        ),
    )


def by_vendor(rows: Sequence[Row]) -> list[Vendor]:
    """Return the vendors, those that lack most first."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        if row.error is None:
            grouped.setdefault(row.vendor, []).append(row)
    vendors = []
    for name, own in grouped.items():
        states: dict[str, str] = {}
        for state in reversed(_STATES):
            states |= {check: state for row in own for check in getattr(row, state)}
        vendors.append(Vendor(name, len(own), states))
    return sorted(vendors, key=lambda vendor: (-vendor.lacks, vendor.name))


def summary_files(rows: Sequence[Row], playbook: Playbook, lang: Lang) -> dict[str, bytes]:
    """Return the summary as files by name."""
    return {
        "summary.xlsx": _workbook(rows, playbook, lang),
        "summary.html": _page(rows, playbook, lang).encode(),
    }


def _titles(playbook: Playbook, lang: Lang) -> dict[str, str]:
    return {c.id: c.title_en if lang == "en" else c.title for c in playbook.checks}


def _workbook(rows: Sequence[Row], playbook: Playbook, lang: Lang) -> bytes:
    titles = _titles(playbook, lang)
    protections = [check.id for check in playbook.checks if check.kind == "protection"]

    def named(checks: Sequence[str]) -> str:
        return "、".join(titles.get(check, check) for check in checks)

    contracts = [
        (
            row.name,
            row.vendor,
            row.score,
            len(row.missing),
            len(row.weak),
            len(row.hit),
            named(row.missing),
            named(row.hit),
            named(row.weak),
            "\n".join(row.warnings),
        )
        for row in worst_first(rows)
    ]
    keys = ("contracts", "vendor", "score", "missing", "weak", "hit")
    head = [
        *(say(key, lang) for key in keys),
        *(say(key, lang) for key in ("missing", "hit", "weak")),
    ]
    vendors = [
        (
            vendor.name or say("unnamed", lang),
            vendor.contracts,
            vendor.lacks,
            *(say(vendor.states[c], lang) if c in vendor.states else "" for c in protections),
        )
        for vendor in by_vendor(rows)
    ]
    vendor_head = [say(key, lang) for key in ("vendor", "contracts", "missing")]
    failed = [(row.file, row.error) for row in rows if row.error is not None]
    return sheets(
        Sheet(say("contracts", lang), [*head, say("warnings", lang)], contracts),
        Sheet(
            say("vendors", lang),
            [*vendor_head, *(titles[check] for check in protections)],
            vendors,
        ),
        Sheet(say("unread", lang), [say("file", lang), say("reason", lang)], failed),
    )


def _page(rows: Sequence[Row], playbook: Playbook, lang: Lang) -> str:
    folder = Path(render.__file__).parent / "templates"
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True)
    return environment.get_template("summary.html").render(
        lang=lang,
        say=lambda key: say(key, lang),
        rows=worst_first(rows),
        vendors=by_vendor(rows),
        failed=[row for row in rows if row.error is not None],
        titles=_titles(playbook, lang),
        protections=[check.id for check in playbook.checks if check.kind == "protection"],
    )
