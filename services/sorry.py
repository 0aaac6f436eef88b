"""The few pages that the guard answers with by itself: one sentence in both languages, nothing from the database."""

from __future__ import annotations

from html import escape

from services import assets, installation
from services.i18n import LANGS, N_, text

_STYLE = (
    ":root{color-scheme:light dark;--p:#F4F6F4;--i:#15211D;--s:#4B5A54;--b:#0B5F50;--f:#0B5F50;--l:#D5DCD8}"
    "@media(prefers-color-scheme:dark){:root{--p:#0F1513;--i:#E9EFEC;--s:#B4C2BC;--b:#62CDB1;--f:#1B7F6B;--l:#33403A}}"
    "*{box-sizing:border-box;margin:0}body{min-height:100vh;display:grid;place-content:center;padding:1.1rem;background:var(--p);"
    "color:var(--i);line-break:strict;"
    "font:PXpx/1.6 'PingFang SC','HarmonyOS Sans SC',MiSans,'Microsoft YaHei','Noto Sans CJK SC',sans-serif}html{font-size:PXpx}"
    "img{width:3.2rem;height:3.2rem}main{max-width:30rem;display:grid;gap:1.4rem}p{color:var(--s)}"
    "h1{font-size:1.667rem;line-height:1.35;text-wrap:balance;overflow-wrap:anywhere}"
    ".o{border-top:1px solid var(--l);padding-top:1rem;font-size:.889rem}"
    ".d{position:fixed;inset:0 0 auto;padding:.3rem 1.1rem;text-align:center;background:#F2B705;color:#15211D;font-size:.833rem}"
    ":lang(en){font-family:-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}"
    "a{display:inline-flex;align-items:center;min-height:3rem;padding:0 1.4rem;border-radius:.5rem;background:var(--f);color:#fff;"
    "text-decoration:none;font-weight:700;overflow-wrap:anywhere}:focus-visible{outline:3px solid var(--b);outline-offset:2px}"
)

BROKEN = N_(
    "Something went wrong here and it was not done. Please try once more; if it happens again, tell the community this number: {id}."
)
NO_PAGE = N_("There is no page at this address.")
NOT_HERE = N_("Open Yiqi at this address: {address}")
NOT_HERE_WHY = N_("You came in under another name, {name}. Whoever looks after this server can allow that name with YIQI_PUBLIC_URL.")
ELSEWHERE = N_("This was sent from another site, so it was not taken. Open the page here and send it again.")
TOO_LARGE = N_("That is too large to send at once: at most {n} MB. Choose a smaller file and send it again.")
SIGN_IN = N_("Please sign in before you add a file.")
NOT_SO = N_("This address does not take that. Go back and try again.")
UNREADABLE = N_("This address cannot be read. Type it again, or scan the code again.")
HOME = N_("To the first page")
DEMO = N_("Demo: the people and matters are made up.")


def plain(lang: str, message: str, **values: str) -> bytes:
    """The sentence alone, for callers that want no HTML."""
    return (text(lang, message, **values) + "\n").encode()


def page(lang: str, message: str, *, px: int = 18, why: str = "", way: tuple[str, str] | None = None, **values: str) -> bytes:
    """A whole page: the sentence, a reason under it, a way out (label id and address; the first page if none), the other language below."""
    other = next(each for each in LANGS if each != lang)
    label, address = way or (HOME, "/")

    def say(language: str, words: str) -> str:
        return escape(text(language, words, **values))

    demo = f'<p class="d">{say(lang, DEMO)}</p>' if installation.known_demo() else ""
    mark, style = assets.address("mark.svg"), _STYLE.replace("PX", str(px))
    reason = f"<p>{say(lang, why)}</p>" if why else ""
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<title>{say(lang, N_("Yiqi"))}</title><link rel="icon" href="{mark}"><style>{style}</style></head>'
        f'<body>{demo}<main><img src="{mark}" alt=""><h1>{say(lang, message)}</h1>{reason}'
        f'<div><a href="{escape(address, quote=True)}">{say(lang, label)}</a></div>'
        f'<p class="o" lang="{other}">{say(other, message)}</p></main></body></html>'
    ).encode()
