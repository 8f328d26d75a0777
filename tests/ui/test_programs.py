"""The calls for programs and agents: clean names, no paths, the same over HTTP and MCP."""

import asyncio
import base64
import io
import json
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import httpx
import pytest
from gradio_client import Client, handle_file  # type: ignore[import-untyped]
from gradio_client.exceptions import AppError  # type: ignore[import-untyped]
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client
from mcp.types import CallToolResult, Tool

from reviewer.app import hashed, launch
from reviewer.errors import UsageError
from reviewer.settings import Settings
from tests.ui.conftest import Server
from tests.ui.steps import EXAMPLES

VENDOR = EXAMPLES / "vendor_draft.docx"


@pytest.fixture(scope="module")
def agents(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that offers its calls to agents."""
    running = Server(tmp_path_factory.mktemp("agents"), "--mcp", "--no-history")
    yield running
    running.stop()


def call(server: Server, name: str, data: list[Any]) -> str:
    """Call the API with this payload as it stands and return the stream of the answer."""
    base = f"{server.url}gradio_api/call/{name}"
    request = urllib.request.Request(
        base,
        data=json.dumps({"data": data}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        event = json.loads(answer.read())["event_id"]
    with urllib.request.urlopen(f"{base}/{event}") as answer:
        return str(answer.read().decode())


def test_programs_review_and_redline_by_clean_names(server: Server) -> None:
    client = Client(server.url, verbose=False)
    names = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(names) == {"/review", "/redline"}
    result = client.predict(handle_file(EXAMPLES / "vendor_draft.docx"), api_name="/review")
    assert result["summary"]["missing"] > 0
    marked = client.predict(handle_file(EXAMPLES / "vendor_draft.docx"), api_name="/redline")
    assert Path(marked).read_bytes().startswith(b"PK")


def test_a_program_can_give_the_text_instead_of_a_file(server: Server) -> None:
    client = Client(server.url, verbose=False)
    text = (EXAMPLES / "informal_blanks.txt").read_text(encoding="utf-8")
    result = client.predict(text=text, brief=True, api_name="/review")
    assert "text" not in result["contract"]
    assert {f["status"] for f in result["findings"]} <= {"missing", "weak", "hit"}


def test_a_program_chooses_what_the_redline_takes(server: Server) -> None:
    client = Client(server.url, verbose=False)
    marked = client.predict(
        handle_file(VENDOR), accept="rf_vendor_venue", comments="none", api_name="/redline"
    )
    with zipfile.ZipFile(marked) as archive:
        assert archive.read("word/document.xml").count(b"<w:ins ") < 4
        assert not any("comments" in name for name in archive.namelist())


def test_a_program_is_told_what_is_wrong_and_what_to_do(server: Server) -> None:
    client = Client(server.url, verbose=False)
    with pytest.raises(AppError, match="没有收到合同"):
        client.predict(api_name="/review")
    with pytest.raises(AppError, match="没有编号为 f999"):
        client.predict(handle_file(VENDOR), accept="f999", api_name="/redline")


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(lambda path: path, id="bare-path"),
        pytest.param(
            lambda path: {"path": path, "meta": {"_type": "gradio.FileData"}}, id="file-object"
        ),
    ],
)
def test_a_program_cannot_name_a_file_of_this_machine(
    server: Server, tmp_path: Path, payload: Any
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("客服外包合同\n第一条 机密内容\n", encoding="utf-8")
    answer = call(server, "review", [payload(str(secret)), "", "auto", False])
    assert "event: error" in answer
    assert "机密内容" not in answer


def asked(
    server: Server, *calls: tuple[str, dict[str, Any]]
) -> tuple[list[Tool], list[CallToolResult]]:
    """Speak MCP with the server: list its tools and call some."""

    async def session() -> tuple[list[Tool], list[CallToolResult]]:
        async with (
            streamablehttp_client(f"{server.url}gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as client,
        ):
            await client.initialize()
            tools = (await client.list_tools()).tools
            return tools, [await client.call_tool(*call) for call in calls]

    # A browser's test before this one leaves its event loop running in the thread of the tests.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, session()).result()


def words(result: CallToolResult) -> str:
    return "".join(getattr(part, "text", "") for part in result.content)


def test_an_agent_reviews_a_text_and_fetches_the_redline(agents: Server) -> None:
    text = (EXAMPLES / "informal_blanks.txt").read_text(encoding="utf-8")
    tools, (reviewed, marked, empty) = asked(
        agents, ("review", {"text": text}), ("redline", {"text": text}), ("review", {"text": " "})
    )
    assert {tool.name for tool in tools} == {"review", "redline"}
    assert not any(tool.inputSchema.get("required") for tool in tools)
    found = json.loads(words(reviewed))
    assert found["summary"]["missing"] > 0
    data = httpx.get(words(marked)).content
    assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert empty.isError
    assert "没有收到合同" in words(empty)


def test_an_agent_gives_a_file_as_base64(agents: Server) -> None:
    data = base64.b64encode(VENDOR.read_bytes()).decode()
    _, (reviewed, marked, broken, other) = asked(
        agents,
        ("review", {"data": data, "name": "../../合同.docx"}),
        ("redline", {"data": f"data:x;base64,{data}", "name": "合同.docx", "accept": "kpi"}),
        ("review", {"data": "%%%", "name": "x.docx"}),
        ("review", {"data": "QUJD", "name": "x.exe"}),
    )
    contract = json.loads(words(reviewed))["contract"]
    assert (contract["file"], contract["title"]) == ("合同.docx", "电商客服外包服务合同")
    assert unquote(words(marked)).endswith("/合同.redline.docx")
    assert "base64" in words(broken)
    assert other.isError
    assert "Traceback" not in words(other)


def test_tools_for_agents_and_passwords_exclude_each_other(
    settings: Settings, tmp_path: Path
) -> None:
    users = tmp_path / "users.json"
    users.write_text(json.dumps({"anna": hashed("geheim")}), encoding="utf-8")
    with pytest.raises(UsageError, match="--mcp"):
        launch(settings, users=users, mcp=True)


def test_the_server_fetches_nothing_from_an_address(server: Server) -> None:
    given = {"path": "http://127.0.0.1:9/x.docx", "meta": {"_type": "gradio.FileData"}}
    answer = call(server, "review", [given, "", "auto", False])
    assert "event: error" in answer
    assert "本程序不访问网址".encode("unicode-escape").decode() in answer


def test_a_name_that_is_not_this_machine_is_refused(server: Server) -> None:
    request = urllib.request.Request(server.url, headers={"Host": "rebound.example"})
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(request)
