"""Which address `make run` gives to phones: none for this machine alone, else one that they can open, first."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from scripts import public_address
from services import addresses
from services.settings import Settings


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", ""), ("localhost", ""), ("::1", ""), ("127.0.0.2", ""), ("192.168.1.20", "http://192.168.1.20:9000"),
        ("yiqi.lan", "http://yiqi.lan:9000"), ("fd00::5", "http://[fd00::5]:9000"),
        ("0.0.0.0", "http://10.1.2.3:9000,http://localhost:9000,http://127.0.0.1:9000"),
    ],
)  # fmt: skip
def test_what_phones_are_told(host: str, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_address, "own_address", lambda: "10.1.2.3")
    assert public_address.public_url(host, 9000) == address
    given = Settings(public_url=address)  # type: ignore[arg-type]
    monkeypatch.setattr(addresses, "settings", lambda: given)
    assert addresses.reached() == bool(address)
    assert not address or addresses.home() == address.split(",")[0]


@pytest.mark.parametrize("found", [lambda: "", public_address.own_address])
def test_a_machine_without_a_network_serves_itself(found: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public_address, "own_address", found)
    said = public_address.public_url("0.0.0.0", 8501)
    assert bool(said) == bool(found()) and not said.startswith("http://127.")
