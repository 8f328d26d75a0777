"""Record: the base of every type that is written to or read from a file."""

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """An immutable value whose unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
