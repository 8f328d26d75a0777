"""What a visitor can choose before a review, with defaults that need no thought."""

from collections.abc import Sequence
from typing import NamedTuple

from reviewer.knowledge.playbooks import playbook_names
from reviewer.render.messages import Lang
from reviewer.settings import Settings
from reviewer.ui.words import word

AUTO = "auto"
PLATFORMS = ("天猫", "淘宝", "京东", "拼多多", "抖音", "快手", "小红书")


class Choices(NamedTuple):
    """The options of the start page; `auto` leaves a thing as the settings have it."""

    side: str = AUTO
    playbook: str = AUTO
    engine: str = AUTO
    platform: str = AUTO
    merchant_size: str = AUTO
    category: str = AUTO

    @classmethod
    def of(cls, chosen: Sequence[str]) -> "Choices":
        """Return what was chosen; whatever nobody offered becomes `auto`."""
        made = cls(*chosen[: len(cls._fields)])
        return cls(*(v if v in offered(n) else AUTO for n, v in made._asdict().items()))

    def applied(self, settings: Settings) -> Settings:
        """Return `settings` with these choices."""
        update = {name: value for name, value in self._asdict().items() if value != AUTO}
        return settings.model_copy(update=update) if update else settings


def offered(name: str) -> tuple[str, ...]:
    """Return what can be chosen for an option, the default first."""
    if name == "playbook":
        return (AUTO, *playbook_names())
    return (AUTO, *_OFFERED[name])


_OFFERED: dict[str, tuple[str, ...]] = {
    "side": ("client", "vendor"),
    "engine": ("rules",),
    "platform": PLATFORMS,
    "merchant_size": ("large", "small"),
    "category": ("general", "sensitive"),
}


def host_of(settings: Settings) -> str:
    """Return where the text of a contract goes; empty when it stays here."""
    if settings.engine_name != "llm":
        return ""
    from reviewer.chat.openai_compatible import chat_from

    return chat_from(settings, sending=False).host


def notice_of(settings: Settings, lang: Lang) -> str:
    """Return the sentence that says what leaves this machine, or that nothing does."""
    host = host_of(settings)
    if not host:
        return word("private", lang)
    return word("sends" if settings.mask else "sends_unmasked", lang, host=host)
