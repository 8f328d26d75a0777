"""What new paragraphs look like: the paragraph properties and the numbering of their siblings."""

from collections.abc import Callable, Sequence

from lxml import etree

from reviewer.contract import Clause, Contract
from reviewer.redline.blocks import Made, NewParagraph, new_paragraph
from reviewer.redline.edits import Edit
from reviewer.redline.layout import Layout, Piece, host_of
from reviewer.redline.numbers import names_annex
from reviewer.redline.runs import Marks
from reviewer.redline.tables import Grid, Look, look_of, new_table, parts_of

Make = Callable[[Marks], list[Made]]


class Looks:
    """Finds for each new line the paragraph that it is to look like."""

    def __init__(self, contract: Contract, layout: Layout) -> None:
        self.contract = contract
        self.layout = layout
        names = layout.package.related("styles")
        self._styles = layout.package.root(names[0]) if names else None
        self._table: Look | None = None
        self._free = [
            line.piece
            for line in layout.lines
            if line.row is None and host_of(line.piece.element) is line.piece.element
        ]

    def plain(self, lines: Sequence[str], piece: Piece) -> Make:
        """Return what makes further paragraphs of the provision in `piece`."""
        return lambda marks: [
            new_paragraph(
                NewParagraph(line, piece.element, unnumbered=self._is_numbered(piece)), marks
            )
            for line in lines
        ]

    def maker(self, edit: Edit, piece: Piece) -> Make:
        """Return what makes the paragraphs and tables of an insertion behind `piece`."""
        head = self._head(edit)
        lines = self.typed(edit, piece)
        body = self._body(edit, piece, head)
        loose = self._leaves_list(edit, body, piece, head)

        def make(marks: Marks) -> list[Made]:
            made: list[Made] = []
            for number, part in enumerate(parts_of(lines)):
                if isinstance(part, Grid):
                    made.append(new_table(part, self._table_look(body), marks))
                elif number == 0 and edit.article and head is not None:
                    annex = names_annex(part) and self._is_numbered(head)
                    made.append(
                        new_paragraph(NewParagraph(part, head.element, unnumbered=annex), marks)
                    )
                else:
                    like = body.element if body else None
                    made.append(new_paragraph(NewParagraph(part, like, unnumbered=loose), marks))
            return made

        return make

    def typed(self, edit: Edit, piece: Piece) -> tuple[str, ...]:
        """Return the lines, with numbers typed by hand where the list gives none."""
        automatic = self._is_numbered(self._head(edit) if edit.article else piece)
        return edit.lines if automatic else edit.typed

    def takes_number(self, edit: Edit, piece: Piece) -> bool:
        """Return whether an insertion moves the automatic numbers behind it on."""
        head = self._head(edit)
        if edit.article:
            return head is not None and self._is_numbered(head)
        body = self._body(edit, piece, head)
        return self._is_numbered(body) and not self._leaves_list(edit, body, piece, head)

    def _is_numbered(self, piece: Piece | None) -> bool:
        return piece is not None and piece.place.num_id is not None and piece.place.prefix > 0

    def _head(self, edit: Edit) -> Piece | None:
        """Return the paragraph of the article's heading, whose look a new heading takes."""
        clause = self.contract.clause(edit.anchor)
        if clause is None:
            return None
        found: Clause | None = clause
        if names_annex(edit.lines[0]):
            annexes = (c for c in self.contract.clauses if c.annex and names_annex(c.text))
            found = next(annexes, clause)
        else:
            while clause is not None and clause.parent:
                clause = self.contract.clause(clause.parent)
                if clause and clause.number and not clause.number.rstrip().endswith(("章", "节")):
                    found = clause
        start = found.start if found else 0
        at = next((p for p in self._free if p.place.start >= start and p.end > p.place.start), None)
        return at if at and (found is None or at.place.start < found.end) else None

    def _body(self, edit: Edit, piece: Piece, head: Piece | None) -> Piece | None:
        """Return the paragraph whose look the lines of text take."""
        host = host_of(piece.element) is piece.element and not piece.place.in_table
        if host and not self._is_bare_heading(piece):
            return piece
        behind = [p for p in self._free if p.place.start > piece.place.start]
        before = [p for p in self._free if p.place.start < piece.place.start]
        for candidate in (*before[::-1][:12], *behind[:12], *before[::-1][12:]):
            if candidate.end - candidate.start >= 12 and not self._is_bare_heading(candidate):
                return candidate
        return piece if host else head

    def _is_bare_heading(self, piece: Piece) -> bool:
        clause = self.contract.clause_at(piece.place.start)
        if clause is None or clause.kind in ("title", "parties", "contents"):
            return True
        first = not self.contract.text[clause.start : piece.place.start].strip()
        words = self.contract.text[piece.start : piece.end].strip()
        return (
            first and bool(clause.heading) and words.rstrip("：: ").endswith(clause.heading or "")
        )

    def _leaves_list(
        self, edit: Edit, body: Piece | None, piece: Piece, head: Piece | None
    ) -> bool:
        """Return whether the lines of text stay out of the list that `body` is in."""
        if body is None or not self._is_numbered(body):
            return False
        if edit.article:
            same = head is not None and head.place.num_id == body.place.num_id
            return not (same and head is not None and body.place.level > head.place.level)
        return body is not piece or (head is not None and head.element is piece.element)

    def _table_look(self, body: Piece | None) -> Look:
        if self._table is None:
            like: etree._Element | None = body.element if body else None
            self._table = look_of(self.layout.root, self._styles, like)
        return self._table
