"""Settings from options, environment variables and a `.env` file."""

import re
from decimal import Decimal
from pathlib import Path
from typing import Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import AliasChoices, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a user can set; every field is also an environment variable `REVIEWER_…`.

    The key never shows: its type hides it in every rendering.
    """

    model_config = SettingsConfigDict(
        env_prefix="REVIEWER_", env_file=".env", extra="ignore", frozen=True, populate_by_name=True
    )

    engine: Literal["rules", "llm"] | None = None
    """None: `llm` when a key or a base URL is set, else `rules`."""
    playbook: str = "cs_outsourcing"
    side: Literal["client", "vendor"] | None = None
    """Which side 甲方 (the party named first) is on; None: decided from the text."""
    platform: str | None = Field(default=None, max_length=20)
    """Where the shop is (天猫, 京东 …), for wording where the contract does not say."""
    merchant_size: Literal["large", "small"] | None = None
    """Whether the merchant is a 大型企业; some rules bind those alone. None: not said."""
    category: Literal["general", "sensitive"] | None = None
    """`sensitive`: children's, medical or health goods. None: not said."""
    lang: Literal["zh", "en"] = "zh"
    base_url: str | None = None
    model: str | None = None
    api_key: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("REVIEWER_API_KEY", "OPENAI_API_KEY", "api_key")
    )
    preset: str | None = None
    """A known provider (openai, deepseek, qwen, ollama …) that supplies the base URL."""
    mask: bool = True
    """Whether personal data is masked before anything is sent."""
    mask_words: str = ""
    """Further words to mask, separated by commas: names that the patterns do not know."""
    budget_tokens: int | None = Field(default=None, gt=0)
    """Tokens, sent and received, that one review may use; None: no bound."""
    budget_cost: Decimal | None = Field(default=None, gt=0)
    """Cost of one review in the currency of the price table; None: no bound."""
    context_tokens: int | None = Field(default=None, gt=0)
    """What fits into the model; None: as the preset says, or as its error messages tell."""
    requests_per_minute: int | None = Field(default=None, gt=0)
    tokens_per_minute: int | None = Field(default=None, gt=0)
    retries: int = Field(default=3, ge=0, le=10)
    """How often a request that failed for a passing reason is sent again."""
    backoff_s: float = Field(default=1.0, ge=0)
    """Seconds before the first repetition; each further one waits twice as long."""
    concurrency: int = Field(default=8, ge=1, le=64)
    timeout_s: float = Field(default=120.0, gt=0)
    corpus: Path | None = None
    """A folder with the user's own clauses and positions."""
    chroma_url: str | None = None
    embedding_base_url: str | None = None
    embedding_model: str | None = None
    embedding_api_key: SecretStr | None = None
    """None: `api_key`, but only where the embeddings come from the host of the chat model."""
    max_file_mb: float = Field(default=50.0, gt=0)
    max_pages: int = Field(default=400, gt=0)
    parse_cpu_s: int = Field(default=30, gt=0)
    """Processor seconds for reading one file, recognition of pages and conversion not counted."""
    parse_wall_s: float = Field(default=60.0, gt=0)
    """Seconds that reading may go on without reaching the next page."""
    parse_memory_mb: int = Field(default=1536, ge=256)
    """Address space for reading one file, recognition and conversion not counted."""
    ocr: bool = True
    """Whether pages without usable text are recognised, where the extra is installed."""
    ocr_threads: int = Field(default=0, ge=0)
    """Threads of recognition; 0: as many as there are cores, four at most."""
    soffice: Path | None = None
    """The LibreOffice program; None: looked for on the path."""
    cache_dir: Path = Field(default_factory=lambda: user_cache_path("cs-contract-reviewer"))
    data_dir: Path = Field(default_factory=lambda: user_data_path("cs-contract-reviewer"))

    @property
    def work_dir(self) -> Path:
        """Return where private temporary folders are made."""
        return self.cache_dir / "work"

    @property
    def words_to_mask(self) -> tuple[str, ...]:
        """Return the words that the user wants masked besides what is found."""
        return tuple(w.strip() for w in re.split("[,，、;；]", self.mask_words) if w.strip())

    @property
    def engine_name(self) -> Literal["rules", "llm"]:
        """Return the engine to use: without a key and a base URL it is `rules`."""
        if self.engine:
            return self.engine
        return "llm" if self.base_url or self.api_key or self.preset else "rules"
