"""iCalendar out: meetings as events with the community's zone, for anybody's calendar."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from services import addresses
from services.reads.protocol import Entry


def calendar(name: str, rows: Sequence[Entry], zone: str, called_off: str) -> bytes:
    """RFC 5545. A meeting that was called off stays as a cancelled event, so that it leaves people's calendars."""
    made = Calendar()
    made.add("prodid", "-//Yiqi//meetings//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", zone)
    made.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    here = ZoneInfo(zone)
    for row in rows:
        event = Event()
        event.add("uid", f"{row.id}@yiqi")
        event.add("dtstamp", row.changed_at)
        event.add("last-modified", row.changed_at)
        event.add("sequence", row.changes)  # a calendar that has the event already takes the one with the higher number
        event.add("dtstart", row.starts_at.astimezone(here))
        event.add("dtend", row.ends_at.astimezone(here))
        event.add("summary", f"{row.title} ({called_off})" if row.cancelled else row.title)
        event.add("location", row.place)
        event.add("url", f"{addresses.home()}/j/{row.code}")
        event.add("status", "CANCELLED" if row.cancelled else "CONFIRMED")
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())
