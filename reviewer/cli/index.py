"""`reviewer index`: model clauses and articles of law, searched and verified."""

import json
import time
from datetime import date
from typing import Annotated

import typer

from reviewer.cli.shared import Json, app, day_of, settings_of
from reviewer.errors import UsageError

index_app = typer.Typer(help="检索索引：范本与法条。", no_args_is_help=True)
app.add_typer(index_app, name="index")


@index_app.command("build")
def index_build() -> None:
    """建立检索索引。"""
    from reviewer.retrieval.index import open_index

    begun = time.perf_counter()
    index = open_index(settings_of(), rebuild=True)
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
    index = open_index(settings_of(), fallback=fallback)
    day = day_of(as_of) if as_of else None
    for hit in index.search(query, kind=kind, limit=limit, check=check, law=law, as_of=day):
        if as_json:
            print(json.dumps(hit.as_json(), ensure_ascii=False))
        else:
            print(f"{hit.score:.3f}  {hit.id}  {hit.title}\n    {hit.why}\n    {hit.text[:100]}")


@index_app.command("verify")
def index_verify(
    as_of: Annotated[str | None, typer.Option(help="日期，如 2026-11-23")] = None,
) -> None:
    """检查每条法律引用是否存在、有效。"""
    from reviewer.knowledge.verify import verify

    checked, problems = verify(day_of(as_of) if as_of else date.today())  # noqa: DTZ011
    for problem in problems:
        print(problem)
    print(f"检查了 {checked} 处引用，{len(problems)} 处有误")
    if problems:
        raise typer.Exit(1)
