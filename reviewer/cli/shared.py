"""What every command shares: the application, settings, progress, and reading inputs."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from reviewer.errors import UsageError

app = typer.Typer(
    help="审查电商客服外包合同。例：reviewer review 合同.docx --out 结果",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Engine = Annotated[str | None, typer.Option(help="rules（离线）或 llm")]
BaseUrl = Annotated[str | None, typer.Option(help="模型服务的网址，通常以 /v1 结尾")]
ModelName = Annotated[str | None, typer.Option(help="模型名称")]
PresetName = Annotated[
    str | None,
    typer.Option(help="预设的服务商：openai、deepseek、qwen、ollama…（reviewer model list）"),
]
NoMask = Annotated[bool, typer.Option("--no-mask", help="发送给模型前不替换个人信息和名称")]
Json = Annotated[bool, typer.Option("--json", help="结果以 JSON 打印到标准输出")]


def settings_of(**given: Any) -> Any:
    """Return the settings with the options that were given; None means not given."""
    from pydantic import ValidationError

    from reviewer.settings import Settings

    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"设置 {name} 有误：{first['msg']}", remedy="请修正后重试") from error


@contextmanager
def progress_bar(total: int) -> Iterator[Any]:
    """Yield a function that moves a bar on, when standard error is a terminal."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("审查", total=total)
        yield lambda: bar.advance(task)


@contextmanager
def counted(what: str) -> Iterator[Any]:
    """Yield a function of done, total and name that shows them, when standard error is a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total, name: bar.update(
            task, completed=done, total=total, description=f"{what} {name}"
        )


def contract_files(paths: list[Path]) -> list[Path]:
    """Return the files named, folders replaced by the contracts in them."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(
                p
                for p in path.rglob("*")
                if p.suffix.lower() in (".docx", ".pdf", ".txt", ".md")
                and not p.name.startswith((".", "~$"))
            )
            if not inside:
                raise UsageError(
                    f"文件夹 {path} 里没有合同文件", remedy="支持 .docx、.pdf、.txt、.md"
                )
            found += inside
        else:
            found.append(path)
    return found


def day_of(words: str) -> date:
    """Return the day that an option names."""
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise UsageError(f"日期 {words} 无效", remedy="格式为 2026-11-23") from error


def read_review(path: Path) -> Any:
    """Return the review that `reviewer review --format json` wrote."""
    from pydantic import ValidationError

    from reviewer.errors import InputError
    from reviewer.review import Review

    try:
        return Review.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"无法读取 {path}", remedy="请检查路径") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} 不是 UTF-8 文本", remedy="请另存为 UTF-8") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "全文"
        raise InputError(
            f"{path} 不是审查结果，或改动后不再有效（{where}：{first['msg']}）",
            remedy="请只改建议的文字，或用 reviewer review --format json 重新生成",
        ) from error
