"""The files that a review is written to."""

from collections.abc import Callable, Sequence
from pathlib import Path

from reviewer.pipeline import annotated_file, redline_file, write_atomically
from reviewer.playbook import Playbook
from reviewer.render.messages import Lang
from reviewer.review import Review

FORMATS = ("json", "md", "html", "docx", "xlsx", "pdf")
_SUFFIXES = {
    "json": ".review.json",
    "md": ".md",
    "html": ".html",
    "xlsx": ".xlsx",
    "docx": ".redline.docx",
    "pdf": ".annotated.pdf",
}


def fitting(paths: Sequence[Path], formats: Sequence[str]) -> list[str]:
    """Return the formats that a file's results have: an annotated PDF needs a PDF.

    Where nothing else is wanted it stays, for the error that says so.
    """
    if len(formats) == 1 or paths[0].suffix.lower() == ".pdf":
        return list(formats)
    return [form for form in formats if form != "pdf"]


def targets(out: Path, name: str, formats: Sequence[str]) -> list[Path]:
    """Return where the results of a contract go."""
    base = out / name
    return [base.with_name(base.name + _SUFFIXES[form]) for form in formats]


def write_results(
    review: Review,
    paths: Sequence[Path],
    base: tuple[Path, str],
    formats: Sequence[str],
    playbook: Playbook,
    lang: Lang,
) -> list[str]:
    """Write a review in each format; return what is to be said of it.

    Args:
        review: The review.
        paths: The file that was reviewed, or its pages.
        base: The folder, and the name of the results in it.
        formats: Of `FORMATS`.
        playbook: The playbook, for titles in English.
        lang: Of the reports.

    Raises:
        UsageError: The folder cannot be written, or the file does not fit a format.
    """
    from reviewer.render.markdown import markdown
    from reviewer.render.webpage import webpage
    from reviewer.render.workbook import workbook

    notes: list[str] = []

    def redlined() -> bytes:
        made = redline_file(review, paths, lang=lang)
        notes.extend(f"{name} 未写成修订（{reason}）" for name, reason in made.refused)
        notes.extend(made.warnings)
        return made.data

    makers: dict[str, Callable[[], bytes]] = {
        "json": lambda: review.model_dump_json(indent=1).encode(),
        "md": lambda: markdown(review, playbook, lang).encode(),
        "html": lambda: webpage(review, playbook, lang).encode(),
        "xlsx": lambda: workbook(review, playbook, lang),
        "docx": redlined,
        "pdf": lambda: annotated_file(review, paths[0], lang=lang).data,
    }
    chosen = fitting(paths, formats)
    if len(chosen) < len(formats):
        notes.append(f"{paths[0].name} 不是 PDF，没有批注版")
    for form, target in zip(chosen, targets(*base, chosen), strict=True):
        write_atomically(target, makers[form]())
    return notes
