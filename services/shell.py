"""Streamlit's first document and its static files, as we send them: in the reader's language, compressed, kept on disk."""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
import os
import re
from collections.abc import Callable
from functools import cache
from html import escape
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import NamedTemporaryFile

import brotli

from services import addresses, assets, logs
from services.i18n import LANGS, N_, text
from services.settings import settings

STATIC = Path(str((find_spec("streamlit") or object()).origin)).parent / "static"  # type: ignore[attr-defined]
_PACKED = {".js", ".css", ".json", ".svg", ".wasm", ".ttf", ".otf"}
_IN_MEMORY = 48_000_000
# Chunks that nearly every page of ours asks for beside those that the first document names.
_SOON = re.compile(
    r"^(TextInput|TextArea|Selectbox|Multiselect|Checkbox|Radio|ButtonGroup|Button|FormSubmit|Form|FileUploader|DateInput|DateTimeInput"
    r"|TimeInput|NumberInput|Tabs|Expander|Popover|Dialog|Toast|Pagination|DataFrame|Html|Markdown|Json|Progress|Spinner|DownloadButton"
    r"|LinkButton|PageLink|MenuButton|BidiComponent|ArrowVegaLiteChart|embed|arrowFormatUtils|ImageList|Skeleton|Audio|Feedback)[.-]"
)
_DARK = "@media(prefers-color-scheme:dark){:root{--p:#0F1513;--i:#B4C2BC;--b:#62CDB1}}"
_STYLE = (
    "<style>:root{--p:#F4F6F4;--i:#4B5A54;--b:#0B5F50}" + _DARK + "body{background:var(--p);margin:0}"
    ".yiqi-first{min-height:88vh;display:grid;place-content:center;justify-items:center;gap:1rem;color:var(--i);padding:1rem;text-align:center;"
    "font:1rem/1.6 'PingFang SC','HarmonyOS Sans SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif}"
    ".yiqi-first i{width:4rem;height:4rem;background:var(--b);"
    "-webkit-mask:url(MARK) center/contain no-repeat;mask:url(MARK) center/contain no-repeat}"
    ".yiqi-first p{margin:0;max-width:30em}.yiqi-first a{color:var(--b)}</style>"
)


@cache
def installed() -> str:
    """The first document as Streamlit ships it."""
    return (STATIC / "index.html").read_text(encoding="utf-8")


@cache
def document(lang: str, px: int) -> bytes:
    """The first document in `lang` with a type of `px`: title, waiting words, our script, nothing that points at the agent's door.

    Raises RuntimeError when the installed document is not the one this was written for.
    """
    mark, script = assets.address("mark.svg"), assets.address("i18n.js")
    # In the body: they must come after what Streamlit writes into the head, and load once instead of with every run.
    sheets = "".join(f'<link rel="stylesheet" href="{assets.address(name)}">' for name in ("look.css", "frame.css"))
    says = {name: escape(text(lang, words)) for name, words in _WORDS.items()}
    page = re.sub(r"<!--.*?-->\s*", "", installed(), flags=re.S)
    changes = [
        (r'<html lang="en">', f'<html lang="{lang}" style="font-size:{px}px">'),
        (r"<title>Streamlit</title>", f"<title>{says['title']}</title>"),
        (r'<link rel="shortcut icon" href="[^"]*" />', f'<link rel="icon" href="{mark}" />{_STYLE.replace("MARK", mark)}'),
        (r'\s*<link rel="service-desc"[^>]*/>', ""),
        (r"<link\s+rel=\"preload\"[^>]*SourceSans[^>]*/>\s*", ""),
        (r'<script type="module"', f'<script src="{script}" defer></script><script type="module"'),
        (
            r"<noscript>.*?</noscript>",
            f'<noscript><style>#root .yiqi-first{{display:none}}</style><div class="yiqi-first"><i></i><p>{says["script"]}</p>'
            + "".join(f'<p><a href="{to}">{says[name]}</a></p>' for to, name in _WITHOUT.items())
            + "</div></noscript>",
        ),
        (
            r'<div id="root"></div>',
            f'<div id="root"><div class="yiqi-first" role="status"><i aria-hidden="true"></i><p>{says["wait"]}</p></div></div>{sheets}',
        ),
    ]
    for pattern, instead in changes:
        page, count = re.subn(pattern, lambda _, new=instead: new, page, count=1, flags=re.S)  # type: ignore[misc]
        if count != 1:
            raise RuntimeError(f"the first document of streamlit {version('streamlit')} has changed: no {pattern}")
    return page.replace('href="./', 'href="/').replace('src="./', 'src="/').encode()


