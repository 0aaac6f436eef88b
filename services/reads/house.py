"""What stands on the door: whose community this is, whether it is a demo, how far its clock was moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlmodel import Session

from models.community import Community
from services import installation


@dataclass(frozen=True)
class Doorplate:
    """`community` is "" before the first one is set up; `ahead` is how far a demo's clock was moved forward."""

    community: str = ""
    zone: str = "Asia/Shanghai"
    office_phone: str = ""
    demo: bool = False
    ahead: timedelta = timedelta()


def doorplate(db: Session, community_id: str | None) -> Doorplate:
    """The plate of this community, or of the empty house."""
    community = db.get(Community, community_id) if community_id else None
    return Doorplate(
        community=community.name if community else "",
        zone=community.time_zone if community else "Asia/Shanghai",
        office_phone=community.office_phone if community else "",
        demo=installation.is_demo(),
        ahead=installation.ahead(),
    )
