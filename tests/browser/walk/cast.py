"""Who walks with which device: three phones, a desk, the chair's tablet, the wall, and whoever else comes for one step."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from tests.browser.walk.device import Device
from tests.fixtures.browser import Open
from tests.fixtures.courtyard import PASSWORD, people
from tests.fixtures.server import Server

# Whose device is what; the others come with a phone of their own. The third phone belongs to somebody who never signs in.
DEVICES = {"wei": "desk", "huang": "tablet", "chen": "desk", "admin": "desk"}
LANGUAGES = {"wang": "en"}


@dataclass
class Cast:
    """Everybody with a device, by the key of the scenario; `noted` keeps what people have in hand: numbers, codes,
    addresses; `folder` the pictures that they take."""

    server: Server
    open_context: Open
    folder: Path
    devices: dict[str, Device] = field(default_factory=dict)
    noted: dict[str, str] = field(default_factory=dict)
    signed_in: set[str] = field(default_factory=set)

    def name(self, key: str) -> str:
        return str(people()[key]["name"])

    def wall(self) -> Device:
        """The projector: nobody is signed in there."""
        return self.device("wall", "projector")

    def device(self, key: str, kind: str = "", language: str = "") -> Device:
        """The device of `key`, as it is."""
        if key not in self.devices:
            language = language or LANGUAGES.get(key, "zh-CN")
            context = self.open_context(kind or DEVICES.get(key, "phone"), language)
            self.devices[key] = Device(context.new_page(), self.server.url, language)
        return self.devices[key]

    def of(self, key: str) -> Device:
        """The device of `key`, who signs in on it first if need be."""
        if key not in self.signed_in:
            self.sign_in(key)
        return self.device(key)

    def sign_in(self, key: str) -> None:
        """With phone number and password, through the page."""
        device = self.device(key)
        device.open("/auth/login")
        device.fill(device.say("Phone number"), str(people()[key]["phone"]))
        device.fill(device.say("Password"), PASSWORD)
        device.press(device.say("Sign in"))
        device.page.wait_for_url(lambda url: "/auth/" not in url)
        self.signed_in.add(key)

    def room_is_left(self) -> None:
        """After a meeting the wall and the chair's table are switched off: they would look at it each second for the rest of the case."""
        for device in (self.wall(), self.device("huang")):
            device.page.goto("about:blank")

    def known(self) -> list[str]:
        """The keys of everybody in the case."""
        return list(people())
