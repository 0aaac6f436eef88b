"""The installation's signing key: an Ed25519 key in a file of the data folder that only its owner can read, and in no bundle."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.errors import Trouble
from services.rules.note import Checkpoint, Key, Note

FILE = "log.pem"


class KeyTrouble(Trouble):
    """The key file cannot be used: the message names the file and says what to do."""


def folder(data_dir: Path) -> Path:
    """Where keys lie: apart from everything that is backed up together or served."""
    return data_dir / "keys"


def signing_key(data_dir: Path) -> Ed25519PrivateKey:
    """The private key, made on first use. Two processes that start together end with the same one. Raises KeyTrouble."""
    path = folder(data_dir) / FILE
    if not path.exists():
        _make(path)
    try:
        if stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise KeyTrouble(f"{path} can be read by others: run chmod 600 on it, and see docs/operations.md if it may have been copied")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as wrong:
        raise KeyTrouble(f"{path} cannot be read as a key ({type(wrong).__name__}): put the saved one back") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyTrouble(f"{path} is not an Ed25519 key: put the saved one back")
    return key


def _make(path: Path) -> None:
    made = Ed25519PrivateKey.generate()
    _keep(path, made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))


def keep(data_dir: Path, pem: bytes) -> None:
    """Put a saved key (PEM) back where there is none; one that is there stays, whatever it is."""
    _keep(folder(data_dir) / FILE, pem)


def _keep(path: Path, pem: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.parent.chmod(0o700)
    draft = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        return  # another process was faster; its key is the key
    finally:
        draft.unlink()


def public_bytes(key: Ed25519PrivateKey) -> bytes:
    """The 32 bytes of the public half."""
    return key.public_key().public_bytes_raw()


def signed(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> Note:
    """The checkpoint as a note, signed under the log's origin as the key's name."""
    key = Key(checkpoint.origin, public_bytes(private))
    text = checkpoint.text()
    return Note(text, ((key.name, key.id, private.sign(text.encode())),))


def verified(note: Note, key: Key) -> bool:
    """Whether `key` signed the text of `note`; other keys' signatures are passed over."""
    for signature in note.by(key):
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, note.text.encode())
        except (InvalidSignature, ValueError):
            return False
        return True
    return False
