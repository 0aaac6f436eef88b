"""Settings: environment variables YIQI_…, read once, typed; an unknown one is an error (docs/operations.md lists them)."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

HOME = Path(__file__).resolve().parents[1]
VERSION = "0.1.0"


class Settings(BaseSettings):
    """All settings. Paths hang on the project folder, never on the caller's."""

    model_config = SettingsConfigDict(env_prefix="YIQI_", extra="forbid", frozen=True)

    data_dir: Path = Path("var")
    database_url: str = ""
    public_url: Annotated[tuple[str, ...], NoDecode] = ()
    demo: bool = False
    trusted_proxy: str = ""
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")
    tick_seconds: int = Field(1, ge=1, le=60)

    @field_validator("data_dir")
    @classmethod
    def _inside_project(cls, value: Path) -> Path:
        return HOME / value

    @field_validator("public_url", mode="before")
    @classmethod
    def _origins(cls, value: object) -> tuple[str, ...]:
        parts = [part.strip().rstrip("/") for part in str(value).split(",")] if isinstance(value, str) else list(value or ())  # type: ignore[call-overload]
        for part in parts:
            if part and not part.startswith(("http://", "https://")):
                raise ValueError("an address such as https://yiqi.example, several with commas")
        return tuple(part for part in parts if part)

    @property
    def url(self) -> str:
        """Where the database is: an SQLAlchemy URL; SQLite in the data folder unless one is set."""
        given = self.database_url or f"sqlite:///{self.data_dir / 'yiqi.db'}"
        return given.replace("postgresql://", "postgresql+psycopg://", 1).replace("postgres://", "postgresql+psycopg://", 1)

    @property
    def sqlite(self) -> bool:
        return self.url.startswith("sqlite")


@cache
def settings() -> Settings:
    """The settings of this process. Raises SystemExit with one line that names the wrong variable."""
    known = {f"YIQI_{name.upper()}" for name in Settings.model_fields}
    if unknown := sorted(name for name in os.environ if name.startswith("YIQI_") and name not in known):
        raise SystemExit(f"Not started: unknown setting {', '.join(unknown)}; docs/operations.md lists the known ones.")
    try:
        return Settings()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        raise SystemExit(f"Not started: YIQI_{str(first['loc'][0]).upper()}: {first['msg']}.") from None
