"""Where each party can be reached: the accounts and addresses that a contract names."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from reviewer.engine.statements import Statement

_ACCOUNT = re.compile(
    r"(?P<mail>[a-z0-9][a-z0-9._+-]*@[a-z0-9-]+(?:\.[a-z0-9-]+)+)"
    r"|(?:微信|企业?微信|企微|钉钉|飞书|旺旺|qq|wechat|line|whatsapp)(?:账?号|帐号|id|名)?[:为是]?\s*(?P<chat>[a-z0-9][a-z0-9_-]{4,})"
    r"|(?:商家|外包商)[:为是]?(?P<bare>[a-z][a-z0-9_-]{4,}(?![a-z0-9@.]))"
)
_PLACE = re.compile(
    r"(?:地址|住所地?|住址|通[讯信]处|联系处|社址|寄(?:至|到)|住|设于|位于)[^。;@]{0,6}?"
    r"(?P<place>[\u4e00-\u9fff]{2,12}(?:省|市|区|县|镇|乡|村|街道?|路|巷|园|院|里|大厦)[^,。;|]{0,30})"
    r"|(?P<street>[\u4e00-\u9fff]{2,16}(?:路|街|道|巷|里|园)\d+号[^,。;|]{0,16})"
)
_PARTY = re.compile(r"商家|外包商")
_NOT_OURS = re.compile(r"买家|消费者|顾客|收货|退货|收件|法院|仲裁|管辖|平台客服")


class Contact(NamedTuple):
    """One account or address."""

    party: str | None
    """商家 or 外包商; None where nobody is named."""
    words: str
    statement: Statement


def contacts(statements: Sequence[Statement]) -> list[Contact]:
    """Return the accounts and addresses in the order of the text, each with whose it is.

    It belongs to the party named last before it, in its own statement or, where the parties
    introduce themselves, in those before.
    """
    found: list[Contact] = []
    introduced: str | None = None
    for statement in statements:
        text = statement.own.text
        named = list(_PARTY.finditer(text))
        if not _NOT_OURS.search(text):
            before = introduced if statement.introduces else None
            for match in (*_ACCOUNT.finditer(text), *_PLACE.finditer(text)):
                owners = [party[0] for party in named if party.end() < match.end()]
                words = next(part for part in match.groups() if part)
                found.append(Contact(owners[-1] if owners else before, words, statement))
        if statement.introduces and named:
            introduced = named[-1][0]
    return found


def reached(found: Sequence[Contact]) -> tuple[int, tuple[Statement, ...]]:
    """Return how many of the two parties can be reached, and the statements that say so.

    Two accounts that nobody is named for are taken to be one of each.
    """
    by_party: dict[str, Contact] = {}
    nobodys: dict[str, Contact] = {}
    for contact in found:
        if contact.party:
            by_party.setdefault(contact.party, contact)
        else:
            nobodys.setdefault(contact.words, contact)
    chosen = [*by_party.values(), *nobodys.values()][:2]
    found_in = {contact.statement.span: contact.statement for contact in chosen}
    return len(chosen), tuple(found_in.values())