_WORDS = {
    "title": N_("Yiqi"),
    "wait": N_("Opening…"),
    "script": N_("This page needs JavaScript, and your browser has it switched off. These work without:"),
    "report": N_("Tell us what is wrong"),
    "propose": N_("Write a proposal"),
    "join": N_("Join a meeting"),
    "vote": N_("Vote with a code"),
    "login": N_("Sign in"),
}
_WITHOUT = {"/report": "report", "/propose": "propose", "/j": "join", "/b": "vote", "/auth/login": "login"}


@cache
def packed_document(lang: str, px: int, coding: str) -> bytes:
    """The same, compressed as `coding` ("br", "gzip" or "") says."""
    return _pack(document(lang, px), coding)


@cache
def script_hashes() -> tuple[str, ...]:
    """The inline scripts of the installed document and of ours, as the content security policy names them."""
    pages = [installed(), *(document(lang, px).decode() for lang in LANGS for px in addresses.SIZES.values())]
    found = {script for page in pages for script in re.findall(r"<script>(.*?)</script>", page, flags=re.S)}
    return tuple(sorted(f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" for each in found))


def is_shell(headers: list[tuple[bytes, bytes]]) -> bool:
    """True for the headers with which Streamlit sends the first document uncompressed."""
    have = dict(headers)
    length = str(len(installed().encode())).encode()
    return have.get(b"content-length") == length and have.get(b"content-type", b"").startswith(b"text/html") and b"etag" in have


# ---- compressed files


def coding(accept: str) -> str:
    """The best coding that a browser with this Accept-Encoding takes: "br", "gzip" or ""."""
    taken = {part.split(";")[0].strip() for part in accept.lower().split(",") if not re.search(r";\s*q=0(\.0*)?\s*$", part)}
    return "br" if "br" in taken else "gzip" if "gzip" in taken else ""


def _pack(body: bytes, how: str) -> bytes:
    if how == "br":
        return bytes(brotli.compress(body, quality=9))
    return gzip.compress(body, 9, mtime=0) if how == "gzip" else body


class Compressed:
    """Streamlit's own scripts and sheets, compressed once and kept in the data folder under the version they belong to."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or settings().data_dir / "cache" / f"streamlit-{version('streamlit')}"
        self._held: dict[str, bytes] = {}
        self._size = 0

    def kind(self, path: str) -> str | None:
        """The media type of a file that is served compressed, None for all others. `path` is that of the address."""
        file = self._file(path)
        return (mimetypes.guess_type(file.name)[0] or "application/octet-stream") if file else None

    def held(self, path: str, how: str) -> bytes | None:
        """The compressed file if it is in memory already."""
        return self._held.get(f"{path} {how}")

    def get(self, path: str, how: str) -> bytes | None:
        """The compressed file, made now if need be; call it off the event loop."""
        if (found := self.held(path, how)) is not None:
            return found
        file = self._file(path)
        if file is None:
            return None
        kept = self.folder / f"{hashlib.sha256(path.encode()).hexdigest()[:32]}.{how}"
        if kept.exists():
            body = kept.read_bytes()
        else:
            body = _pack(file.read_bytes(), how)
            self._keep(kept, body)
        if self._size + len(body) <= _IN_MEMORY:
            self._held[f"{path} {how}"] = body
            self._size += len(body)
        return body

    def warm(self, stop: Callable[[], bool] = lambda: False) -> int:
        """Compress what a first visit asks for, until `stop` says so; returns how many files. A disk that is full costs time only."""
        first = re.findall(r'(?:src|href)="\./(static/(?:js|css)/[^"]+)"', installed())
        soon = [f"static/js/{file.name}" for file in sorted((STATIC / "static" / "js").iterdir()) if _SOON.match(file.name)]
        names = list(dict.fromkeys(f"/{name}" for name in first + soon))
        for count, name in enumerate(names):
            if stop():
                return count
            self.get(name, "br")
        return len(names)

    @staticmethod
    def _file(path: str) -> Path | None:
        if not re.fullmatch(r"/static/(?:js|css|media)/[\w.@-]+", path) or ".." in path:
            return None
        file = STATIC / path.removeprefix("/")
        return file if file.suffix in _PACKED and file.is_file() else None

    def _keep(self, kept: Path, body: bytes) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with NamedTemporaryFile(dir=self.folder, delete=False) as made:
                made.write(body)
            os.replace(made.name, kept)
        except OSError as full:
            logs.bug(full, "cache")


@cache
def compressed() -> Compressed:
    """The one of this process."""
    return Compressed()
