import json
import multiprocessing
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import SecretStr

from reviewer.errors import ChatUnavailable, CorpusInvalid, IndexStale
from reviewer.retrieval import index as index_module
from reviewer.retrieval import store as store_module
from reviewer.retrieval.embedding import SmallEmbedder, _shipped, shipped_file, text_key
from reviewer.retrieval.evaluate import METHODS, read_queries, recall
from reviewer.retrieval.everyday import expansion, load_everyday, load_questions
from reviewer.retrieval.index import Index, open_index
from reviewer.retrieval.lexical import tokens
from reviewer.retrieval.ship import passages
from reviewer.settings import Settings

QUERIES = Path(__file__).resolve().parents[2] / "eval" / "retrieval"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Index:
    cache = tmp_path_factory.mktemp("cache")
    return open_index(Settings(engine="rules", cache_dir=cache, _env_file=None))


def test_the_first_run_takes_at_most_three_seconds(settings: Settings) -> None:
    begun = time.perf_counter()
    open_index(settings)
    assert time.perf_counter() - begun < 3


def test_the_shipped_vectors_are_those_of_the_shipped_corpus() -> None:
    shipped = _shipped(SmallEmbedder().name)
    assert [text for text in passages() if text_key(text) not in shipped] == []
    assert shipped_file().stat().st_size < 2_000_000


def test_a_leak_in_everyday_words_finds_the_data_clause(shared: Index) -> None:
    hits = shared.search("外包客服私自导出订单", kind="clause", limit=3)
    assert hits[0].id == "data_security"
    assert hits[0].why


def test_an_article_that_is_named_comes_first(shared: Index) -> None:
    assert shared.search("民法典第五百八十五条 违约金", kind="law")[0].id == "民法典#585"


@pytest.mark.parametrize("kind", ["law", "clause"])
def test_a_search_of_one_kind_gives_nothing_of_the_other(shared: Index, kind: str) -> None:
    assert {hit.kind for hit in shared.search("违约金过高", kind=kind, limit=20)} == {kind}


def test_articles_can_be_limited_to_a_law_a_check_and_a_day(shared: Index) -> None:
    hits = shared.search("个人信息", kind="law", law="网络安全法", limit=20)
    assert {hit.id.split("#")[0] for hit in hits} == {"网络安全法"}
    before = shared.search("网络安全法", kind="law", as_of=date(2025, 1, 1), limit=50)
    assert "网络安全法#23" not in {hit.id for hit in before}
    of_check = shared.search("解除合同", kind="law", check="breach_exit", limit=30)
    assert "民法典#563" in {hit.id for hit in of_check}
    assert "刑法#219" not in {hit.id for hit in of_check}


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.jsonl")), ids=lambda p: p.stem)
def test_hybrid_search_finds_the_right_document_among_five(shared: Index, path: Path) -> None:
    queries = read_queries(path)
    figures = {method: recall(shared, queries, method) for method in METHODS}
    assert figures["hybrid"].at_5 >= 0.92
    assert figures["hybrid"].at_5 >= max(figures["lexical"].at_5, figures["dense"].at_5)


def test_there_are_at_least_two_hundred_queries() -> None:
    assert sum(len(read_queries(path)) for path in QUERIES.glob("*.jsonl")) >= 200


def test_a_second_opening_uses_the_index_that_is_there(settings: Settings) -> None:
    open_index(settings)
    assert open_index(settings).note == "索引已就绪"


def test_a_damaged_index_is_rebuilt_and_says_so(settings: Settings) -> None:
    open_index(settings)
    (folder,) = [p for p in (settings.cache_dir / "index").iterdir() if p.is_dir()]
    data = bytearray((folder / "chroma.sqlite3").read_bytes())
    data[:4096] = bytes(4096)
    (folder / "chroma.sqlite3").write_bytes(bytes(data))
    rebuilt = open_index(settings)
    assert rebuilt.note == "索引损坏，已重建"
    assert rebuilt.search("违约金", limit=1)


