"""JSON out of what a model wrote: fenced, chatty, cut off or thinking aloud."""

import json
import re
from collections.abc import Iterator
from typing import Any

_FENCE = re.compile(r"```(?:json)?\s*(.*?)(?:```|\Z)", re.DOTALL)
_DECODER = json.JSONDecoder(strict=False)


def json_objects(text: str) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects in `text`, the outermost ones first come first.

    An object that was cut off yields the complete objects inside it, so that a long answer which
    broke at the end is not lost as a whole.
    """
    fenced = _FENCE.search(text)
    if fenced and "{" in fenced[1]:
        text = fenced[1]
    at = text.find("{")
    while at >= 0:
        try:
            found, end = _DECODER.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            at = text.find("{", at + 1)
            continue
        if isinstance(found, dict):
            yield found
        at = text.find("{", end)
