"""The frame around every Streamlit page: navigation, who is here, language and size of type, the demo's mark."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from copy import copy
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote, urlencode, urlsplit

import streamlit as st
from markupsafe import Markup
from streamlit.navigation.page import StreamlitPage

from models.vocabulary import Role
from pages.kit import clock_mover, door, look
from pages.kit.html import h, label, m, show, user_line
from pages.kit.words import N_, OTHER, demo_mark, duration, lang, moment, size, speaking, t
from services import actors, clock
from services.actors import Actor
from services.db import EVERYWHERE, reading
from services.reads.house import Doorplate, doorplate

TODAY, DELIBERATION, DELIVERY, OPEN = N_("Today"), N_("Deliberation"), N_("Delivery"), N_("In the open")
SECTIONS = (TODAY, DELIBERATION, DELIVERY, OPEN)


def everybody(_: Actor) -> bool:
    return True


def signed_in(actor: Actor) -> bool:
    return actor.person_id is not None


def desk(actor: Actor) -> bool:
    """Those who work at a committee desk or steer its meetings."""
    return actor.holds(Role.COMMITTEE, Role.CHAIR, Role.GRID_WORKER, Role.ADMINISTRATOR)


def knows_homes(actor: Actor) -> bool:
    """Those who see who lives where."""
    return actor.holds(Role.GRID_WORKER, Role.COMMITTEE, Role.ADMINISTRATOR)


def answers(actor: Actor) -> bool:
    """Those who answer concerns."""
    return actor.holds(Role.GRID_WORKER, Role.COMMITTEE)


def reviews(actor: Actor) -> bool:
    """Those who read proposals before they come to a table."""
    return actor.holds(Role.COMMITTEE)


def oversees(actor: Actor) -> bool:
    """Those who look into roles, settings or the log."""
    return actor.holds(Role.ADMINISTRATOR, Role.COMMITTEE, Role.SUPERVISOR)


def nobody(_: Actor) -> bool:
    """In no menu: reached by links alone."""
    return False


@dataclass(frozen=True)
class Item:
    """A page of the navigation. It is always there by its address; `seen_by` says in whose menu it stands.

    `file` lies in pages/; the address is its name. `icon` is a Material name. `tab` puts it into the bar at the foot of phones.
    `kiosk` pages stand alone, without menu and head: the projector, the chair's tablet.
    """

    file: str
    title: str
    icon: str
    section: str = ""
    seen_by: Callable[[Actor], bool] = everybody
    tab: bool = False
    kiosk: bool = False

    @property
    def name(self) -> str:
        return self.file.removesuffix(".py")

    @property
    def address(self) -> str:
        return "/" if self.name == HOME else f"/{self.name}"


HOME = "home"
# One line a page, in the order of the menu.
NAV: list[Item] = [
    Item("home.py", N_("Home"), "home", TODAY, tab=True),
    Item("me.py", N_("My page"), "person", TODAY, seen_by=signed_in, tab=True),
    Item("inbox.py", N_("Inbox"), "inbox", TODAY, seen_by=answers),
    Item("review.py", N_("Review"), "rule", TODAY, seen_by=reviews),
    Item("concern.py", N_("A concern"), "chat", seen_by=nobody),
    Item("proposals.py", N_("Proposals"), "description", DELIBERATION, tab=True),
    Item("proposal_new.py", N_("Write a proposal"), "edit_note", seen_by=nobody),
    Item("register.py", N_("The register"), "contacts", TODAY, seen_by=knows_homes),
    Item("proposal.py", N_("A matter"), "timeline", seen_by=nobody),
    Item("meetings.py", N_("Meetings"), "groups", DELIBERATION, tab=True),
    Item("meeting.py", N_("A meeting"), "groups", seen_by=nobody),
    Item("meeting_new.py", N_("Call a meeting"), "groups", seen_by=nobody),
    Item("polls.py", N_("Votes"), "how_to_vote", DELIBERATION, tab=True),
    Item("poll.py", N_("A vote"), "how_to_vote", seen_by=nobody),
    Item("prepare.py", N_("Prepare a vote"), "ballot", seen_by=nobody),
    Item("notices.py", N_("Notices"), "campaign", DELIVERY),
    Item("progress.py", N_("Projects"), "construction", DELIVERY),
    Item("project.py", N_("A project"), "construction", seen_by=nobody),
    Item("admin.py", N_("Administration"), "admin_panel_settings", OPEN, seen_by=oversees),
    Item("outcomes.py", N_("Outcomes"), "insights", OPEN),
    Item("chair.py", N_("The chair’s table"), "table_restaurant", seen_by=nobody, kiosk=True),
    Item("screen.py", N_("The wall of a meeting"), "tv", seen_by=nobody, kiosk=True),
]


@dataclass(frozen=True)
class Visit:
    """Who is looking, and at whose house: of one run of a page, never kept in the session."""

    actor: Actor
    house: Doorplate


_visit: ContextVar[Visit | None] = ContextVar("visit", default=None)


def me() -> Actor:
    """Who is looking, read from the database once a run; fragments and callbacks run by themselves and ask anew."""
    visit = _visit.get()
    return visit.actor if visit else actors.of_login(st.user.get("sub"))  # type: ignore[arg-type]


def still(actor: Actor) -> None:
    """First in a fragment or dialog, which outlives its page: where the reader's login or roles have changed since the page was drawn,
    the page is drawn anew, and says so, before anything is done in the name of who they were."""
    if me() != actor:
        st.rerun()


def plate(actor: Actor) -> Doorplate:
    """Whose house this is."""
    visit = _visit.get()
    if visit and visit.actor is actor:
        return visit.house
    with reading(EVERYWHERE) as db:
        return doorplate(db, actor.community_id)


def draw() -> None:
    """The main script: everything around the page, then the page; who reads, and in which language, is asked for once."""
    with speaking(lang(), size()):
        actor = me()
        visit = _visit.set(Visit(actor, plate(actor)))
        try:
            _draw(actor, plate(actor))
        finally:
            _visit.reset(visit)


def _draw(actor: Actor, house: Doorplate) -> None:
    pages = {item.name: _page(item, actor) for item in NAV}
    alone = any(item.kiosk and item.name == _asked() for item in NAV)
    st.set_page_config(layout="wide", initial_sidebar_state="collapsed" if alone else 252)
    menu: dict[str, list[StreamlitPage]] = {}
    for section in ("", *SECTIONS):
        if inside := [pages[item.name] for item in NAV if item.section == section]:
            menu[t(section, context="section") if section else ""] = inside
    page = st.navigation(menu, position="hidden" if alone else "sidebar", expanded=True)
    item = next(each for each in NAV if pages[each.name] is page or pages[each.name].url_path == page.url_path)
    st.set_page_config(page_title=f"{t(item.title)} · {t('Yiqi')}")
    if item.kiosk:
        show(_alone(house))
    else:
        st.logo(look.logo(st.context.theme.type == "dark"), size="large")
        with st.sidebar:
            show(_foot(actor, house, item))
        if house.demo:
            with st.container(horizontal=True, vertical_alignment="center", gap="small", key="demo_bar"):
                show(_demo(house))
                clock_mover.draw(actor, house.zone)
        show(_head(actor, item))
        _tabs(pages, actor)  # before the page, which may end early: after a stop nothing more is drawn
    with door.guarded():
        page.run()


def _page(item: Item, actor: Actor) -> StreamlitPage:
    """This run's own copy: `st.navigation` marks it."""
    return copy(_made(item, t(item.title), item.seen_by(actor) and not item.kiosk))


