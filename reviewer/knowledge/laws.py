"""Loading the law corpus: excerpts, and what was renumbered or repealed."""

from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from reviewer.errors import CorpusInvalid
from reviewer.knowledge.source import line_of, read_yaml, validated
from reviewer.law import Article, Citation
from reviewer.record import Record
from reviewer.resources import data_folder


class ArticleEntry(Record):
    """An article as a law file has it; the file's head supplies the rest."""

    id: str
    article: str
    excerpt: str
    effective_date: date | None = None
    binds: str
    gist: str
    caveat: str
    checks: tuple[str, ...] = ()


class LawFile(Record):
    """One file a law."""

    law: str
    short: str
    effective_date: date
    source_note: str
    articles: tuple[ArticleEntry, ...]


class LawBook:
    """The articles of the corpus."""

    def __init__(self, articles: Iterable[Article], changes: dict[str, Any]) -> None:
        self.articles = {article.id: article for article in articles}
        self.changes = changes

    def for_check(self, check: str, ids: Iterable[str], limit: int) -> tuple[Article, ...]:
        """Return the articles to show for `check`: of those it cites, the most telling first."""
        cited = [self.articles[name] for name in ids if name in self.articles]
        cited.sort(key=lambda article: (check not in article.checks, len(article.checks)))
        return tuple(cited[:limit])

    def get(self, article_id: str) -> Article | None:
        """Return the article with this id, or None."""
        return self.articles.get(article_id)

    def holds(self, citation: Citation, day: date) -> bool:
        """Return whether `citation` names an article in force on `day` and quotes it verbatim."""
        article = self.articles.get(citation.id)
        return (
            article is not None
            and (article.law, article.article) == (citation.law, citation.article)
            and citation.quote in article.excerpt
            and article.effective_date <= day
            and article.id.split("#")[0] not in self.repealed
        )

    @property
    def repealed(self) -> frozenset[str]:
        """Return the short titles of the laws that no longer apply."""
        return frozenset(entry["law"] for entry in self.changes.get("repealed", ()))


@cache
def load_laws(folder: Path | None = None) -> LawBook:
    """Return the law corpus in `folder`, or the one that was shipped.

    Raises:
        CorpusInvalid: A file is wrong, or an article occurs twice; names file and line.
    """
    root = folder or data_folder("corpus")
    articles: dict[str, Article] = {}
    for path in sorted((root / "laws").glob("*.yaml")):
        file = validated(LawFile, read_yaml(path), path)
        for at, entry in enumerate(file.articles):
            if entry.id in articles:
                line = line_of(path, ["articles", at])
                raise CorpusInvalid(f"{path}:{line}: 法条 {entry.id} 重复", remedy="请删去其中一条")
            articles[entry.id] = _article(file, entry)
    changes = root / "law_changes.yaml"
    return LawBook(articles.values(), read_yaml(changes) if changes.exists() else {})


def _article(file: LawFile, entry: ArticleEntry) -> Article:
    return Article(
        id=entry.id,
        law=file.law,
        article=entry.article,
        excerpt=entry.excerpt,
        effective_date=entry.effective_date or file.effective_date,
        binds=entry.binds,
        gist=entry.gist,
        caveat=entry.caveat,
        checks=entry.checks,
    )
