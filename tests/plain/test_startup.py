"""The check of settings at the start: every one that must hold, refused by name in one line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from streamlit import config

from services import logs, startup
from services.settings import settings


def wrong(value: Any) -> Any:
    """Another value of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case list():
            return ["*"]
        case dict():
            return {}
    return f"{value}x"


@pytest.fixture(autouse=True)
def untouched(on_sqlite: Engine, data_dir: Path) -> Iterator[None]:
    """Streamlit's options as they were."""
    before = {name: (option.value, option.where_defined) for name, option in config.get_config_options().items()}
    main = config._main_script_path
    yield
    config._main_script_path = main
    for name, (value, where) in before.items():
        config.get_config_options()[name].set_value(value, where)
    logs.end()


def test_what_nobody_set_is_filled_in() -> None:
    startup.refuse_wrong_settings()
    assert {name: config.get_option(name) for name in startup.MUST} == startup.MUST
    assert config.get_option("server.allowedHosts") == ["127.0.0.1", "localhost"]
    assert config.get_option("theme.light.primaryColor") == "#0B5F50"


@pytest.mark.parametrize("name", [*startup.MUST, "server.allowedHosts"])
def test_each_wrong_setting_is_refused_by_name(name: str) -> None:
    startup.refuse_wrong_settings()
    config.set_option(name, wrong(config.get_option(name)), "a test")
    with pytest.raises(SystemExit) as end:
        startup.refuse_wrong_settings()
    said = str(end.value)
    assert said.startswith(f"Not started: {name} is ") and "\n" not in said


def test_the_hosts_follow_the_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIQI_PUBLIC_URL", "https://yiqi.example, http://10.0.0.5:8501")
    settings.cache_clear()
    startup.refuse_wrong_settings()
    assert config.get_option("server.allowedHosts") == ["10.0.0.5", "yiqi.example"]
