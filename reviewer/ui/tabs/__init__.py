"""The tabs of the page beside the review itself: each is a module of this package.

A module offers `TABS`, a tuple of `Tab`. It is found by being here; nothing else names it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from reviewer.ui.shell import Shell


@dataclass(frozen=True)
class Tab:
    """A tab: its name in both languages, and what builds its controls."""

    id: str
    """Stands in the address of the page: `?tab=id`."""
    zh: str
    en: str
    build: Callable[[Shell], None]
    """Called inside the tab, once, when the page is built."""
    order: int = 50
    """Tabs stand from small to large; equal ones by id."""
    words: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """More words for `word(key, lang)`: Chinese, English."""
    css: str = ""
    """More style: the name of a file in `assets/`."""
    offered: Callable[[Shell], bool] = lambda shell: True
    """Whether the tab is there with these settings."""


@cache
def known_tabs() -> tuple[Tab, ...]:
    """Return the tabs of all modules here, in their order.

    Raises:
        ValueError: Two tabs share an id.
    """
    found: list[Tab] = []
    for module in pkgutil.iter_modules(__path__):
        found += importlib.import_module(f"{__name__}.{module.name}").TABS
    names = [tab.id for tab in found]
    if len(set(names)) < len(names):
        raise ValueError(f"two tabs share an id: {sorted(names)}")
    return tuple(sorted(found, key=lambda tab: (tab.order, tab.id)))
