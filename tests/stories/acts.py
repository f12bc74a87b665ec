"""What people do on the site, each act a few requests as their browser would send them."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from typing import Any

from django.test import Client
from django.utils import timezone
from PIL import Image

from kocforum.members.models import Member
from kocforum.members.sms import DemoSender

BOARD = "driving"


def photo() -> io.BytesIO:
    """A small picture as a phone would send it."""
    file = io.BytesIO()
    Image.new("RGB", (640, 480), "#345").save(file, "JPEG")
    file.seek(0)
    file.name = "car-park.jpg"
    return file


def number_in(address: str, pattern: str) -> int:
    """The number that a pattern finds in an address or a page."""
    found = re.search(pattern, address)
    assert found, f"{pattern} not in {address[:2000]}"
    return int(found.group(1))


class Person:
    """Somebody at a browser."""

    def __init__(self, member: Member | None = None) -> None:
        self.browser = Client(HTTP_ACCEPT_LANGUAGE="en")
        self.member = member
        self.car = 0
        if member:
            self.browser.force_login(member)

    # What a browser does

    def reads(self, path: str, status: int = 200) -> str:
        """The text of a page or of an answer of the API."""
        answer = self.browser.get(path)
        assert answer.status_code == status, (path, answer.status_code, answer.headers.get("Location"))
        return answer.content.decode() if not answer.streaming else ""

    def asks(self, path: str) -> Any:
        """An answer of the API."""
        answer = self.browser.get(f"/api/v1{path}")
        assert answer.status_code == 200, (path, answer.status_code, answer.content.decode()[:500])
        return answer.json()

    def sends(self, path: str, **values: Any) -> str:
        """Fill in a form; answers where it leads. A form that is refused fails the test with its sentences."""
        answer = self.browser.post(path, values)
        page = answer.content.decode()
        said = re.findall(r'class="[^"]*\berror[^"]*"[^>]*>(.*?)</', page, re.S)
        assert answer.status_code == 302, (path, answer.status_code, said or page[:3000])
        return answer.headers["Location"]

    def is_refused(self, path: str, **values: Any) -> str:
        """A form or a button that must not work; answers the page that says so."""
        answer = self.browser.post(path, values)
        assert answer.status_code in {400, 403, 404, 409, 422}, (path, answer.status_code)
        return answer.content.decode()

    # What an owner does

    def signs_up(self, username: str, phone: str) -> None:
        """By mobile number; the code comes as a text message."""
        on = {"username": username, "phone": phone, "terms": "on", "privacy": "on"}
        assert self.sends("/accounts/signup/", **on) == "/accounts/phone/verify/"
        sent = next(message for message in DemoSender.latest() if message.phone.endswith(phone.replace(" ", "")))
        assert self.sends("/accounts/phone/verify/", code=re.search(r"\b\d{6}\b", sent.text).group()) == "/"
        self.member = Member.objects.get(username=username)

    def parks_a_car(self, model: str = "S7", version: str = "4.2.1", year: int = 2025) -> int:
        """A car into the garage, with a version that was installed a month ago."""
        installed_on = timezone.localdate() - dt.timedelta(days=30)
        known = {"model": model} if model == "S7" else {"model": "", "model_text": model}
        where = self.sends(
            "/me/garage/new/", **known, year=year, software_version=version, installed_on=installed_on, mileage_km=8000
        )
        assert where == "/me/garage/"
        self.car = max(row["id"] for row in self.asks("/vehicles/")["results"])
        return self.car

    def opens_a_thread(self, title: str, body: str) -> str:
        return self.sends(f"/boards/{BOARD}/new/", title=title, body=body)

    def replies(self, thread: str, body: str, **values: Any) -> str:
        return self.sends(f"{thread}reply/", body=body, **values)

    def uploads(self) -> int:
        answer = self.browser.post("/api/v1/uploads/", {"file": photo()})
        assert answer.status_code == 201, answer.content.decode()
        return answer.json()["id"]

    def tells(self, **values: Any) -> dict[str, Any]:
        """Record a report by the form; answers it as the API gives it."""
        happened = timezone.localtime() - dt.timedelta(hours=2)
        where = self.sends(
            "/reports/new/",
            **{
                "function": "auto-parking",
                "failure_mode": "gives-up",
                "vehicle": self.car,
                "occurred_at": happened.strftime("%Y-%m-%dT%H:%M"),
                "precision": "minute",
                "cond_weather": "light-rain",
                "cond_light": "night-lit",
                "cond_markings": ["reflecting"],
                "failures": 3,
                "signals": ["odd_sound"],
                **values,
            },
        )
        thread = number_in(where, r"/t/(\d+)/")
        return next(row for row in self.asks("/reports/")["results"] if row["thread"] == thread)

    def answers(self, report: dict[str, Any], stance: str = "same", **values: Any) -> str:
        """With the own car; leads to the post."""
        rain = {"cond_weather": "light-rain", "cond_light": "night-lit", "cond_markings": ["reflecting"]}
        sunshine = {"cond_weather": "sunny", "cond_light": "day", "cond_markings": ["clear"]}
        seen = {"same": rain, "different": sunshine}.get(stance, {})
        return self.sends(
            f"/reports/{report['id']}/corroborate/", stance=stance, vehicle=self.car, **{**seen, **values}
        )

    def verifies(self, report: dict[str, Any], release: int, **values: Any) -> str:
        return self.sends(f"/reports/{report['id']}/verify/?release={release}", vehicle=self.car, **values)

    def news(self) -> str:
        """The inbox."""
        return self.reads("/me/notifications/")

    def unread(self) -> int:
        """The number at the bell."""
        found = re.search(r">\s*(\d+)\s*<", self.reads("/me/notifications/badge/"))
        return int(found.group(1)) if found else 0

    def takes_along(self) -> dict[str, str]:
        """The own data as files."""
        answer = self.browser.post("/me/data/")
        assert answer.status_code == 200 and answer.headers["Content-Type"] == "application/zip"
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            return {name: files.read(name).decode() for name in files.namelist() if name.endswith(".json")}

    # What staff do

    def moves(self, ticket: int, to: str, **values: Any) -> None:
        """One move of a ticket, from the state in which it is now."""
        state = self.asks(f"/tickets/{ticket}/")["state"]
        self.sends(f"/desk/tickets/{ticket}/move/{to}/", to=to, expected=state, **values)


def visitor() -> Person:
    return Person()
