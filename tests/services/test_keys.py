"""The key file: made once, private, and never silently replaced."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from services import keys


def test_made_once_for_all_who_come_together(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = {keys.public_bytes(key) for key in pool.map(lambda _: keys.signing_key(tmp_path), range(32))}
    assert len(found) == 1
    assert [path.name for path in keys.folder(tmp_path).iterdir()] == [keys.FILE]
    assert stat.S_IMODE((keys.folder(tmp_path) / keys.FILE).stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.folder(tmp_path).stat().st_mode) == 0o700


def test_an_open_file_is_refused(tmp_path: Path) -> None:
    keys.signing_key(tmp_path)
    (keys.folder(tmp_path) / keys.FILE).chmod(0o644)
    with pytest.raises(keys.KeyTrouble, match="chmod 600"):
        keys.signing_key(tmp_path)


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff" * 100])
def test_a_broken_file_is_refused_and_kept(tmp_path: Path, content: bytes) -> None:
    keys.signing_key(tmp_path)
    path = keys.folder(tmp_path) / keys.FILE
    path.write_bytes(content)
    with pytest.raises(keys.KeyTrouble):
        keys.signing_key(tmp_path)
    assert path.read_bytes() == content


def test_another_kind_of_key_is_refused(tmp_path: Path) -> None:
    keys.signing_key(tmp_path)
    pem = X25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (keys.folder(tmp_path) / keys.FILE).write_bytes(pem)
    with pytest.raises(keys.KeyTrouble, match="Ed25519"):
        keys.signing_key(tmp_path)
