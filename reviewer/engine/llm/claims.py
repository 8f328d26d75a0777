"""What the model says: parsed, still untrusted."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from pydantic import BaseModel, ValidationError

from reviewer.chat.base import JsonShape, Message
from reviewer.chat.session import Asker
from reviewer.chat.structured import json_objects
from reviewer.errors import BudgetSpent, ChatError
from reviewer.prompts import load_prompt

ClaimStatus = Literal["met", "partial", "absent", "hit", "clear"]
ELEMENT: frozenset[str] = frozenset({"met", "partial", "absent"})
FLAG: frozenset[str] = frozenset({"hit", "clear"})
SILENT = ("absent", "clear")
"""What needs no passage: only the id is named, under `none`."""
LONGEST_REPEATED = 1500
"""So much of a faulty answer is shown to the model again."""
MAX_PROBLEMS = 12
TOKENS_AN_ANSWER = 130
LEAST_ANSWER = 300

_TEXT = {"type": ["string", "null"]}
_IDS = {"type": "array", "items": {"type": "string"}}
_REASONED = ("partial", "hit")


def _record(statuses: Iterable[str], *fields: str, named: bool = True) -> dict[str, Any]:
    """Return the schema of one answer with these statuses and these fields, its id if `named`."""
    properties = {
        **({"id": {"type": "string"}} if named else {}),
        "status": {"type": "string", "enum": list(statuses)},
        **dict.fromkeys(fields, _TEXT),
    }
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _records(statuses: Collection[str], *, named: bool) -> list[dict[str, Any]]:
    """Return the schemas of an answer with a passage: what is met needs no reason."""
    met = [status for status in statuses if status == "met"]
    reasoned = [status for status in statuses if status in _REASONED]
    found = [_record(met, "clause", "quote", named=named)] if met else []
    if reasoned:
        found.append(_record(reasoned, "clause", "quote", "why", named=named))
    return found


SHAPE = JsonShape(
    "answers",
    {
        "type": "object",
        "properties": {
            "answers": {
                "type": "array",
                "items": {
                    "anyOf": [
                        *_records(("met", *_REASONED), named=True),
                        _record(("met", *_REASONED, *SILENT)),
                    ]
                },
            },
            "none": _IDS,
            "law": _IDS,
        },
        "required": ["answers", "none", "law"],
        "additionalProperties": False,
    },
)
"""One shape for every request: providers put it in front of the prompt, so it must not change."""


def shape_of(expected: "Expected", *, by_name: bool) -> JsonShape:
    """Return the form of the answer: the common one, or the one with the ids as properties."""
    names = (*expected.required, *expected.optional)
    return keyed(expected, names) if by_name else SHAPE


def keyed(expected: "Expected", names: Iterable[str]) -> JsonShape:
    """Return the shape that has one property for each of `names`.

    A server that writes by grammar can then neither leave one out nor make one up. It is another
    one for each request, which spoils the provider's cache, so it is kept for those who need it.
    """
    kinds = {name: "_".join(sorted(expected.statuses(name))) for name in names}
    named = {
        "type": "object",
        "properties": {name: {"$ref": f"#/$defs/{kind}"} for name, kind in kinds.items()},
        "required": list(kinds),
        "additionalProperties": False,
    }
    schema = {
        **SHAPE.schema,
        "properties": {"answers": named, "law": _IDS},
        "required": ["answers", "law"],
        "$defs": {kind: _item_of(kind.split("_")) for kind in dict.fromkeys(kinds.values())},
    }
    return JsonShape(SHAPE.name, schema, longest=TOKENS_AN_ANSWER * len(kinds) + LEAST_ANSWER)


def _item_of(statuses: list[str]) -> dict[str, Any]:
    silent = [status for status in statuses if status in SILENT]
    nothing = {"type": "string", "enum": silent} if silent else {"type": "null"}
    return {"anyOf": [nothing, *_records(statuses, named=False)]}


class Claim(BaseModel):
    """What the model says of one element or flag. Untrusted until it is grounded."""

    id: str
    status: ClaimStatus
    clause: str | None = None
    quote: str | None = None
    why: str | None = None


@dataclass(frozen=True)
class Expected:
    """Which ids an answer may have, and with which status."""

    required: Mapping[str, frozenset[str]] = field(default_factory=dict)
    optional: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def statuses(self, name: str) -> frozenset[str]:
        """Return the statuses that `name` may have; empty for an id that was not asked."""
        return self.required.get(name) or self.optional.get(name) or frozenset()


class Answered(NamedTuple):
    """The claims of one answer."""

    claims: dict[str, Claim]
    law: tuple[str, ...]
    missing: tuple[str, ...]
    """Ids that the model did not answer, even when asked again: the required ones, and where its
    answer has no form at all the others too."""


def read_claims(text: str, expected: Expected) -> tuple[dict[str, Claim], list[str], list[str]]:
    """Return the valid claims in `text`, the law it names, and what is wrong, in Chinese."""
    claims: dict[str, Claim] = {}
    law: list[str] = []
    problems: list[str] = []
    seen = formed = False
    for found in json_objects(text):
        seen = True
        formed = formed or isinstance(found.get("answers"), list | dict)
        named = found.get("law")
        if isinstance(named, list):
            law += [entry for entry in named if isinstance(entry, str)]
        for item in (*_items(found, expected), *_silent(found, expected)):
            problem = _take(item, expected, claims)
            if problem:
                problems.append(problem)
    if not seen:
        return {}, [], ["答复中没有 JSON 对象" if text.strip() else "答复为空"]
    left = [name for name in expected.required if name not in claims]
    if not left and (formed or claims):
        return claims, law, []
    if not left:
        return {}, law, ["缺少 answers"]
    return claims, law, [*problems[: MAX_PROBLEMS - 1], f"缺少编号：{'、'.join(left)}"]


def _items(found: dict[str, Any], expected: Expected) -> Iterable[dict[str, Any]]:
    answers = found.get("answers")
    if isinstance(answers, list):
        return [item for item in answers if isinstance(item, dict)]
    if "id" in found and "status" in found:  # a piece of an answer that was cut off
        return [found]
    inside = answers if isinstance(answers, dict) else found
    return [
        {"id": name, **value} if isinstance(value, dict) else {"id": name, "status": value}
        for name, value in inside.items()
        if expected.statuses(name) and value is not None
    ]


def _silent(found: dict[str, Any], expected: Expected) -> Iterable[dict[str, Any]]:
    """Yield the ids under `none` with the status that says that nothing is there."""
    named = found.get("none")
    for name in named if isinstance(named, list) else []:
        word = str(name).strip().strip("★ ")
        for status in expected.statuses(word).intersection(SILENT):
            yield {"id": word, "status": status}


def _take(item: dict[str, Any], expected: Expected, claims: dict[str, Claim]) -> str | None:
    name = str(item.get("id", "")).strip().strip("★ ")
    allowed = expected.statuses(name)
    if not allowed:
        return None  # nobody asked
    if isinstance(item.get("status"), str):
        item = {**item, "status": item["status"].strip().lower()}
    try:
        claim = Claim.model_validate({**item, "id": name})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return f"{name}：{where} 有误（{first['msg']}）"
    if claim.status not in allowed:
        return f"{name}：status 不能是 {claim.status}，可用 {'、'.join(sorted(allowed))}"
    claims.setdefault(name, claim)
    return None


def ask(asker: Asker, messages: tuple[Message, ...], expected: Expected) -> Answered:
    """Return what the model says, asked once more where the form was wrong.

    Raises:
        ChatError: There was no answer.
    """
    whole = shape_of(expected, by_name=asker.keyed)
    reply = asker.ask(messages, whole)
    claims, law, problems = read_claims(reply.text, expected)
    formless = False
    if problems:
        left = [name for name in expected.required if name not in claims]
        if not claims and '"id"' in reply.text:
            asker.keyed = True  # it names other ids than those it was asked for
        repair = load_prompt("repair").fill(
            problems="\n".join(f"- {problem}" for problem in problems),
            ids="、".join(left) or "全部",
        )
        again = (
            *messages,
            Message("assistant", reply.text[:LONGEST_REPEATED] or "（空）"),
            Message("user", repair),
        )
        try:
            shape = keyed(expected, left) if left else whole
            more, more_law, unread = read_claims(asker.ask(again, shape).text, expected)
        except BudgetSpent:
            raise
        except ChatError:
            more, more_law, unread = {}, [], problems
        claims = {**more, **claims}
        law += more_law
        formless = not claims and bool(unread)
    missing = [name for name in expected.required if name not in claims]
    missing += expected.optional if formless else ()
    return Answered(claims, tuple(dict.fromkeys(law)), tuple(missing))
