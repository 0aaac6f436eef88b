"""A receipt as a picture to keep on a phone: number, QR code, when; digits and letters only, so that it needs no fonts of ours."""

from __future__ import annotations

from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

WIDTH, EDGE = 720, 60
INK, SOFT, PAGE = "#15211D", "#4B5A54", "#FFFFFF"


def png(number: str, address: str, about: str) -> bytes:
    """PNG bytes, 720 px wide: `number` large, the QR of `address`, the address and `about` in small type below."""
    code = BytesIO()
    segno.make(address, error="m", micro=False).save(code, kind="png", scale=16, border=2, dark=INK, light=PAGE)
    square = Image.open(code).convert("RGB").resize((WIDTH - 2 * EDGE, WIDTH - 2 * EDGE), Image.Resampling.NEAREST)
    sheet = Image.new("RGB", (WIDTH, WIDTH + 260), PAGE)
    pen = ImageDraw.Draw(sheet)
    pen.text((WIDTH / 2, 80), number, INK, ImageFont.load_default(84), anchor="mm")
    sheet.paste(square, (EDGE, 140))
    pen.text((WIDTH / 2, WIDTH + 90), about, SOFT, ImageFont.load_default(26), anchor="mm")
    size = 26
    while size > 12 and pen.textlength(address, ImageFont.load_default(size)) > WIDTH - EDGE:
        size -= 2
    pen.text((WIDTH / 2, WIDTH + 150), address, SOFT, ImageFont.load_default(size), anchor="mm")
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()