@cache
def _made(item: Item, title: str, visible: bool) -> StreamlitPage:
    """Made once: Streamlit looks for the file each time, and there are two dozen of them in each run."""
    return st.Page(
        item.file,
        title=title,
        icon=f":material/{item.icon}:",
        url_path=item.name,
        default=item.name == HOME,
        visibility="visible" if visible else "hidden",
    )


def _asked() -> str:
    """The page in the browser's address; "" for the first one."""
    return urlsplit(st.context.url or "").path.strip("/")


def here(item: Item | None = None) -> str:
    """The address of this page with its query, for a link that comes back."""
    address = item.address if item else f"/{_asked()}"
    query = urlencode(st.query_params.to_dict(), doseq=True)
    return f"{address}?{query}" if query else address


def login_address(item: Item | None = None) -> str:
    return f"/auth/login?next={quote(here(item), safe='')}"


# ---- the pieces of the frame


def switches(back: str) -> Markup:
    """Language and size of type: plain links, because a full load is what sets the page's language."""
    there = quote(back, safe="")
    sizes = Markup("").join(
        m(
            '<a href="/size/{n}?next={there}" style="font-size:{em}em" title="{name}" aria-label="{name}"{current}>{letter}</a>',
            n=n, there=there, em=em, name=name, letter=t("A"), current=Markup(' aria-current="true"') if n == size() else "",
        )
        for n, em, name in ((1, 1, t("Normal type")), (2, 1.22, t("Large type")), (3, 1.44, t("Largest type")))
    )
    other, _, word, name = OTHER[lang()]
    return m(
        '<div class="fsw"><div class="sz" role="group" aria-label="{sizes_name}">{sizes}</div>'
        '<a class="flg" href="/lang/{other}?next={there}" lang="{other}" hreflang="{other}" aria-label="{name}">{word}</a></div>',
        sizes_name=t("Size of type"), sizes=sizes, other=other, there=there, word=word, name=name,
    )


