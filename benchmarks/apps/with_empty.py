"""Adds an empty page to our navigation, so that the frame alone can be measured."""

from dataclasses import dataclass

from pages.kit import frame


@dataclass(frozen=True)
class Empty(frame.Item):
    """The page in empty.py, at the address /empty."""

    @property
    def name(self) -> str:
        return "empty"


if not any(isinstance(item, Empty) for item in frame.NAV):
    frame.NAV.append(Empty("../benchmarks/apps/empty.py", "Home", "home", seen_by=frame.nobody))
