"""The same room through a media server: Janus itself, with made-up cameras. Without the program `janus` it is named as not run."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import chromium, served
from tests.house import until
from tests.stories.test_call_sound_browser import ARRIVES, FAKE_DEVICES, enters, hears, joins, sees, tile
from tests.stories.windows import Site, expect

JANUS = shutil.which("janus")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not JANUS, reason="needs Janus (on Debian: apt-get install janus)"),
]

SECRET = "of-this-test"
CORE = """general: {{ token_auth = true
  token_auth_secret = "{secret}"
  debug_level = 4 }}
media: {{ rtp_port_range = "42000-42999" }}
plugins: {{ disable = "{plugins}" }}
transports: {{ disable = "{transports}" }}
"""
SOCKETS = 'general: {{ ws = true\n  ws_port = {port}\n  ws_ip = "127.0.0.1" }}\n'


@pytest.fixture
def media_server(tmp_path: Path) -> Iterator[str]:
    """The address of a Janus that takes signed tokens only."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path / "janus"
    folder.mkdir()
    library = next(Path("/usr/lib").glob("*/janus"), Path("/usr/lib/janus"))

    def but(kind: str, kept: str) -> str:
        return ",".join(file.name for file in (library / kind).glob("*.so") if kept not in file.name)

    core = CORE.format(secret=SECRET, plugins=but("plugins", "videoroom"), transports=but("transports", "websockets"))
    (folder / "janus.jcfg").write_text(core)
    (folder / "janus.transport.websockets.jcfg").write_text(SOCKETS.format(port=port))
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: {}\n")
    with (tmp_path / "janus.log").open("w") as log:
        process = subprocess.Popen([JANUS, "-F", str(folder)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def answers() -> bool:
        assert process.poll() is None, (tmp_path / "janus.log").read_text()[-2000:]
        with socket.socket() as asks:
            return asks.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(answers, "Janus answers")
        yield f"ws://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def site(tmp_path: Path, transactional_db, playwright, media_server, monkeypatch) -> Iterator[Any]:
    monkeypatch.setenv("MEDIA_SERVER_URL", media_server)
    monkeypatch.setenv("MEDIA_SERVER_SECRET", SECRET)
    with served(tmp_path, "meeting") as address, chromium(playwright, *FAKE_DEVICES) as browser:
        yield Site(browser, address)


def test_through_the_media_server_the_same_buttons_do_the_same(site):
    he, su = enters(site, "he"), enters(site, "su")
    joins(he, "Camera")
    joins(su, "Camera")
    for page, other in ((he, "Su"), (su, "He")):
        sees(page, other)
        hears(page)
        assert page.evaluate(ARRIVES, "video") > 0
        assert page.evaluate("window.connections.length") == 2  # one to send and one to receive, however many there are

    su.get_by_role("button", name="Camera", exact=True).click()
    expect(tile(he, "Su")).not_to_have_class(re.compile("pictured"))
    su.get_by_role("button", name="Leave", exact=True).click()
    expect(tile(he, "Su")).to_have_count(0)
    joins(su, "Camera")
    sees(he, "Su")
    hears(he)
    assert not site.complaints