def test_a_crash_while_building_leaves_the_old_index(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_index(settings)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(store_module, "_fill", crash)
        with pytest.raises(KeyboardInterrupt):
            open_index(settings, rebuild=True)
    assert open_index(settings).note == "索引已就绪"
    assert not list((settings.cache_dir / "index").glob(".building-*"))


def _open(cache: str) -> int:
    return open_index(Settings(engine="rules", cache_dir=Path(cache), _env_file=None)).size


def test_two_processes_may_start_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        sizes = pool.map(_open, [str(tmp_path)] * 2)
    assert sizes[0] == sizes[1] > 200


def test_a_cache_that_cannot_be_written_means_an_index_in_memory(
    settings: Settings, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    found = open_index(settings.model_copy(update={"cache_dir": blocked}))
    assert "只在内存中" in found.note
    assert found.search("违约金", limit=1)


def test_without_the_small_model_search_is_lexical_and_says_so(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "embedder_of", lambda settings: None)
    found = open_index(settings)
    assert "仅按词面检索" in found.note
    assert found.search("违约金过高请求减少", kind="law", limit=3)[0].id.startswith("民法典")


def _rebuild(cache: str) -> None:
    settings = Settings(engine="rules", cache_dir=Path(cache), _env_file=None)
    open_index(settings, rebuild=True)


def test_a_reader_goes_on_while_another_process_rebuilds(settings: Settings) -> None:
    reader = open_index(settings)
    before = reader.search("违约金", method="dense")
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        pool.apply(_rebuild, [str(settings.cache_dir)])
    assert reader.search("违约金", method="dense") == before


@pytest.mark.parametrize("name", ["data_level0.bin", "header.bin", "link_lists.bin"])
def test_damaged_vectors_are_noticed_before_chroma_opens_them(
    settings: Settings, name: str
) -> None:
    whole = open_index(settings).search("违约金", limit=3)
    (damaged,) = settings.cache_dir.rglob(name)
    damaged.write_bytes(bytes(damaged.stat().st_size))
    rebuilt = open_index(settings)
    assert rebuilt.note == "索引损坏，已重建"
    assert rebuilt.search("违约金", limit=3) == whole


def test_indexes_of_a_few_other_corpora_stay(settings: Settings, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "kpi.md").write_text("---\ncheck: kpi\n---\n响应不超过九秒。\n", encoding="utf-8")
    open_index(settings)
    theirs = settings.model_copy(update={"corpus": own})
    assert open_index(theirs).note == "索引已建立"
    assert open_index(settings).note == "索引已就绪"
    assert open_index(theirs).note == "索引已就绪"


def test_a_merchants_own_clauses_are_found_too(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "转包.md").write_text(
        "---\ncheck: subcontracting\n---\n服务商不得把活儿让给蓝鲸公司。\n", encoding="utf-8"
    )
    theirs = settings.model_copy(update={"corpus": tmp_path})
    (hit,) = open_index(theirs).search("能不能让给蓝鲸公司做", kind="clause", limit=1)
    assert (hit.id, hit.text) == ("subcontracting", "服务商不得把活儿让给蓝鲸公司。")


def test_a_wrong_corpus_file_is_an_error_and_the_index_stays(
    settings: Settings, tmp_path: Path
) -> None:
    open_index(settings)
    (tmp_path / "own.md").write_text("---\ncheck: nothing\n---\n正文\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=r"own\.md:2"):
        open_index(settings.model_copy(update={"corpus": tmp_path}), rebuild=True)
    assert open_index(settings).note == "索引已就绪"


def test_a_narrow_filter_leaves_everything_that_passes_it(shared: Index) -> None:
    articles = [d.id for d in shared.documents if d.law and "网络安全法" in d.law]
    hits = shared.search("明天天气怎么样", law="网络安全法", limit=50)
    assert sorted(hit.id for hit in hits) == sorted(articles)


def test_everyday_words_are_searched_as_the_formal_terms_too() -> None:
    words = {"换人": ("人员更换", "流失率")}
    assert expansion("他們老是換人，流失率高，怎麼約束", words) == "人员更换"
    assert expansion("违约金", words) == ""


def test_an_everyday_word_without_a_formal_term_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "synonyms").mkdir()
    (tmp_path / "synonyms" / "everyday.yaml").write_text("换人: 更换\n走人:\n", encoding="utf-8")
    with pytest.raises(CorpusInvalid, match=r"everyday\.yaml:2"):
        load_everyday(tmp_path)


def test_a_reason_names_shared_words_and_how_near_the_meaning_is(shared: Index) -> None:
    why = shared.search("外包客服私自导出订单", kind="clause")[0].why
    assert "共同词：" in why
    assert "语义相近 0." in why


@pytest.mark.parametrize(
    "path", sorted(QUERIES.rglob("*.jsonl")), ids=lambda p: f"{p.parent.stem}-{p.stem}"
)
def test_every_right_answer_of_a_query_exists(shared: Index, path: Path) -> None:
    ids = {document.id for document in shared.documents}
    for query in read_queries(path):
        assert query.relevant <= ids


def test_every_everyday_question_belongs_to_a_document(shared: Index) -> None:
    assert set(load_questions()) <= {document.id for document in shared.documents}


def test_no_everyday_question_repeats_a_query() -> None:
    def triples(text: str) -> set[str]:
        return {text[at : at + 3] for at in range(len(text) - 2)}

    asked = [triples(question) for lines in load_questions().values() for question in lines]
    queries = [triples(q.text) for path in QUERIES.rglob("*.jsonl") for q in read_queries(path)]
    assert max(len(q & a) / len(q) for q in queries if len(q) > 3 for a in asked) < 0.6


def test_no_query_stands_in_the_corpus(shared: Index) -> None:
    texts = {p for d in shared.documents for p in d.passages}
    queries = [q.text for path in QUERIES.rglob("*.jsonl") for q in read_queries(path)]
    assert [q for q in queries if q in texts] == []
    assert len(queries) == len(set(queries))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_a_chroma_server_can_hold_the_index(settings: Settings, tmp_path: Path) -> None:
    port = _free_port()
    chroma = shutil.which("chroma", path=str(Path(sys.executable).parent))
    assert chroma, "run make test: the chroma command comes with chromadb"
    with subprocess.Popen(
        [chroma, "run", "--host", "127.0.0.1", "--port", str(port), "--path", str(tmp_path / "c")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            for _ in range(100):
                with socket.socket() as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.1)
            there = settings.model_copy(update={"chroma_url": f"http://127.0.0.1:{port}"})
            assert open_index(there).search("违约金", kind="law", limit=1)
            assert open_index(there).note == "Chroma 服务"
        finally:
            server.terminate()


def test_a_chroma_server_that_is_down_is_one_clear_error(settings: Settings) -> None:
    there = settings.model_copy(update={"chroma_url": f"http://127.0.0.1:{_free_port()}"})
    with pytest.raises(ChatUnavailable, match="Chroma"):
        open_index(there)
    wrong = settings.model_copy(update={"chroma_url": "http://127.0.0.1:port"})
    with pytest.raises(ChatUnavailable, match="REVIEWER_CHROMA_URL"):
        open_index(wrong)


class _Embeddings(BaseHTTPRequestHandler):
    reply: bytes | None = None
    keys: ClassVar[set[str | None]] = set()

    def do_POST(self) -> None:
        self.keys.add(self.headers["Authorization"])
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["input"]
        rows = [
            {"index": n, "object": "embedding", "embedding": _vector(t)}
            for n, t in enumerate(asked)
        ]
        answer = {"object": "list", "data": rows, "model": "m", "usage": {}}
        body = self.reply or json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        return


def _vector(text: object) -> list[float]:
    counts = [0.01] * 64
    for token in tokens(str(text)):
        counts[sum(map(ord, token)) % 64] += 1
    return counts


@pytest.fixture
def endpoint() -> Iterator[str]:
    _Embeddings.keys.clear()
    server = HTTPServer(("127.0.0.1", 0), _Embeddings)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_embeddings_may_come_from_an_endpoint(settings: Settings, endpoint: str) -> None:
    asked = settings.model_copy(
        update={"embedding_base_url": endpoint, "embedding_model": "bag-of-characters"}
    )
    assert (
        open_index(asked).search("转包分包限制", kind="clause", limit=3)[0].id == "subcontracting"
    )


def test_an_embedding_endpoint_that_is_down_is_an_error_or_falls_back(settings: Settings) -> None:
    asked = settings.model_copy(
        update={
            "embedding_base_url": f"http://127.0.0.1:{_free_port()}/v1",
            "embedding_model": "m",
        }
    )
    with pytest.raises(ChatUnavailable, match="向量服务"):
        open_index(asked)
    assert "改用内置模型" in open_index(asked, fallback=True).note


def test_the_fallback_serves_when_the_endpoint_goes_down_after_the_index_was_built(
    settings: Settings, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = settings.model_copy(
        update={"embedding_base_url": endpoint, "embedding_model": "bag-of-characters"}
    )
    open_index(asked)
    monkeypatch.setattr(_Embeddings, "reply", b"<html>bad gateway</html>")
    with pytest.raises(ChatUnavailable, match="向量服务"):
        open_index(asked).search("违约金")
    found = open_index(asked, fallback=True)
    assert "改用内置模型" in found.note
    assert found.search("违约金", limit=1)


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"<html></html>", id="not-json"),
        pytest.param(b"{}", id="no-data"),
        pytest.param(b'{"object": "list", "data": [], "model": "m"}', id="no-rows"),
        pytest.param(b'{"data": [{"index": 0, "embedding": [NaN, 1]}]}', id="not-a-number"),
    ],
)
def test_a_malformed_answer_of_the_endpoint_is_one_clear_error(
    settings: Settings, endpoint: str, monkeypatch: pytest.MonkeyPatch, reply: bytes
) -> None:
    monkeypatch.setattr(_Embeddings, "reply", reply)
    asked = settings.model_copy(update={"embedding_base_url": endpoint, "embedding_model": "m"})
    with pytest.raises(ChatUnavailable, match="向量服务"):
        open_index(asked)


def test_a_model_that_changed_its_dimension_asks_for_a_rebuild(
    settings: Settings, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = settings.model_copy(update={"embedding_base_url": endpoint, "embedding_model": "m"})
    open_index(asked)
    reply = b'{"object": "list", "model": "m", "data": [{"index": 0, "embedding": [1.0, 2.0]}]}'
    monkeypatch.setattr(_Embeddings, "reply", reply)
    with pytest.raises(IndexStale, match="index build"):
        open_index(asked).search("违约金")


def test_the_chat_key_goes_to_no_other_host(settings: Settings, endpoint: str) -> None:
    update = {
        "embedding_base_url": endpoint,
        "embedding_model": "m",
        "api_key": SecretStr("chat-key"),
        "base_url": "https://api.example.com/v1",
    }
    asked = settings.model_copy(update=update)
    open_index(asked).search("违约金")
    assert _Embeddings.keys == {"Bearer none"}
    _Embeddings.keys.clear()
    own = asked.model_copy(update={"embedding_api_key": SecretStr("embedding-key")})
    open_index(own).search("违约金")
    assert _Embeddings.keys == {"Bearer embedding-key"}
