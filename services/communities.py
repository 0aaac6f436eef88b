"""Communities: founded at the first run or in a demo, changed by their administrator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from sqlmodel import select

from models.community import Community
from services import permission
from services.checks import Checks
from services.errors import Conflict, Invalid
from services.i18n import LANGS
from services.rules.community_figures import FIGURES
from services.work import Work

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")


def found(
    work: Work,
    *,
    slug: str,
    name: str,
    time_zone: str = "Asia/Shanghai",
    language: str = "zh-CN",
    federation: str = "",
    office_phone: str = "",
    figures: Mapping[str, int | None] | None = None,
) -> Community:
    """Found the community whose id the actor carries: `working(actors.system(new_id))`; only the workspace itself does this."""
    permission.require(work, "community.found")
    checks = Checks()
    if not _SLUG.fullmatch(slug):
        checks.note("A short name takes a to z, digits and dashes, up to 40.", "slug")
    elif work.db.exec(select(Community.id).where(Community.slug == slug)).first():
        checks.reasons.append(Conflict("This short name is taken.", field="slug"))
    made = Community(
        id=work.community_id,
        slug=slug,
        name=checks.text("name", name, 80),
        time_zone=_zone(checks, time_zone),
        language=checks.one_of("language", language, LANGS),
        federation=checks.text("federation", federation, 80, least=0),
        office_phone=checks.text("office_phone", office_phone, 40, least=0),
        figures=_figures(checks, figures or {}),
        created_at=work.moment,
    )
    checks.done()
    work.add(made)
    work.record("community.found", made, language=made.language, time_zone=made.time_zone)
    return made


def change(
    work: Work,
    *,
    name: str | None = None,
    federation: str | None = None,
    office_phone: str | None = None,
    language: str | None = None,
    figures: Mapping[str, int | None] | None = None,
) -> Community:
    """Change what is given. The time zone stays: days that have ended would end again."""
    community = work.fetch(Community, work.community_id, lock=True)
    permission.require(work, "community.change", community)
    checks = Checks()
    new = {
        "name": community.name if name is None else checks.text("name", name, 80),
        "federation": community.federation if federation is None else checks.text("federation", federation, 80, least=0),
        "office_phone": community.office_phone if office_phone is None else checks.text("office_phone", office_phone, 40, least=0),
        "language": community.language if language is None else checks.one_of("language", language, LANGS),
    }
    kept = community.figures | _figures(checks, figures or {})
    checks.done()
    for field, value in new.items():
        setattr(community, field, value)
    community.figures = kept
    work.db.flush()
    changed = {name: value for name, value in kept.items() if name in (figures or {})}
    work.record("community.change", community, **changed)
    return community


@cache
def _zones() -> set[str]:
    """Read once: the names are gathered from hundreds of files."""
    return available_timezones()


def _zone(checks: Checks, name: str) -> str:
    if name not in _zones():
        checks.note("This time zone is not known. For the mainland it is Asia/Shanghai.", "time_zone")
    return name


def _figures(checks: Checks, given: Mapping[str, int | None]) -> dict[str, int]:
    kept = {}
    for name, value in given.items():
        if name not in FIGURES:
            raise Invalid("{name} is not one of the figures a community sets.", name=name)
        kept[name] = checks.whole(name, value, *FIGURES[name][1:])
    return kept


def slug_for(name: str, work: Work) -> str:
    """A short name nobody has: the letters and digits of `name`, else "community", with a number where it is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", name.casefold().encode("ascii", "ignore").decode()).strip("-")[:30] or "community"
    taken = set(work.db.exec(select(Community.slug)).all())
    return base if base not in taken else next(f"{base}-{n}" for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)
