"""The command line: arguments, printing, exit codes. Nothing else prints or exits."""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, cast

import typer

from reviewer.errors import ReviewerError, UsageError

app = typer.Typer(
    help="审查电商客服外包合同。例：reviewer review 合同.docx --out 结果",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
index_app = typer.Typer(help="检索索引：范本与法条。", no_args_is_help=True)
playbook_app = typer.Typer(help="审查手册。", no_args_is_help=True)
app.add_typer(index_app, name="index")
app.add_typer(playbook_app, name="playbook")

_COMMAND_LINE_ERROR: Any = typer.BadParameter.__mro__[2]
"""What typer raises for a wrong command line; the class has no public name of its own."""

FORMATS = ("json", "md", "html", "docx", "xlsx")
Engine = Annotated[str | None, typer.Option(help="rules（离线）或 llm")]
Json = Annotated[bool, typer.Option("--json", help="结果以 JSON 打印到标准输出")]


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


def _settings(**given: Any) -> Any:
    from pydantic import ValidationError

    from reviewer.settings import Settings

    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise UsageError(f"设置 {name} 有误：{first['msg']}", remedy="请修正后重试") from error


@contextmanager
def _progress(total: int) -> Iterator[Any]:
    """Yield a function that moves a bar on, when standard error is a terminal."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("审查", total=total)
        yield lambda: bar.advance(task)


def _files(paths: list[Path]) -> list[Path]:
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


@app.command()
def review(
    files: Annotated[list[Path], typer.Argument(help="合同文件或文件夹")],
    out: Annotated[Path | None, typer.Option(help="结果文件夹")] = None,
    engine: Engine = None,
    playbook: Annotated[str | None, typer.Option(help="审查手册的名称或文件夹")] = None,
    side: Annotated[
        str | None, typer.Option(help="最先出现的一方（甲方）是 client 商家还是 vendor 外包商")
    ] = None,
    formats: Annotated[
        str, typer.Option("--format", help="输出格式：json,md,html,docx,xlsx")
    ] = "json,html",
    lang: Annotated[str | None, typer.Option(help="报告语言：zh 或 en")] = None,
    corpus: Annotated[Path | None, typer.Option(help="自有条款文件夹，优先于内置范本")] = None,
    max_file_mb: Annotated[float | None, typer.Option(help="文件大小上限（MB）")] = None,
    as_json: Json = False,
) -> None:
    """审查合同：缺什么、哪里含糊、哪里是陷阱，依据哪条法律。"""
    from reviewer.pipeline import Reviewer

    wanted = tuple(part.strip() for part in formats.split(",") if part.strip())
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown:
        raise UsageError(f"不支持的格式 {'、'.join(unknown)}", remedy=f"可用：{'、'.join(FORMATS)}")
    settings = _settings(
        engine=engine,
        playbook=playbook,
        side=side,
        lang=lang,
        corpus=corpus,
        max_file_mb=max_file_mb,
    )
    todo = _files(files)
    names = _names(todo)
    reviewer = Reviewer.of(settings)
    failed = 0
    with _progress(len(todo)) as advance:
        for path in todo:
            try:
                result = reviewer.review(path)
            except ReviewerError as error:
                if len(todo) == 1:
                    raise
                print(f"reviewer: {path}: {error}", file=sys.stderr)
                failed += 1
                continue
            finally:
                advance()
            if out:
                _write(result, path, out / names[path], wanted, reviewer.playbook, settings.lang)
            _show(result, reviewer.playbook, settings.lang, as_json=as_json)
    if failed:
        raise typer.Exit(2)


def _show(result: Any, playbook: Any, lang: Any, *, as_json: bool) -> None:
    if as_json:
        print(result.model_dump_json())
        return
    from rich.console import Console

    from reviewer.render.terminal import table_of

    Console(width=None if sys.stdout.isatty() else 120).print(table_of(result, playbook, lang))


def _write(
    result: Any, path: Path, out: Path, wanted: tuple[str, ...], playbook: Any, lang: Any
) -> None:
    from reviewer.pipeline import redline_file, write_atomically
    from reviewer.render.markdown import markdown
    from reviewer.render.webpage import webpage
    from reviewer.render.workbook import workbook

    makers: dict[str, Callable[[], tuple[str, bytes]]] = {
        "json": lambda: (".review.json", result.model_dump_json(indent=1).encode()),
        "md": lambda: (".md", markdown(result, playbook, lang).encode()),
        "html": lambda: (".html", webpage(result, playbook, lang).encode()),
        "xlsx": lambda: (".xlsx", workbook(result, playbook, lang)),
        "docx": lambda: (".redline.docx", redline_file(result, path).data),
    }
    for name in wanted:
        suffix, data = makers[name]()
        target = out.with_name(out.name + suffix)
        write_atomically(target, data)
        print(f"已写入 {target}", file=sys.stderr)


def _names(paths: list[Path]) -> dict[Path, str]:
    """Return the name of each file's results: its stem, and its suffix too where stems collide."""
    stems = Counter(path.stem for path in paths)
    return {p: p.stem if stems[p.stem] == 1 else p.name.replace(".", "_") for p in paths}


@app.command()
def redline(
    file: Annotated[Path, typer.Argument(help="合同文件")],
    review_file: Annotated[
        Path | None, typer.Option("--review", help="先前的审查结果 JSON")
    ] = None,
    accept: Annotated[str, typer.Option(help="采纳的编号，逗号分隔，或 all")] = "all",
    min_severity: Annotated[
        str, typer.Option(help="只写入不低于此风险的：high、medium、low")
    ] = "low",
    comments: Annotated[
        str, typer.Option(help="批注：internal 给自己，external 给对方，none 不写")
    ] = "internal",
    clean: Annotated[bool, typer.Option(help="写出接受修订后的干净文本")] = False,
    in_place: Annotated[bool, typer.Option(help="允许覆盖原文件（保留 .bak）")] = False,
    out: Annotated[Path | None, typer.Option(help="输出文件")] = None,
    engine: Engine = None,
) -> None:
    """把建议写成 Word 修订和批注。"""
    from reviewer.pipeline import Reviewer, redline_file, write_atomically

    for name, value, allowed in (
        ("--comments", comments, ("internal", "external", "none")),
        ("--min-severity", min_severity, ("high", "medium", "low")),
    ):
        if value not in allowed:
            raise UsageError(f"{name} 不能是 {value}", remedy=f"可用：{'、'.join(allowed)}")
    target = out or file.with_name(f"{file.stem}.redline.docx")
    if target.is_dir() or (out and not out.suffix):
        target = target / f"{file.stem}.redline.docx"
    if target.resolve() == file.resolve():
        if not in_place:
            raise UsageError(f"{target} 就是原文件", remedy="请换一个 --out，或加 --in-place")
        write_atomically(file.with_name(file.name + ".bak"), file.read_bytes())
    if review_file:
        result = _read_review(review_file)
    else:
        result = Reviewer.of(_settings(engine=engine)).review(file)
    chosen: Any = "all" if accept == "all" else [p.strip() for p in accept.split(",") if p.strip()]
    made = redline_file(
        result,
        file,
        accept=chosen,
        min_severity=cast(Any, min_severity),
        comments=cast(Any, comments),
        clean=clean,
    )
    write_atomically(target, made.data)
    print(f"已写入 {target}：{len(made.applied)} 处修改")
    for name, reason in made.refused:
        print(f"reviewer: {name} 未写成修订（{reason}）", file=sys.stderr)


def _read_review(path: Path) -> Any:
    from pydantic import ValidationError

    from reviewer.errors import InputError
    from reviewer.review import Review

    try:
        return Review.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"无法读取 {path}", remedy="请检查路径") from error
    except (ValidationError, UnicodeDecodeError) as error:
        raise InputError(
            f"{path} 不是审查结果", remedy="请用 reviewer review --format json 重新生成"
        ) from error


