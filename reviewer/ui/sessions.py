"""What Gradio remembers of each open page, kept from growing.

Gradio 6 puts a control that an event has changed in the place of the old one, but under an id of its
own, and files the next value under that id: every review would stay in memory for as long as the
page is open. Here the control keeps the id of the one it replaces.
"""

from typing import Any

from gradio.blocks import Block
from gradio.state_holder import SessionState


class SteadySession(SessionState):  # type: ignore[misc]
    """A page's state in which a changed control keeps its id."""

    def __setitem__(self, key: int, value: Any) -> None:
        """Put `value` in the place `key`."""
        if isinstance(value, Block):
            value._id = key
        super().__setitem__(key, value)


def keep_sessions_steady() -> None:
    """Have Gradio make steady sessions from now on."""
    import gradio.state_holder

    gradio.state_holder.SessionState = SteadySession
