"""Good files made bad: bits flipped, parts swapped, ends cut off."""

import copy
import re
from collections.abc import Callable, Sequence
from random import Random

from lxml import etree

from tests.hostile.words import packed, unpacked

INTERESTING = (
    b"\x00", b"\xff", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80", b"%%EOF", b"endobj", b"endstream",
    b"stream\n", b"<<", b">>", b"[", b"]", b"(", b"-1", b"99999999999999999999", b"0 R", b"/Length 0",
    b"/Kids [1 0 R]", b"<w:tbl>", b"</w:p>", b"<w:r>", b"<w:t>", b"&x;", b"&#0;", b"<!DOCTYPE a>", b'w:val="abc"',
    b'w:val="-1"', b'w:val=""', b"\xed\xa0\x80", "第".encode(), b"<?xml version='1.0' encoding='utf-16'?>",
)  # fmt: skip


def _place(data: bytes, random: Random) -> int:
    return random.randrange(max(len(data), 1))


def _flip(data: bytes, random: Random) -> bytes:
    made = bytearray(data)
    for _ in range(random.choice((1, 1, 4, 40))):
        at = _place(data, random)
        made[at:at + 1] = bytes([made[at] ^ 1 << random.randrange(8)])  # fmt: skip
    return bytes(made)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: _place(data, random)]


def _drop(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    return data[:at] + data[at + random.choice((1, 9, 99, 999)) :]


def _repeat(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    piece = data[at : at + random.choice((1, 20, 400))]
    return data[:at] + piece * random.choice((2, 9, 90)) + data[at:]


def _insert(data: bytes, random: Random) -> bytes:
    at = _place(data, random)
    return data[:at] + random.choice(INTERESTING) + data[at:]


def _overwrite(data: bytes, random: Random) -> bytes:
    at, put = _place(data, random), random.choice(INTERESTING)
    return data[:at] + put + data[at + len(put) :]


def _number(data: bytes, random: Random) -> bytes:
    """Replace a number by another one."""
    found = list(re.finditer(rb"\d+", data[:200_000]))
    if not found:
        return data
    one = random.choice(found)
    other = random.choice((b"0", b"-1", b"2147483648", b"1e99", b"3", b"12345678901234567890"))
    return data[: one.start()] + other + data[one.end() :]


def _swap(data: bytes, random: Random) -> bytes:
    size = random.choice((8, 64, 512))
    one, other = sorted((_place(data, random), _place(data, random)))
    if other < one + size:
        return data
    first, second = data[one : one + size], data[other : other + size]
    return data[:one] + second + data[one + size : other] + first + data[other + size :]


_WAYS: Sequence[Callable[[bytes, Random], bytes]] = (
    _flip, _cut, _drop, _repeat, _insert, _overwrite, _number, _swap
)  # fmt: skip


def bent(data: bytes, random: Random) -> bytes:
    """Return bytes bent in one to three ways."""
    for _ in range(random.choice((1, 1, 2, 3))):
        data = random.choice(_WAYS)(data, random) or b"\x00"
    return data


def bent_word(data: bytes, other: bytes, random: Random) -> bytes:
    """Return a Word file bent as bytes, in one of its parts, or with a part of another file."""
    if random.random() < 0.25:
        return bent(data, random)
    parts = unpacked(data)
    name = random.choice(sorted(parts))
    if "word/document.xml" in parts and random.random() < 0.6:
        name = "word/document.xml"
    action = random.random()
    if action < 0.8:
        parts[name] = bent(parts[name], random)
    elif action < 0.9:
        parts[name] = random.choice(list(unpacked(other).values()))
    else:
        del parts[name]
    return packed(parts, 0)


def bent_tree(data: bytes, random: Random) -> bytes:
    """Return a Word file one of whose parts is well formed and makes no sense."""
    parts = unpacked(data)
    names = [name for name in sorted(parts) if name.endswith((".xml", ".rels"))]
    name = "word/document.xml"
    if name not in parts or random.random() < 0.3:
        name = random.choice(names)
    root = etree.fromstring(parts[name])
    for _ in range(random.choice((1, 3, 12))):
        things = list(root.iter(etree.Element))
        _move(random.choice(things), random.choice(things), random)
    parts[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return packed(parts, 0)


def _move(one: etree._Element, other: etree._Element, random: Random) -> None:
    parent = one.getparent()
    action = random.randrange(6)
    if action == 0 and parent is not None:
        parent.remove(one)
    elif action == 1 and parent is not None and not _holds(one, other):
        other.append(one)
    elif action == 2 and len(list(one.iter())) < 400:
        other.append(copy.deepcopy(one))
    elif action == 3 and one.attrib:
        key = random.choice(sorted(map(str, one.attrib)))
        one.set(key, random.choice(("", "-1", "0", "8", "99999999999", "abc", "第", "true", "&")))
    elif action == 4:
        one.tag = other.tag
    else:
        one.text = random.choice(
            ("", " ", "第一条 乙方", "甲方：\t乙方：", "%1.%2.", "\u202e文", "9" * 40)
        )


def _holds(one: etree._Element, other: etree._Element) -> bool:
    return one is other or one in other.iterancestors()
