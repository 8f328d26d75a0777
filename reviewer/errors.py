"""The errors of the product. Each reaches the user as one line: what is wrong; what to do.

ReviewerError            exit 2
  UsageError             the command line or a setting does not make sense
    MissingSetting
  InputError             a file the user named cannot be used
    ContractError
      UnsupportedFormat
      Unreadable         damaged, encrypted, too large
      NoTextLayer        scanned
    PlaybookError        with file, line and field
    DatasetError
    StaleReview          the contract changed since the review was made
    ShopDataError        an export of shop figures, with file, row and column
    TermsError           a terms file, with file, line and field
  CorpusError
    CorpusInvalid        with file and line
    IndexStale
  ChatError
    ChatSetup            key, address or model is wrong: no request can succeed
    ChatUnavailable      worth another try
    ChatReplyInvalid
    ChatRefused
    ContextTooLong       the request does not fit the model
    BudgetSpent
"""


class ReviewerError(Exception):
    """Something the user can mend."""

    def __init__(self, problem: str, *, remedy: str) -> None:
        self.problem = problem
        self.remedy = remedy
        super().__init__(f"{problem}；{remedy}" if remedy else problem)


class UsageError(ReviewerError):
    """The command line or a setting does not make sense."""


class MissingSetting(UsageError):
    """A setting that the chosen engine needs is not there."""


class InputError(ReviewerError):
    """A file that the user named cannot be used."""


class ContractError(InputError):
    """A contract file cannot be read."""


class UnsupportedFormat(ContractError):
    """The file is of a kind that is not read."""


class Unreadable(ContractError):
    """The file is damaged, encrypted, empty or too large."""


class NoTextLayer(ContractError):
    """The PDF holds pictures of pages and no text."""


class PlaybookError(InputError):
    """A playbook file is wrong; the problem names file, line and field."""


class DatasetError(InputError):
    """A labelled data set is wrong; the problem names the file."""


class StaleReview(InputError):
    """The contract changed since the review was made."""


class ShopDataError(InputError):
    """An export of shop figures cannot be used; the problem names file, row and column."""


class TermsError(InputError):
    """A terms file is wrong; the problem names file, line and field."""


class CorpusError(ReviewerError):
    """The corpus or its index cannot be used."""


class CorpusInvalid(CorpusError):
    """A corpus file is wrong; the problem names file and line."""


class IndexStale(CorpusError):
    """The index does not belong to this corpus."""


class ChatError(ReviewerError):
    """The language model could not be used."""


class ChatSetup(ChatError):
    """Key, address or model is wrong: no request can succeed."""


class ChatUnavailable(ChatError):
    """The endpoint did not answer; another try may succeed."""

    def __init__(
        self,
        problem: str,
        *,
        remedy: str,
        retry_after_s: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(problem, remedy=remedy)
        self.retry_after_s = retry_after_s
        """Seconds that the endpoint asks to wait; None when it does not say."""
        self.status = status
        """The HTTP status; None when there was no response."""

    @property
    def is_server_error(self) -> bool:
        """Return whether the endpoint failed at the request itself."""
        return self.status is not None and self.status >= 500


class ChatReplyInvalid(ChatError):
    """The answer does not have the agreed form."""


class ChatRefused(ChatError):
    """The model declined to answer."""


class ContextTooLong(ChatError):
    """The request does not fit the model."""

    def __init__(self, problem: str, *, remedy: str, limit: int | None = None) -> None:
        super().__init__(problem, remedy=remedy)
        self.limit = limit
        """Tokens that fit, where the endpoint says so."""


class BudgetSpent(ChatError):
    """The token or cost budget does not allow another request."""
