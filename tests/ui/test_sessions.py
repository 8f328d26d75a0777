"""What Gradio remembers of a page that stays open."""

import gradio as gr
from gradio.blocks import Blocks
from gradio.state_holder import StateHolder

from reviewer.ui.sessions import SteadySession, keep_sessions_steady


def page() -> tuple[Blocks, gr.HTML]:
    """Return a page with one control."""
    with gr.Blocks() as made:
        panes = gr.HTML("")
    return made, panes


def test_a_control_that_is_changed_again_and_again_is_remembered_once() -> None:
    made, panes = page()
    session = SteadySession(made)
    size = len(session.config_values), len(session.blocks_config.blocks)
    for number in range(5):
        session[panes._id] = gr.HTML(render=False)
        changed = session[panes._id]
        session._update_value_in_config(changed._id, f"review {number}")
    assert (len(session.config_values), len(session.blocks_config.blocks)) == size
    assert session.config_values[panes._id]["props"]["value"] == "review 4"


def test_gradio_makes_steady_sessions_once_it_was_told(monkeypatch) -> None:
    monkeypatch.setattr("gradio.state_holder.SessionState", object)
    keep_sessions_steady()
    made, _ = page()
    holder = StateHolder()
    holder.set_blocks(made)
    assert isinstance(holder["a page"], SteadySession)
