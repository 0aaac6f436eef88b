"""PDF from the HTML of a print view: WeasyPrint with the fonts of this machine, which it embeds; nothing is fetched."""

from __future__ import annotations

from PIL import ImageFile

from services.errors import Conflict

MISSING = "PDF needs pango on the server (Debian: libpango-1.0-0 and libpangoft2-1.0-0). Print the page instead."
SHEET = "@page{size:A4;margin:16mm 15mm 18mm;@bottom-right{content:counter(page) ' / ' counter(pages);font-size:9pt;color:#4B5A54}}"
LIGHT = ":root{color-scheme:light}body{max-width:none;padding:0;min-height:0;display:block}"


def from_html(html: str) -> bytes:
    """The page as PDF bytes. Pictures are those that the page carries itself. Raises Conflict where pango is missing."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except OSError:
        raise Conflict(MISSING) from None
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint sets it for the whole process; an upload that is cut off stays refused
    carried = URLFetcher(allowed_protocols={"data"})
    return bytes(HTML(string=html, url_fetcher=carried).write_pdf(stylesheets=[CSS(string=SHEET + LIGHT)]))
