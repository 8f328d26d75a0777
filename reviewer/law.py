"""Articles of law, and citations of them."""

from datetime import date

from reviewer.record import Record


class Article(Record):
    """The operative sentences of one article, as the corpus holds them."""

    id: str
    """`民法典#585`: short title and number."""
    law: str
    article: str
    """第五百八十五条."""
    excerpt: str
    """Verbatim; `……` joins passages that are not adjacent."""
    effective_date: date
    binds: str
    gist: str
    caveat: str
    checks: tuple[str, ...] = ()

    def cite(self) -> "Citation":
        """Return the citation of this article."""
        return Citation(
            id=self.id,
            law=self.law,
            article=self.article,
            quote=self.excerpt,
            effective_date=self.effective_date,
            gist=self.gist,
            caveat=self.caveat,
        )


class Citation(Record):
    """An article in force, with its words."""

    id: str
    law: str
    article: str
    quote: str
    effective_date: date
    gist: str = ""
    caveat: str = ""
