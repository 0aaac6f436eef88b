"""Small drawings for the demo's attachments: plans and views in plain shapes, no photograph of anybody or any place."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

WIDE, HIGH = 960, 640
PAPER, INK, GREY, GREEN, LEAF, WATER, ROAD, BRICK, SUN = (
    "#f7f6f1", "#2b3632", "#b9c1bc", "#0f5f4f", "#8cb8a0", "#8fb6cf", "#6d7572", "#c98a63", "#e8b84a",
)  # fmt: skip
Pen = ImageDraw.ImageDraw


def drawn(picture: str, chance: Random) -> bytes:
    """The drawing of this name, as PNG; `chance` places trees and puddles. KeyError for one that does not exist."""
    sheet = Image.new("RGB", (WIDE, HIGH), PAPER)
    PICTURES[picture](ImageDraw.Draw(sheet), chance)
    kept = BytesIO()
    sheet = sheet.resize((WIDE * 3 // 4, HIGH * 3 // 4), Image.Resampling.BILINEAR)
    sheet.save(kept, "PNG", compress_level=1)
    return kept.getvalue()


def _frame(pen: Pen) -> None:
    """The edge of a plan, a scale and an arrow to the north."""
    pen.rectangle((24, 24, WIDE - 24, HIGH - 24), outline=INK, width=3)
    for part in range(4):
        pen.rectangle((60 + part * 50, HIGH - 60, 110 + part * 50, HIGH - 48), fill=INK if part % 2 else PAPER, outline=INK, width=2)
    pen.polygon(((WIDE - 80, 60), (WIDE - 96, 110), (WIDE - 80, 98), (WIDE - 64, 110)), fill=INK)


def _tree(pen: Pen, x: int, y: int, size: int = 26) -> None:
    pen.ellipse((x - size, y - size, x + size, y + size), fill=LEAF, outline=GREEN, width=3)
    pen.ellipse((x - 4, y - 4, x + 4, y + 4), fill=GREEN)


def _measure(pen: Pen, x0: int, x1: int, y: int) -> None:
    """A line with ticks at both ends, as in a plan with measures."""
    pen.line((x0, y, x1, y), fill=INK, width=2)
    for x in (x0, x1):
        pen.line((x - 7, y + 7, x + 7, y - 7), fill=INK, width=3)


def _courtyard(pen: Pen, chance: Random) -> None:
    _frame(pen)
    pen.rectangle((90, 80, 780, 180), fill=GREY, outline=INK, width=3)
    for x in (320, 550):
        pen.line((x, 80, x, 180), fill=INK, width=2)
    pen.rectangle((60, 300, WIDE - 60, 400), fill=ROAD)
    pen.line((80, 350, WIDE - 80, 350), fill=PAPER, width=3)
    for x in range(120, 860, 150):
        _tree(pen, x + chance.randint(-20, 20), 240)
    for x in range(110, 820, 60):
        pen.line((x, 420, x, 500), fill=INK, width=3)
    pen.line((110, 500, 815, 500), fill=INK, width=3)
    _measure(pen, 60, WIDE - 60, 540)


def _puddles(pen: Pen, chance: Random) -> None:
    pen.polygon(((0, HIGH), (WIDE, HIGH), (640, 220), (320, 220)), fill=ROAD)
    pen.rectangle((0, 90, 280, 230), fill=GREY, outline=INK, width=3)
    pen.rectangle((700, 70, WIDE, 230), fill=GREY, outline=INK, width=3)
    for _ in range(7):
        x, y = chance.randint(260, 680), chance.randint(300, 590)
        long = 30 + (y - 260) // 4
        pen.ellipse((x - long, y - long // 4, x + long, y + long // 4), fill=WATER, outline=INK, width=2)
    for x in (60, 150, 780, 880):
        _tree(pen, x, 280, 40)


def _lift(pen: Pen, _: Random) -> None:
    pen.line((40, 590, WIDE - 40, 590), fill=INK, width=4)
    for floor in range(6):
        y = 500 - floor * 85
        pen.rectangle((120, y, 520, y + 85), outline=INK, width=3, fill=PAPER)
        for x in (150, 250, 350, 450):
            pen.rectangle((x, y + 22, x + 42, y + 62), fill=WATER, outline=INK, width=2)
    pen.rectangle((540, 60, 660, 590), outline=GREEN, width=5)
    pen.rectangle((552, 250, 648, 350), fill=LEAF, outline=GREEN, width=3)
    pen.line((600, 60, 600, 250), fill=GREEN, width=3)
    _measure(pen, 540, 660, 612)
    for floor in range(6):
        pen.line((520, 585 - floor * 85, 540, 585 - floor * 85), fill=GREEN, width=5)


def _ramp(pen: Pen, _: Random) -> None:
    pen.rectangle((560, 120, 860, 560), fill=GREY, outline=INK, width=3)
    pen.rectangle((650, 300, 750, 480), fill=BRICK, outline=INK, width=3)
    pen.polygon(((120, 560), (560, 480), (560, 560)), fill=LEAF, outline=GREEN, width=3)
    pen.line((120, 480, 560, 400), fill=GREEN, width=6)
    for x in range(140, 560, 70):
        y = 560 - (x - 120) * 80 // 440
        pen.line((x, y, x, y - 80), fill=GREEN, width=4)
    pen.line((40, 560, WIDE - 40, 560), fill=INK, width=4)
    _measure(pen, 120, 560, 596)


def _bikes(pen: Pen, _: Random) -> None:
    pen.polygon(((90, 220), (870, 160), (870, 190), (90, 250)), fill=GREEN)
    for x in (130, 480, 830):
        pen.line((x, 230, x, 540), fill=INK, width=7)
    for x in range(170, 800, 150):
        for wheel in (0, 78):
            pen.ellipse((x + wheel, 470, x + wheel + 62, 532), outline=INK, width=5)
        pen.line((x + 31, 501, x + 60, 440, x + 109, 501), fill=BRICK, width=5, joint="curve")
        pen.line((x + 60, 440, x + 92, 430), fill=INK, width=5)
    pen.rectangle((840, 330, 880, 430), fill=SUN, outline=INK, width=3)
    pen.line((40, 540, WIDE - 40, 540), fill=INK, width=4)


def _lamp(pen: Pen, chance: Random) -> None:
    pen.rectangle((0, 0, WIDE, HIGH), fill="#33413d")
    for _ in range(26):
        x, y = chance.randint(10, WIDE - 10), chance.randint(10, 240)
        pen.ellipse((x, y, x + 3, y + 3), fill=PAPER)
    for x in (220, 640):
        pen.polygon(((x, 200), (x - 150, 560), (x + 150, 560)), fill="#4d5a4a")
        pen.line((x, 200, x, 560), fill=GREY, width=8)
        pen.ellipse((x - 30, 176, x + 30, 224), fill=SUN)
    pen.rectangle((0, 560, WIDE, HIGH), fill=ROAD)


def _garden(pen: Pen, chance: Random) -> None:
    _frame(pen)
    pen.ellipse((220, 130, 740, 520), outline=BRICK, width=30)
    pen.rectangle((450, 300, 510, 350), fill=BRICK, outline=INK, width=3)
    for _ in range(16):
        _tree(pen, chance.randint(90, 880), chance.choice((90, 110, 530, 300, 330)), chance.randint(14, 28))
    for x, y in ((330, 250), (600, 250), (330, 410), (600, 410)):
        pen.rectangle((x, y, x + 80, y + 18), fill=INK)


def _wires(pen: Pen, chance: Random) -> None:
    pen.rectangle((80, 60, 380, 600), fill=GREY, outline=INK, width=3)
    pen.rectangle((600, 120, 900, 600), fill=GREY, outline=INK, width=3)
    for y in range(120, 560, 120):
        for x in (120, 250, 650, 780):
            pen.rectangle((x, y, x + 70, y + 60), fill=WATER, outline=INK, width=2)
    for _ in range(6):
        y, low = chance.randint(100, 260), chance.randint(300, 460)
        pen.line((380, y, 490, low, 600, y + 30), fill=INK, width=4, joint="curve")


def _play(pen: Pen, _: Random) -> None:
    pen.ellipse((80, 460, 880, 620), fill=SUN, outline=INK, width=2)
    pen.line((180, 520, 300, 180, 420, 520), fill=INK, width=9, joint="curve")
    pen.line((300, 180, 560, 180), fill=INK, width=9)
    pen.line((440, 520, 560, 180, 680, 520), fill=INK, width=9, joint="curve")
    for x in (370, 480):
        pen.line((x, 180, x, 430), fill=GREEN, width=4)
        pen.line((x - 26, 430, x + 26, 430), fill=BRICK, width=10)
    pen.polygon(((720, 520), (850, 260), (870, 270), (760, 530)), fill=GREEN)


def _pipes(pen: Pen, _: Random) -> None:
    _frame(pen)
    pen.rectangle((60, 120, WIDE - 60, 200), fill=ROAD)
    pen.line((80, 330, 880, 420), fill=WATER, width=34)
    pen.line((80, 330, 880, 420), fill=INK, width=2)
    for x in (200, 460, 720):
        y = 330 + (x - 80) * 90 // 800
        pen.line((x, 200, x, y), fill=INK, width=14)
        pen.ellipse((x - 34, y - 34, x + 34, y + 34), fill=PAPER, outline=INK, width=5)
    _measure(pen, 200, 460, 500)


PICTURES: dict[str, Callable[[Pen, Random], None]] = {
    "courtyard": _courtyard, "puddles": _puddles, "lift": _lift, "ramp": _ramp, "bikes": _bikes, "lamp": _lamp, "garden": _garden,
    "wires": _wires, "play": _play, "pipes": _pipes,
}  # fmt: skip
