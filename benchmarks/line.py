"""A phone without memory: plain HTTP/1.1 over a fresh connection for each request, as small as it can be, with its cookies."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from urllib.parse import urlencode

AGENT = "Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 Mobile"


@dataclass
class Phone:
    """One browser: `cookies` by name. Each `ask` opens a connection of its own."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    async def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (the last of each name), body. Raises OSError for a line that breaks."""
        body = urlencode(form).encode() if form is not None else b""
        host = f"localhost:{self.port}"
        lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", f"User-Agent: {AGENT}", "Accept: text/html", "Connection: close"]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if form is not None:
            lines += [f"Origin: http://{host}", "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            writer.write("\r\n".join([*lines, "", ""]).encode() + body)
            await writer.drain()
            raw = await reader.read()
        finally:
            writer.close()
        head, _, content = raw.partition(b"\r\n\r\n")
        status, *rest = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in rest:
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
            if name.lower() == "set-cookie":
                key, _, kept = value.partition(";")[0].partition("=")
                self.cookies[key] = kept
        return int(status.split()[1]), headers, content
