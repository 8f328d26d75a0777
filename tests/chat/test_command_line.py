"""The model on the command line: checked, asked, refused, interrupted; nothing sent on a dry run."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from reviewer.cli import main
from tests.conftest import REPOSITORY
from tests.factories import HEAD
from tests.scripted_models import answers, asked
from tests.scripted_server import (
    Answer,
    Body,
    Script,
    completion,
    failure,
    messages_of,
    serving,
)

TEXT = (
    HEAD
    + "第一条 乙方应及时回复买家。联系人：王小明，电话13812345678。\n第二条 期满自动续约一年。\n"
)


class Ended(NamedTuple):
    """A command after its end."""

    returncode: int
    stdout: str
    stderr: str


Run = Callable[..., Ended]


def says_nothing_is_there(body: Body, number: int) -> Answer:
    """Answer every element as absent and every flag as clear."""
    claims = [
        {"id": n, "status": "clear" if n.startswith(("rf_", "ef_")) else "absent"}
        for n in asked(messages_of(body))
    ]
    return completion(answers(*claims))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "合同.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path: Path, monkeypatch: Any, capsys: Any) -> Run:
    def command(*arguments: object, **more: str) -> Ended:
        with monkeypatch.context() as patch:
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["reviewer", *map(str, arguments)])
            for name, value in settings_in(tmp_path, **more).items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                main()
        out, err = capsys.readouterr()
        return Ended(int(ended.value.code or 0), out, err)

    return command


def settings_in(folder: Path, **more: str) -> dict[str, str]:
    return {
        "NO_COLOR": "1",
        "REVIEWER_CACHE_DIR": str(folder / "cache"),
        "REVIEWER_BACKOFF_S": "0",
        "REVIEWER_RETRIES": "0",
        **more,
    }


def one_line(result: Ended) -> str:
    assert result.returncode == 2, result.stderr
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("reviewer: ")
    return line


PAGE = Answer(body="<html>登录</html>", kind="text/html")


@pytest.mark.parametrize(
    ("answer", "says", "change"),
    [
        pytest.param(failure(401, "bad key"), "拒绝了密钥", "REVIEWER_API_KEY", id="wrong-key"),
        pytest.param(failure(404, "model x not found"), "没有模型 x", "--model", id="model"),
        pytest.param(PAGE, "返回的是网页", "--base-url", id="web-page"),
        pytest.param(failure(404, "Not Found"), "没有 chat completions", "/v1", id="no-endpoint"),
        pytest.param(
            failure(400, "maximum context length is 2048 tokens"), "2048 token", "8k", id="2k"
        ),
    ],
)
def test_an_endpoint_that_is_of_no_use_is_one_line_with_what_to_change(
    run: Run, file: Path, answer: Answer, says: str, change: str
) -> None:
    with serving(lambda body, number: answer) as server:
        result = run("review", file, "--base-url", server.url, "--model", "x", "--engine", "llm")
    line = one_line(result)
    assert says in line
    assert change in line
    assert "--engine rules" in line


@pytest.mark.parametrize(
    ("options", "says"),
    [
        pytest.param(("--preset", "deepseek"), "没有设置密钥", id="no-key"),
        pytest.param(("--base-url", "http://127.0.0.1:9/v1"), "没有指定模型", id="no-model"),
        pytest.param(("--base-url", "127.0.0.1:9", "--model", "x"), "不是网址", id="no-address"),
        pytest.param(("--preset", "nobody"), "没有名为 nobody 的模型预设", id="no-such-preset"),
        pytest.param(
            ("--base-url", "http://127.0.0.1:9/v1", "--model", "x"), "无法连接", id="nobody-there"
        ),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_named(
    run: Run, file: Path, options: tuple[str, ...], says: str
) -> None:
    assert says in one_line(run("review", file, "--engine", "llm", *options))


def test_a_review_with_a_model_prints_the_result_and_nothing_of_the_key(
    run: Run, file: Path
) -> None:
    with serving(says_nothing_is_there) as server:
        result = run(
            "review",
            file,
            "--json",
            "--out",
            "out",
            REVIEWER_BASE_URL=server.url,
            REVIEWER_MODEL="x",
            REVIEWER_API_KEY="sk-very-secret-key",
        )
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["engine"]["name"] == "llm"
    written = b"".join(p.read_bytes() for p in file.parent.rglob("*") if p.is_file())
    assert b"very-secret" not in written + (result.stdout + result.stderr).encode()


def test_a_dry_run_shows_the_very_bodies_that_are_sent_and_sends_nothing(
    run: Run, file: Path
) -> None:
    with serving(says_nothing_is_there) as server:
        options = ("review", file, "--base-url", server.url, "--model", "x", "--json")
        dry = run(*options, "--dry-run")
        assert server.requests == []
        run(*options)
        sent = [{k: v for k, v in body.items() if k != "stream"} for body in server.requests]
    plan = json.loads(dry.stdout)
    shown = [request["body"] for request in plan["requests"]]
    assert all(body in sent for body in shown)
    assert plan["masked"]["人名"] == 1
    assert "王小明" not in json.dumps(shown, ensure_ascii=False)


def test_a_dry_run_needs_no_key(run: Run, file: Path) -> None:
    result = run("review", file, "--preset", "deepseek", "--dry-run")
    assert result.returncode == 0, result.stderr
    assert "将向 api.deepseek.com" in result.stdout
    assert "什么都没有发送" in result.stdout
    assert "R10" in result.stdout


def test_without_masking_the_dry_run_shows_the_names(run: Run, file: Path) -> None:
    result = run("prompts", "show", file, "--preset", "ollama", "--no-mask")
    assert "王小明" in result.stdout
    assert "没有替换" in result.stdout


def test_prompts_are_listed_and_shown(run: Run) -> None:
    listed = run("prompts", "list").stdout
    assert {"system", "contract", "checks", "observe", "second", "ask"} <= set(listed.split())
    assert "R10" in run("prompts", "show", "system").stdout
    assert "没有名为 nothing 的提示词或文件" in one_line(run("prompts", "show", "nothing"))


def test_a_check_of_the_model_says_what_works_and_sends_no_contract(run: Run) -> None:
    def tools_only(body: Body, number: int) -> Answer:
        if "tools" not in body:
            return failure(400, "response_format is not supported")
        return completion(None, tool='{"answers": ["好"]}')

    with serving(tools_only) as server:
        result = run("model", "check", "--base-url", server.url, "--model", "x")
        said = json.loads(
            run("model", "check", "--base-url", server.url, "--model", "x", "--json").stdout
        )
    assert result.returncode == 0, result.stderr
    assert "函数调用" in result.stdout
    assert "不支持严格 JSON Schema" in result.stdout
    assert (said["mode"], said["well_formed"], said["context"]) == ("tools", True, None)


def test_a_check_reports_the_context_that_the_endpoint_names(run: Run) -> None:
    models = {"data": [{"id": "x", "max_model_len": 32768}, {"id": "y"}]}
    with serving(lambda body, number: completion('{"answers": ["好"]}'), models) as server:
        result = run("model", "check", "--base-url", server.url, "--model", "x")
    assert "32768 token（服务所称）" in result.stdout


def test_a_check_that_fails_is_one_line(run: Run) -> None:
    with serving(lambda body, number: failure(401, "bad key")) as server:
        line = one_line(run("model", "check", "--base-url", server.url, "--model", "x"))
    assert "拒绝了密钥" in line


def test_presets_are_listed(run: Run) -> None:
    listed = run("model", "list").stdout
    assert all(name in listed for name in ("openai", "deepseek", "qwen", "ollama", "vllm"))


def test_a_question_is_answered_with_the_passage(run: Run, file: Path) -> None:
    quote = "期满自动续约一年"
    reply = answers(
        {"id": "a0", "status": "met"},
        {"id": "a1", "status": "hit", "quote": quote, "why": "会自动续约一年。"},
    )
    with serving(lambda body, number: completion(reply)) as server:
        result = run("ask", file, "到期会自动续约吗？", "--base-url", server.url, "--model", "x")
    assert result.returncode == 0, result.stderr
    assert "会自动续约一年。" in result.stdout
    assert f"〔第二条〕“{quote}”" in result.stdout


def hanging_after(first: int) -> Script:
    """Return a server that answers so many requests and then lets everybody wait."""
    good: Script = says_nothing_is_there

    def script(body: Body, number: int) -> Answer:
        made = good(body, number)
        return made if number < first else replace(made, hang_s=30.0)

    return script


def interrupted(folder: Path, script: Script, *arguments: object) -> tuple[int, str, str]:
    with serving(script) as server:
        process = subprocess.Popen(
            [sys.executable, "-m", "reviewer", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            cwd=folder,
            env={
                **os.environ,
                **settings_in(folder, REVIEWER_BASE_URL=server.url, REVIEWER_MODEL="x"),
                "REVIEWER_CONCURRENCY": "1",
                "PYTHONPATH": str(REPOSITORY),
                "PYTHONUTF8": "1",
            },
        )
        for _ in range(1200):
            if len(server.requests) >= 3:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        return process.returncode, out, err


def test_ctrl_c_keeps_what_was_answered_and_prints_a_whole_result(file: Path) -> None:
    code, out, err = interrupted(file.parent, hanging_after(2), "review", file, "--json")
    assert code == 0, err
    result: dict[str, Any] = json.loads(out)
    assert len([f for f in result["findings"] if f["kind"] != "observation"]) == 55
    assert any("已中断" in warning for warning in result["warnings"])
    assert "Traceback" not in err
