"""What is kept of each contract of a batch: one line of the summary."""

from reviewer.record import Record
from reviewer.review import Review


class Row(Record):
    """One contract, reviewed or not."""

    name: str
    """As its results are called."""
    file: str
    error: str | None = None
    """Why it could not be reviewed; None where it was."""
    title: str = ""
    vendor: str = ""
    """Empty where the contract does not name one."""
    score: int | None = None
    """None where too little was read to give one."""
    missing: tuple[str, ...] = ()
    """Checks of protections that are missing, in the playbook's order."""
    weak: tuple[str, ...] = ()
    hit: tuple[str, ...] = ()
    ok: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    """What is to be said of the files that were written."""
    seconds: float = 0.0

    @classmethod
    def of(cls, name: str, file: str, review: Review) -> "Row":
        """Return the line for a review."""
        vendor = review.contract.party("vendor")

        def checks(status: str, *kinds: str) -> tuple[str, ...]:
            return tuple(f.check for f in review.findings if f.status == status and f.kind in kinds)

        return cls(
            name=name,
            file=file,
            title=review.contract.title,
            vendor=vendor.name if vendor else "",
            score=review.summary.score,
            missing=checks("missing", "protection"),
            weak=checks("weak", "protection"),
            ok=checks("ok", "protection"),
            hit=checks("hit", "red_flag", "caution"),
            warnings=review.warnings,
            seconds=review.timing.total_s,
        )
