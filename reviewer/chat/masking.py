"""Personal data and names out, placeholders in: 【公司1】. And back again in the answers."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from reviewer.chat.personal import NAME, ROLE, Found, find
from reviewer.contract import Contract


class Masker:
    """Replaces what was found in one contract, the same words by the same placeholder."""

    def __init__(self, found: Iterable[Found], taken: Collection[str] = ()) -> None:
        """Give each of the words found a placeholder, none of those `taken`."""
        self.words: dict[str, str] = {}
        numbers: Counter[str] = Counter()
        for kind, words in found:
            if words in self.words:
                continue
            numbers[kind] += 1
            while f"{kind}{numbers[kind]}" in taken:
                numbers[kind] += 1
            self.words[words] = f"【{kind}{numbers[kind]}】"
        self.counts = dict(Counter(_kind(placeholder) for placeholder in self.words.values()))
        self._back = {placeholder: words for words, placeholder in self.words.items()}
        ordered = sorted(self.words, key=len, reverse=True)
        self._find = re.compile("|".join(map(re.escape, ordered))) if ordered else None

    @classmethod
    def of(cls, contract: Contract, *others: str, words: Iterable[str] = ()) -> "Masker":
        """Return the masker for `contract`: its parties, and all that looks personal in it.

        Args:
            contract: The contract.
            others: Further texts that go out with it.
            words: What the user wants to keep back besides.
        """
        found = [Found("其他", word) for word in words]
        for party in contract.parties:
            for words in (party.name, *party.aliases):
                plain = words.strip()
                if len(plain) > 1 and plain != party.role and not ROLE.search(plain):
                    kind = "人名" if re.fullmatch(NAME, plain) else "公司"
                    found.append(Found(kind, plain))
        texts = (contract.text, *others)
        for text in texts:
            found += find(text)
        return cls(found, {m[1] + m[2] for text in texts for m in _PLACEHOLDER.finditer(text)})

    @classmethod
    def off(cls) -> "Masker":
        """Return a masker that changes nothing."""
        return cls(())

    def mask(self, text: str) -> str:
        """Return `text` with placeholders."""
        return self._find.sub(lambda match: self.words[match[0]], text) if self._find else text

    def restore(self, text: str) -> str:
        """Return `text` with the words again; brackets and spaces that a model changed are forgiven."""
        return _PLACEHOLDER.sub(
            lambda match: self._back.get(f"【{match[1]}{match[2]}】", match[0]), text
        )


_PLACEHOLDER = re.compile(
    r"[【\[［〔]\s*(公司|人名|电话|证件|邮箱|地址|账号|信用代码|店铺|其他)\s*(\d{1,3})\s*[】\]］〕]"
)


def _kind(placeholder: str) -> str:
    return placeholder.strip("【】0123456789")