def _signing(actor: Actor, item: Item) -> Markup:
    if actor.person_id is None:
        return m('<a class="fsi" href="{to}" target="_self">{word}</a>', to=login_address(item), word=t("Sign in"))
    return m(
        '<form class="fso" method="post" action="/auth/logout"><input type="hidden" name="token" value="{token}">'
        '<button type="submit">{word}</button></form>',
        token=actor.form_token, word=t("Sign out"),
    )


def _name(actor: Actor, house: Doorplate) -> Markup:
    community = user_line(house.community or t("Yiqi"))
    if not actor.name:
        return m('<b><a href="/communities" target="_self">{community}</a></b>', community=community)
    return m("<b>{who}</b><span>{community}</span>", who=user_line(actor.name), community=community)


def _foot(actor: Actor, house: Doorplate, item: Item) -> Markup:
    """Below the menu: whose house, who is here, the way in or out, the switches."""
    return h(
        '<div class="ffoot"><div class="fro"><p class="fwh">{name}</p>{signing}</div>{switches}</div>',
        name=_name(actor, house), signing=_signing(actor, item), switches=switches(here(item)),
    )


def _head(actor: Actor, item: Item) -> Markup:
    """Above the page: on a phone the switches and the way in."""
    signing = _signing(actor, item) if actor.person_id is None else Markup("")
    return h('<div class="ftop">{switches}{signing}</div>', signing=signing, switches=switches(here(item)))


def _demo(house: Doorplate) -> Markup:
    """The demo's mark, and how far its clock was moved."""
    said = demo_mark()
    if house.ahead:
        said_clock = t("Clock moved {time} forward: {now}.", time=duration(house.ahead), now=moment(clock.now(), house.zone))
        return h('<p class="fdm" role="note"><span>{said}</span><span>{clock}</span></p>', said=said, clock=said_clock)
    return h('<p class="fdm" role="note"><span>{said}</span></p>', said=said)


def _alone(house: Doorplate) -> Markup:
    """What a page without a frame still carries: the sign that hides Streamlit's own, and the demo's mark."""
    mark = m('<p class="fdmk" role="note">{word}</p>', word=t("Demo")) if house.demo else ""
    return h('<i class="fal" hidden></i>{mark}', mark=mark)


def _tabs(pages: dict[str, StreamlitPage], actor: Actor) -> None:
    """The bar at the foot of a phone, as soon as it has somewhere to go."""
    items = [item for item in NAV if item.tab and item.seen_by(actor)]
    if len(items) < 2:
        return
    with st.bottom, st.container(horizontal=True, key="tabs"):
        for item in items:
            st.page_link(pages[item.name], label=label(t(item.title)), icon=f":material/{item.icon}:")
