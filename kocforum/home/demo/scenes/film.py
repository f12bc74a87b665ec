"""Makes reversing-in-the-rain.mp4 from the scene lot-rain.svg: eight seconds, the chime skips a beat and the car stops.

Needs Playwright with a Chromium, PyAV, Pillow and NumPy: `python film.py`.
"""

from __future__ import annotations

import io
import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).parent
OUT = HERE / "reversing-in-the-rain.mp4"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
WIDTH, HEIGHT, FPS, SECONDS = 960, 640, 12, 8
STOPS_AT = 5.6  # seconds; the car stops half way into the slot
RATE = 48_000

# The scene is a true perspective: moving away means shrinking towards the vanishing point.
STAGE = """() => {
  const svg = document.documentElement;
  svg.setAttribute("width", "960"); svg.setAttribute("height", "640"); svg.setAttribute("preserveAspectRatio", "none");
  for (const id of ["rain-far", "rain-mid", "rain-near"]) {
    const drops = document.getElementById(id), sheet = document.createElementNS(svg.namespaceURI, "g");
    drops.replaceWith(sheet); sheet.id = id; drops.removeAttribute("id"); sheet.append(drops);
    const above = drops.cloneNode(); above.setAttribute("transform", "translate(140 -1167)"); sheet.append(above);
  }
}"""
MOVE = """([distance, shake, fall]) => {
  const k = 6.5 / distance;
  document.getElementById("car").setAttribute(
    "transform", `translate(${800 * (1 - k) + shake} ${400 * (1 - k)}) scale(${k})`);
  for (const [id, speed] of [["rain-far", 900], ["rain-mid", 1700], ["rain-near", 2600]]) {
    const y = (fall * speed) % 1167;
    document.getElementById(id).setAttribute("transform", `translate(${-0.12 * y} ${y})`);
  }
}"""


def distance_at(t: float) -> float:
    """Metres between camera and car: it comes nearer, slows down, stops with a small nod."""
    if t >= STOPS_AT:
        return 6.5 + 0.05 * np.exp(-(t - STOPS_AT) * 5) * np.cos((t - STOPS_AT) * 14)
    done = t / STOPS_AT
    return 14 - 7.45 * (done * (1.55 - 0.55 * done))


def sound() -> np.ndarray:
    """Rain, a chime that grows denser, one beat that is missing, and the two notes of giving up."""
    t = np.arange(RATE * SECONDS) / RATE
    noise = np.random.default_rng(7).normal(0, 1, t.size)
    rain = np.convolve(noise, np.ones(24) / 24, mode="same") * 0.05
    chime, at, gap = np.zeros_like(t), 0.5, 0.62
    while at < STOPS_AT - 0.62:
        chime += _note(t, at, 1050, 0.07)
        at += gap
        gap = max(0.17, gap * 0.93)
    for start, pitch in ((STOPS_AT + 0.15, 660), (STOPS_AT + 0.42, 520)):
        chime += _note(t, start, pitch, 0.22)
    return (rain + chime * 0.28).astype(np.float32)


def _note(t: np.ndarray, start: float, pitch: float, length: float) -> np.ndarray:
    inside = (t >= start) & (t < start + length)
    fade = np.clip((t - start) / 0.005, 0, 1) * np.clip((start + length - t) / 0.02, 0, 1)
    return np.where(inside, np.sin(2 * np.pi * pitch * t) * fade, 0)


def film() -> None:
    """Draw every frame in the browser, encode picture and sound."""
    with sync_playwright() as playwright, av.open(str(OUT), "w", options={"movflags": "faststart"}) as container:
        video = container.add_stream("libx264", rate=FPS, options={"preset": "veryslow", "tune": "film"})
        video.width, video.height, video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        video.bit_rate = 300_000
        audio = container.add_stream("aac", rate=RATE, layout="mono")
        audio.bit_rate = 40_000
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto((HERE / "lot-rain.svg").as_uri())
        page.evaluate(STAGE)
        for number in range(FPS * SECONDS):
            t = number / FPS
            shake = 1.2 * np.sin(t * 9) if t < STOPS_AT else 0
            page.evaluate(MOVE, [float(distance_at(t)), float(shake), t])
            frame = av.VideoFrame.from_image(Image.open(io.BytesIO(page.screenshot(type="png"))))
            frame.pts, frame.time_base = number, Fraction(1, FPS)
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        browser.close()
        samples = av.AudioFrame.from_ndarray(sound()[None, :], format="fltp", layout="mono")
        samples.rate = RATE
        container.mux(audio.encode(samples))
        container.mux(audio.encode(None))


if __name__ == "__main__":
    film()