@app.command("eval")
def evaluate(
    dataset: Annotated[Path, typer.Argument(help="含 contracts/ 和 labels/ 的文件夹")] = Path(
        "eval"
    ),
    engine: Engine = None,
    split: Annotated[
        str | None, typer.Option(help="只跑 splits.json 中的一部分：dev 或 test")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="结果文件夹")] = None,
    against: Annotated[Path | None, typer.Option(help="基线 JSON；低于它则退出码为 1")] = None,
    as_json: Json = False,
) -> None:
    """在带标注的合同上测量引擎。"""
    from reviewer.evaluation.run import evaluate as run

    report, good = run(
        dataset, _settings(engine=engine or "rules"), split=split, out=out, against=against
    )
    print(json.dumps(report.data, ensure_ascii=False) if as_json else report.text)
    if not good:
        raise typer.Exit(1)


@index_app.command("build")
def index_build() -> None:
    """建立检索索引。"""
    from reviewer.retrieval.index import open_index

    begun = time.perf_counter()
    index = open_index(_settings(), rebuild=True)
    print(f"已建立索引：{index.size} 条，{time.perf_counter() - begun:.1f} 秒，{index.note}")


@index_app.command("search")
def index_search(
    query: str,
    kind: Annotated[str | None, typer.Option(help="law 或 clause")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100)] = 5,
    check: Annotated[str | None, typer.Option(help="只要服务于这一检查项的")] = None,
    law: Annotated[str | None, typer.Option(help="只要这部法律的")] = None,
    as_of: Annotated[str | None, typer.Option(help="只要该日已施行的法条")] = None,
    fallback: Annotated[bool, typer.Option(help="向量服务不可用时改用内置模型")] = False,
    as_json: Json = False,
) -> None:
    """检索范本与法条。"""
    from reviewer.retrieval.index import open_index

    if kind not in (None, "law", "clause"):
        raise UsageError(f"--kind 不能是 {kind}", remedy="可用：law、clause")
    index = open_index(_settings(), fallback=fallback)
    day = _day(as_of) if as_of else None
    for hit in index.search(query, kind=kind, limit=limit, check=check, law=law, as_of=day):
        if as_json:
            print(json.dumps(hit.as_json(), ensure_ascii=False))
        else:
            print(f"{hit.score:.3f}  {hit.id}  {hit.title}\n    {hit.why}\n    {hit.text[:100]}")


