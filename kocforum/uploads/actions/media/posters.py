"""The picture that stands for a video before it plays."""

from __future__ import annotations

from typing import Any

from PIL import Image, ImageStat

MOST_FRAMES = 90
DARK, FLAT = 24, 6


def first_good_frame(container: Any, stream: Any) -> Image.Image:
    """The first frame that is neither black nor empty, upright; of a video that has none, the liveliest of the first."""
    best, best_score = None, -1.0
    for count, frame in enumerate(container.decode(stream)):
        seen = ImageStat.Stat(frame.reformat(width=64, height=64, format="gray").to_image())
        light, spread = seen.mean[0], seen.stddev[0]
        if min(light / DARK, spread / FLAT) > best_score:
            best, best_score = frame, min(light / DARK, spread / FLAT)
        if best_score >= 1 or count + 1 >= MOST_FRAMES:
            break
    if best is None:
        raise ValueError("no frame")
    picture = best.to_image()
    return picture.rotate(best.rotation, expand=True) if best.rotation else picture
