"""Pictures: opened by one named decoder, turned upright, brought to sRGB, made anew from their pixels.

Of an animated GIF, APNG or WebP the first frame is kept: a report shows what was seen, and one frame cannot be a bomb of ten thousand.
"""

from __future__ import annotations

import io
import logging
from threading import BoundedSemaphore
from typing import Any

import pillow_heif
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms

from kocforum.errors import Invalid

from ...enums import Kind, Rendition
from ...rules import limit
from .prepared import Prepared, unfit
from .times import exif_time
from .webp import NotClean, assert_only_pixels, canvas_of

logger = logging.getLogger(__name__)
pillow_heif.register_heif_opener(thumbnails=False)

DISPLAY, MEDIUM, THUMBNAIL = 2048, 1024, 480
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# A picture of 50 megapixels is up to 200 MB while it is open.
_table = BoundedSemaphore(2)


def prepare_picture(file: Any, decoder: str) -> Prepared:
    """Check, turn and clean a picture, or refuse it with a sentence."""
    try:
        with _table:
            image = _open(file, decoder)
            captured, turn = exif_time(image), _orientation(image)
            pixels = _upright(image, turn)
            display, thumbnail = webp_of(pixels), webp_of(fit(pixels, THUMBNAIL))
    except (Invalid, NotClean):
        raise
    except Image.DecompressionBombError:
        raise _too_large()
    except Exception as broken:
        # Decoders of hostile bytes raise anything; each of it means that this is not a picture.
        logger.info("A picture was refused: %r", broken)
        raise unfit(_("This picture is damaged or incomplete, so it cannot be shown. Please take or export it again."))
    return Prepared(
        kind=Kind.IMAGE,
        width=pixels.width,
        height=pixels.height,
        captured=captured,
        files={Rendition.DISPLAY: ("webp", display), Rendition.THUMBNAIL: ("webp", thumbnail)},
    )


def fit(image: Image.Image, longest: int) -> Image.Image:
    """The image within a square, never enlarged."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def webp_of(image: Image.Image) -> io.BytesIO:
    """The pixels, and verified nothing else, as WebP."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    data = io.BytesIO()
    bare.save(data, "WEBP", quality=82, method=2)
    assert_only_pixels(data.getbuffer().tobytes())
    data.seek(0)
    return data


def _open(file: Any, decoder: str) -> Image.Image:
    """The first frame, decoded whole, after its announced size was checked."""
    file.seek(0)
    if decoder == "WEBP":
        _check_size(canvas_of(file.read(32)))
        file.seek(0)
    image = Image.open(file, formats=[decoder])
    _check_size(image.size)
    # A JPEG can be decoded at half its size, a quarter of the work. The commonest camera, 4032 wide, ends just under the full view.
    image.draft(None, (DISPLAY - 48, DISPLAY - 48))
    image.load()
    return image


def _check_size(size: tuple[int, int]) -> None:
    if size[0] * size[1] > limit("IMAGE_PIXELS"):
        raise _too_large()


def _too_large() -> Invalid:
    return unfit(
        _("This picture has more than %(n)s million pixels. Please send a smaller version.")
        % {"n": limit("IMAGE_PIXELS") // 1_000_000}
    )


def _orientation(image: Image.Image) -> int:
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        return 1


def _upright(image: Image.Image, turn: int) -> Image.Image:
    """RGB or RGBA in sRGB, not larger than the full view, with the turn of the camera applied."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        image = _eight_bits(image)
    clear = "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "RGBa", "La")
    if clear:
        image = image.convert("RGBA")
    elif image.mode not in ("RGB", "CMYK", "L", "LAB", "YCbCr"):
        image = image.convert("RGB")
    image = fit(image, DISPLAY)
    alpha = image.getchannel("A") if clear else None
    image = _srgb(image.convert("RGB") if clear else image, profile)
    if alpha is not None and alpha.getextrema()[0] < 255:
        image.putalpha(alpha)
    return image.transpose(_TURNS[turn]) if turn in _TURNS else image


def _eight_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 bits to grey of 8: scaled, where a plain conversion would clip nearly everything to white."""
    grey = image.convert("F")
    top = grey.getextrema()[1]
    return grey.point(lambda value: value * (1 / 257 if top > 255 else 1) + 0).convert("L")


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the camera meant them. A profile that cannot be used is left aside: colours are no reason to refuse."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except Exception as unusable:
            logger.info("A colour profile was left aside: %r", unusable)
    return image.convert("RGB")