def _day(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise UsageError(f"日期 {words} 无效", remedy="格式为 2026-11-23") from error


@index_app.command("verify")
def index_verify(
    as_of: Annotated[str | None, typer.Option(help="日期，如 2026-11-23")] = None,
) -> None:
    """检查每条法律引用是否存在、有效。"""
    from reviewer.knowledge.verify import verify

    checked, problems = verify(_day(as_of) if as_of else date.today())  # noqa: DTZ011
    for problem in problems:
        print(problem)
    print(f"检查了 {checked} 处引用，{len(problems)} 处有误")
    if problems:
        raise typer.Exit(1)


@playbook_app.command("list")
def playbook_list(as_json: Json = False) -> None:
    """列出审查手册。"""
    from reviewer.knowledge.playbooks import load_playbook, playbook_names

    for name in playbook_names():
        book = load_playbook(name)
        if as_json:
            print(
                json.dumps(
                    {"id": book.id, "title": book.title, "checks": len(book.checks)},
                    ensure_ascii=False,
                )
            )
        else:
            print(f"{book.id}  {book.title}（{len(book.checks)} 项，第 {book.version} 版）")


@playbook_app.command("show")
def playbook_show(
    name: Annotated[str, typer.Argument(help="审查手册的名称")] = "cs_outsourcing",
    as_json: Json = False,
) -> None:
    """显示一份审查手册。"""
    from reviewer.knowledge.playbooks import load_playbook

    book = load_playbook(name)
    if as_json:
        print(book.model_dump_json())
        return
    for check in book.checks:
        print(f"{check.id}  {check.title}  [{check.severity}]  {check.what}")
        for element in check.elements:
            print(
                f"    {'★' if element.core else ' '} {element.id}  {element.title}：{element.met_when}"
            )


@playbook_app.command("validate")
def playbook_validate(path: Path) -> None:
    """检查一份审查手册。"""
    from reviewer.errors import PlaybookError
    from reviewer.knowledge.playbooks import read_playbook

    folder = path.parent if path.is_file() else path
    if not folder.is_dir():
        raise UsageError(f"找不到 {path}", remedy="请指定审查手册的文件夹")
    try:
        book = read_playbook(folder)
    except PlaybookError as error:
        print(error)
        raise typer.Exit(1) from error
    print(f"有效：{book.title}，{len(book.checks)} 项")


@app.command()
def ui(
    host: Annotated[str, typer.Option(help="监听地址")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="端口")] = 7860,
    lang: Annotated[str | None, typer.Option(help="界面语言：zh 或 en")] = None,
    auth: Annotated[Path | None, typer.Option(help="用户文件（JSON：用户名与密码摘要）")] = None,
    insecure: Annotated[bool, typer.Option(help="允许不设密码地监听其他地址")] = False,
    no_history: Annotated[bool, typer.Option(help="不保留审查记录")] = False,
    mcp: Annotated[bool, typer.Option(help="同时以 MCP 提供给智能体")] = False,
    hash_password: Annotated[
        bool, typer.Option(help="输入密码，打印用户文件中的摘要后退出")
    ] = False,
) -> None:
    """打开网页界面。"""
    from reviewer.app import hashed, launch

    if hash_password:
        print(hashed(typer.prompt("密码", hide_input=True, confirmation_prompt=True)))
        return
    print(f"打开 http://{host}:{port}", file=sys.stderr)
    launch(
        _settings(lang=lang),
        host=host,
        port=port,
        users=auth,
        insecure=insecure,
        history=not no_history,
        mcp=mcp,
    )
