"""Files made for these tests: photos with a past, bombs, chimeras and clips."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import av
import numpy as np
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, PngImagePlugin

SECRET = "SECRETPLACE"
DATA = Path(__file__).resolve().parents[3] / "shared" / "data"


def given(content: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def drawn(size: tuple[int, int] = (320, 240), mode: str = "RGB") -> Image.Image:
    """Red, green, blue and white quarters: any turn can be told from any other."""
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    x, y = size[0] // 2, size[1] // 2
    draw.rectangle((0, 0, x - 1, y - 1), fill="red")
    draw.rectangle((x, 0, size[0], y - 1), fill="lime")
    draw.rectangle((0, y, x - 1, size[1]), fill="blue")
    return image.convert(mode)


def corners(image: Image.Image) -> list[str]:
    """Colours of the four quarters: upper left, upper right, lower left, lower right."""
    rgb, (w, h) = image.convert("RGB"), image.size
    return [
        name_of(rgb.getpixel(at))
        for at in ((w // 4, h // 4), (3 * w // 4, h // 4), (w // 4, 3 * h // 4), (3 * w // 4, 3 * h // 4))
    ]


def name_of(pixel: tuple[int, int, int]) -> str:
    known = {
        "red": (255, 0, 0),
        "green": (0, 255, 0),
        "blue": (0, 0, 255),
        "white": (255, 255, 255),
        "black": (0, 0, 0),
    }
    return min(known, key=lambda name: sum((a - b) ** 2 for a, b in zip(known[name], pixel, strict=True)))


UPRIGHT = ["red", "green", "blue", "white"]


def photo(
    image: Image.Image | None = None,
    *,
    form: str = "JPEG",
    taken: str | None = "2026:11:20 21:14:05",
    offset: str | None = "+08:00",
    orientation: int | None = None,
    **options,
) -> bytes:
    """A photo that says when, where, with what and by whom."""
    exif = Image.Exif()
    exif[0x010F] = SECRET
    exif[0x013B] = SECRET
    if orientation:
        exif[0x0112] = orientation
    about = exif.get_ifd(0x8769)
    if taken:
        about[0x9003] = taken
    if offset:
        about[0x9011] = offset
    about[0x9286] = SECRET.encode()
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)})
    out = io.BytesIO()
    if form == "PNG":
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", SECRET, zip=True)
        text.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{SECRET}</x:xmpmeta>")
        options["pnginfo"] = text
    elif form == "JPEG":
        options.setdefault("comment", SECRET.encode())
    if form in ("JPEG", "WEBP"):
        options.setdefault("xmp", f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode())
    (image or drawn()).save(out, form, exif=exif.tobytes(), **options)
    return out.getvalue()


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """How a camera stores the image when it says that orientation."""
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
    return image.transpose(Image.Transpose(undo[orientation])) if orientation in undo else image


def png_that_says(width: int, height: int) -> bytes:
    """A few bytes that announce many pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


def webp_that_says(width: int, height: int) -> bytes:
    body = (
        b"VP8X"
        + struct.pack("<I", 10)
        + bytes(4)
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def clip(
    path: Path,
    *,
    codec: str = "libx264",
    form: str = "mp4",
    sound: str | None = None,
    seconds: float = 1,
    size: tuple[int, int] = (320, 240),
    about: dict[str, str] | None = None,
    black: int = 0,
    options: dict[str, str] | None = None,
    pixels: str = "yuv420p",
) -> Path:
    """A clip of the four quarters; `black` frames first."""
    frames = [np.asarray(Image.new("RGB", size)), np.asarray(drawn(size))]
    with av.open(str(path), "w", format=form, options=options or {}) as container:
        container.metadata.update(about or {})
        picture = container.add_stream(codec, rate=10)
        picture.width, picture.height, picture.pix_fmt = *size, pixels
        audio = container.add_stream(sound, rate=48_000) if sound else None
        for count in range(int(seconds * 10)):
            frame = av.VideoFrame.from_ndarray(frames[count >= black], format="rgb24")
            container.mux(picture.encode(frame))
            if audio:
                heard = av.AudioFrame.from_ndarray(np.zeros((1, 9600), np.int16), format="s16", layout="stereo")
                heard.sample_rate, heard.pts = 48_000, count * 4800
                container.mux(audio.encode(heard))
        container.mux(picture.encode(None))
        if audio:
            container.mux(audio.encode(None))
    return path


APPLE = {
    "com.apple.quicktime.location.ISO6709": "+31.2304+121.4737/",
    "com.apple.quicktime.creationdate": "2026-11-20T21:14:05+0800",
    "com.apple.quicktime.model": SECRET,
}
PLACE = {"location": "+31.2304+121.4737/", "creation_time": "2026-11-20T13:14:05Z", "title": SECRET}
