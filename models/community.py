"""The tenant and its ground: community, estate, grid, unit."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import Exact, Stored, document, key, maybe, moment, one_of, ref, string
from models.vocabulary import Tier, UnitKind


class Community(Stored, table=True):
    """社区. `figures` holds what this community has set: see services/rules/community_figures.py."""

    id: str = key()
    slug: str = Field(max_length=40, unique=True)
    name: str = string(80)
    federation: str = string(80, "")
    time_zone: str = string(40, "Asia/Shanghai")
    language: str = string(8, "zh-CN")
    office_phone: str = string(40, "")
    figures: dict[str, int] = document()
    created_at: datetime = moment()


class Estate(Stored, table=True):
    """小区 / 院落."""

    __table_args__ = (UniqueConstraint("community_id", "name"),)
    id: str = key()
    community_id: str = ref("community.id")
    name: str = string(80)
    address: str = string(120, "")
    tier: Tier = Field(default=Tier.IMPROVING, sa_type=one_of(Tier))


class Grid(Stored, table=True):
    """网格: a patch of an estate with a grid worker."""

    __table_args__ = (UniqueConstraint("community_id", "name"),)
    id: str = key()
    community_id: str = ref("community.id")
    estate_id: str = ref("estate.id")
    name: str = string(80)
    worker_id: str | None = maybe("person.id")


class Unit(Stored, table=True):
    """房屋: a flat, shop or parking bay. Area in m², exact, from register, survey or contract."""

    __table_args__ = (
        UniqueConstraint("community_id", "estate_id", "building", "stairwell", "number"),
        CheckConstraint("length(area) > 0", name="area_given"),
    )
    id: str = key()
    community_id: str = ref("community.id")
    estate_id: str = ref("estate.id")
    grid_id: str | None = maybe("grid.id")
    building: str = string(20)
    stairwell: str = string(20, "")
    number: str = string(20)
    floor: int = 0
    kind: UnitKind = Field(default=UnitKind.HOME, sa_type=one_of(UnitKind))
    area: Decimal = Field(sa_type=Exact)
    area_source: str = string(20, "register")
