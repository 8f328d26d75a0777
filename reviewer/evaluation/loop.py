"""The closed loop: accept every suggestion in the real redline, read it back, review again."""

from pathlib import Path

from reviewer.engine import Engine
from reviewer.ingest import contract_from_bytes
from reviewer.ingest.limits import Limits
from reviewer.pipeline import redline_file, review_contract
from reviewer.playbook import Playbook
from reviewer.redline.resolve import accept_all
from reviewer.review import Review


def reviewed_again(
    review: Review, path: Path, engine: Engine, playbook: Playbook, limits: Limits
) -> Review:
    """Return the review of the contract at `path` with all suggestions of `review` accepted.

    The suggestions go through the redline that a user gets, not through a shortcut.

    Raises:
        ContractError: The accepted document cannot be read; that would be a bug.
    """
    made = redline_file(review, path, comments="none")
    accepted = accept_all(made.data)
    contract = contract_from_bytes(accepted, f"{path.stem}.docx", limits=limits)
    return review_contract(contract, engine, playbook)
