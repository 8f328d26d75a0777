"""A process that reviews one contract after the other: `python -m reviewer.batch.worker LINK`."""

import os
import pickle
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.batch.results import write_results
from reviewer.batch.row import Row
from reviewer.errors import ReviewerError
from reviewer.pipeline import Reviewer, library_of
from reviewer.review import Review
from reviewer.sandbox import frames
from reviewer.settings import Settings

if TYPE_CHECKING:
    from reviewer.anchoring.anchored import Anchor

_MOST = 1 << 28


@dataclass(frozen=True)
class Order:
    """How the contracts of a batch are reviewed; the same for all."""

    settings: Settings
    anchor: "Anchor | None" = None
    out: Path | None = None
    formats: tuple[str, ...] = ()
    wants_json: bool = False
    """Whether each review is handed back, too."""


class Desk:
    """Reviews contracts as ordered."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._reviewer = Reviewer.of(order.settings)

    def review(self, paths: list[Path], name: str, shown: str) -> tuple[Row, Review | None]:
        """Review one contract and write its results; an error becomes its line."""
        notes: list[str] = []
        try:
            review = self._review(paths)
            if self._order.out:
                notes = write_results(
                    review,
                    paths,
                    (self._order.out, name),
                    self._order.formats,
                    self._reviewer.playbook,
                    self._order.settings.lang,
                )
        except ReviewerError as error:
            return Row(name=name, file=shown, error=str(error)), None
        row = Row.of(name, shown, review)
        return row.model_copy(update={"notes": tuple(notes)}), review

    def _review(self, paths: list[Path]) -> Review:
        review = self._reviewer.review(paths)
        if self._order.anchor:
            library = library_of(self._order.settings)
            return self._order.anchor.review(review, self._reviewer.playbook, library)
        return review


def main() -> None:
    """Serve until the other side closes. The first message is the order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=int(sys.argv[1])) as link:
        first = frames.receive(link, _MOST)
        if first is None:
            return
        # Both ends are this program, and the socket has no name that a stranger could open.
        order: Order = pickle.loads(first.body)
        desk = Desk(order)
        while (asked := frames.receive(link, _MOST)) is not None:
            head = asked.head
            row, review = desk.review(
                [Path(os.fsdecode(bytes.fromhex(path))) for path in head["paths"]],
                head["name"],
                head["shown"],
            )
            body = review.model_dump_json() if review and order.wants_json else ""
            frames.send(link, {"row": row.model_dump_json()}, body.encode())


if __name__ == "__main__":
    main()
