"""The command line: arguments, printing, exit codes. Nothing else prints or exits.

One module a subject; each adds its commands to `shared.app` when it is imported.
"""

import sys
from typing import Any

import typer

from reviewer.cli import (
    ask,
    baseline,
    compare,
    evaluate,
    index,
    model,
    monitor,
    playbook,
    prompts,
    redline,
    review,
    terms,
    ui,
    whatif,
)
from reviewer.cli.shared import app
from reviewer.errors import ReviewerError

COMMANDS = (
    review,
    redline,
    compare,
    baseline,
    terms,
    monitor,
    whatif,
    ask,
    evaluate,
    index,
    playbook,
    model,
    prompts,
    ui,
)
"""Every module that adds commands."""

_COMMAND_LINE_ERROR: Any = typer.BadParameter.__mro__[2]
"""What typer raises for a wrong command line; the class has no public name of its own."""


def main() -> None:
    """Run the command line; every error a user can mend becomes one line."""
    try:
        code = app(standalone_mode=False)
    except ReviewerError as error:
        _fail(str(error))
    except (KeyboardInterrupt, typer.Abort):
        _fail("已中断")
    except _COMMAND_LINE_ERROR as error:
        _fail(f"{error.format_message()}；用 reviewer --help 查看用法")
    else:
        sys.exit(code if isinstance(code, int) else 0)


def _fail(message: str) -> None:
    print(f"reviewer: {message}", file=sys.stderr)
    sys.exit(2)
