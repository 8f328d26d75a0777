"""What every tab of the page shares: who is here, which review is open, and in which language."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import gradio as gr

from reviewer.render.messages import Lang
from reviewer.settings import Settings
from reviewer.ui.application import Application
from reviewer.ui.store import Kept
from reviewer.ui.visitors import asked_by
from reviewer.ui.words import word

Relabel = Callable[[Lang], Any]
"""Makes the update that puts a control into a language."""

PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
"""For events of the page: no name in the API, no spinner over the control."""


class Relabelled(NamedTuple):
    """A control that carries words, and what a change of language does to it."""

    control: Any
    relabel: Relabel


class Shell:
    """Handed to each tab when it is built."""

    def __init__(self, application: Application, language: Any, current: Any) -> None:
        """Make it.

        Args:
            application: The calls behind the page.
            language: The control whose value is `zh` or `en`; an input of events.
            current: Holds the id of the review that is open, or nothing; an input of events.
        """
        self.application = application
        self.language = language
        self.current = current
        self.relabelled: list[Relabelled] = []

    @property
    def settings(self) -> Settings:
        """Return the settings the application was started with."""
        return self.application.settings

    @property
    def lang(self) -> Lang:
        """Return the language in which the page is built; a visitor may switch it later."""
        return self.settings.lang

    def kept(self, control: Any, relabel: Relabel) -> Any:
        """Register what a change of language does to `control`, and return it."""
        self.relabelled.append(Relabelled(control, relabel))
        return control

    def button(self, key: str, **more: Any) -> gr.Button:
        """Return a button that says `word(key)` in the visitor's language."""
        more.setdefault("elem_id", key.replace("_", "-"))
        made: gr.Button = self.kept(
            gr.Button(word(key, self.lang), **more), lambda lang: word(key, lang)
        )
        return made

    @staticmethod
    def owned(call: Callable[..., Any]) -> Callable[..., Any]:
        """Return `call` as an event of the page: who is asking becomes its first argument.

        The server derives that from the request; the inputs of the event follow.
        """
        if inspect.isgeneratorfunction(call):

            def steps(request: gr.Request, *given: Any) -> Iterator[Any]:
                yield from call(asked_by(request), *given)

            return steps

        def once(request: gr.Request, *given: Any) -> Any:
            return call(asked_by(request), *given)

        return once

    @staticmethod
    def owned_event(call: Callable[..., Any]) -> Callable[..., Any]:
        """Return `call` as `owned` does; what the page sent with the event is its second argument."""

        def once(request: gr.Request, event: gr.EventData, *given: Any) -> Any:
            sent = event._data if isinstance(event._data, dict) else {}
            return call(asked_by(request), sent, *given)

        return once

    def review(self, visitor: str, current: str | None) -> Kept | None:
        """Return the open review with its file and decisions, where it is this visitor's."""
        return self.application.store.get(visitor, current) if current else None
