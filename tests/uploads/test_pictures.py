"""What becomes of a picture: upright, in sRGB, without a past; or a sentence."""

from __future__ import annotations

import io
import logging

import pytest
from PIL import Image, ImageCms

from kocforum.errors import Invalid
from kocforum.uploads.actions.media import prepare
from kocforum.uploads.actions.media.pictures import webp_of
from kocforum.uploads.actions.media.webp import NotClean, assert_only_pixels, canvas_of

from .made import DATA, SECRET, UPRIGHT, corners, drawn, given, photo, png_that_says, turned, webp_that_says

TRACES = (
    b"Exif",
    b"EXIF",
    b"XMP ",
    b"xmpmeta",
    b"ICCP",
    b"ICC_PROFILE",
    b"Photoshop",
    b"8BIM",
    b"<html",
    b"<script",
    SECRET.encode(),
)


def shown(content: bytes, name: str = "display") -> Image.Image:
    """The rendition as a reader gets it, after a look at its bytes with other eyes than the product's."""
    prepared = prepare(given(content))
    image = None
    for rendition, (_extension, file) in prepared.files.items():
        data = file.read()
        assert not [trace for trace in TRACES if trace in data]
        opened = Image.open(io.BytesIO(data))
        assert (
            opened.format == "WEBP"
            and not opened.getexif()
            and not set(opened.info) - {"loop", "background", "timestamp", "duration"}
        )
        assert getattr(opened, "n_frames", 1) == 1
        if rendition == name:
            image = opened
            image.load()
    assert image is not None and (name != "display" or image.size == (prepared.width, prepared.height))
    return image


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        prepare(given(content))
    assert list(refused.value.fields) == ["file"]
    return str(refused.value)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_nothing_of_a_photo_is_served_but_its_pixels(form):
    content = photo(form=form)
    assert SECRET.encode() in content or form == "PNG"
    assert corners(shown(content)) == UPRIGHT


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_however_the_camera_was_held(form, orientation):
    content = photo(turned(drawn(), orientation), form=form, orientation=orientation)
    image = shown(content)
    assert image.size == (320, 240)
    assert corners(image) == UPRIGHT
    assert corners(shown(content, "thumbnail")) == UPRIGHT


def test_a_heic_photo_stands_upright():
    content = photo(turned(drawn(), 6), form="HEIF", orientation=6)
    assert corners(shown(content)) == UPRIGHT


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_orientation_that_does_not_exist_turns_nothing(orientation):
    assert corners(shown(photo(orientation=orientation))) == UPRIGHT


@pytest.mark.parametrize("mode", ["CMYK", "L", "1"])
def test_other_colour_models_become_plain_colours(mode):
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = shown(photo(drawn(mode=mode), form=form))
    assert image.mode == "RGB"
    assert corners(image)[3] == "white"


def test_a_palette_keeps_its_colours_and_its_holes():
    image = drawn().convert("P", palette=Image.Palette.ADAPTIVE)
    out = io.BytesIO()
    image.save(out, "GIF", transparency=image.getpixel((300, 200)))
    result = shown(out.getvalue())
    assert corners(result)[:3] == UPRIGHT[:3]
    assert result.convert("RGBA").getpixel((300, 200))[3] == 0


def test_sixteen_bits_of_grey_are_scaled_and_not_clipped():
    grey = Image.new("I;16", (64, 64), 0x8000)
    out = io.BytesIO()
    grey.save(out, "PNG")
    assert 120 <= shown(out.getvalue()).convert("L").getpixel((32, 32)) <= 136


def test_an_opaque_alpha_channel_is_dropped_and_a_real_one_kept():
    assert shown(photo(drawn(mode="RGBA"), form="PNG")).mode == "RGB"
    half = drawn(mode="RGBA")
    half.putalpha(128)
    assert abs(shown(photo(half, form="PNG")).getpixel((5, 5))[3] - 128) < 4


def test_a_colour_profile_is_applied_and_then_dropped():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert corners(shown(photo(icc_profile=lab))) == UPRIGHT
    assert corners(shown(photo(icc_profile=b"no profile" * 20))) == UPRIGHT


def test_an_embedded_preview_that_shows_something_else_does_not_survive():
    preview = io.BytesIO()
    Image.new("RGB", (16, 16), "black").save(preview, "JPEG")
    content = photo()
    exif = Image.open(io.BytesIO(content)).getexif()
    exif.get_ifd(1)[0x0201] = 0
    out = io.BytesIO()
    Image.open(io.BytesIO(content)).save(out, "JPEG", exif=exif.tobytes() + preview.getvalue())
    image = prepare(given(out.getvalue()))
    assert preview.getvalue()[:40] not in image.files["display"][1].getvalue()


def test_large_photos_are_fitted_and_pages_know_their_size():
    prepared = prepare(given(photo(drawn((3000, 1500)))))
    assert (prepared.width, prepared.height) == (2048, 1024)
    assert max(Image.open(prepared.files["thumbnail"][1]).size) == 480


def test_a_line_of_pixels_is_a_picture():
    assert shown(photo(drawn((9000, 2)), form="PNG")).size == (2048, 1)


@pytest.mark.parametrize("form", ["GIF", "PNG", "WEBP"])
def test_of_an_animation_the_first_frame_is_kept(form):
    out = io.BytesIO()
    drawn().save(
        out,
        form,
        save_all=True,
        append_images=[Image.new("RGB", (320, 240), (i, 0, 0)) for i in range(40)],
        duration=20,
    )
    assert corners(shown(out.getvalue())) == UPRIGHT


@pytest.mark.parametrize(
    "content",
    [
        png_that_says(50_000, 50_000),
        png_that_says(8000, 6251),
        webp_that_says(16_383, 16_383),
        b"GIF89a" + b"\xff\xff\xff\xff" + b"\0" * 40,
    ],
)
def test_bombs_are_refused_before_they_are_decoded(content, monkeypatch):
    monkeypatch.setattr(Image.Image, "load", lambda image: pytest.fail("decoded"))
    assert "50 million pixels" in refusal(content) or "damaged" in refusal(content)


def test_a_picture_at_the_limit_of_pixels_is_not_refused_for_its_size():
    assert "pixels" not in refusal(png_that_says(8000, 6250))


def test_the_size_of_a_webp_is_read_in_all_its_dialects():
    for options in ({}, {"lossless": True}, {"exif": b"Exif\0\0MM\0*\0\0\0\x08\0\0"}):
        out = io.BytesIO()
        drawn((123, 45)).save(out, "WEBP", **options)
        assert canvas_of(out.getvalue()[:32]) == (123, 45)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_half_a_picture_is_refused(form, kept):
    content = photo(drawn((640, 480)), form=form)
    assert "damaged" in refusal(content[: int(len(content) * kept)])


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script></html>",
        b"PK\x03\x04" + b"x" * 99,
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"BM" + b"\0" * 99,
        b"II*\0" + b"\0" * 99,
        b"\0\0\1\0" + b"\0" * 99,
        b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + b"\0" * 99,
        b"MZ" + b"\0" * 99,
        b"x",
    ],
)
def test_other_files_are_told_what_can_be_added(content):
    assert refusal(content).startswith("This kind of file cannot be added.")


def test_an_empty_file_is_called_empty():
    assert refusal(b"") == "This file is empty."


def test_what_a_file_calls_itself_does_not_matter():
    prepared = prepare(given(photo(form="PNG"), name="movie.mp4", content_type="video/mp4"))
    assert prepared.kind == "image"


@pytest.mark.parametrize(
    "content",
    [
        photo(comment=b"<html><script>alert(document.cookie)</script></html>"),
        photo() + b"PK\x03\x04<script>alert(1)</script>" * 50,
        photo(form="PNG") + b"<script>alert(1)</script>",
        b"GIF89a" + photo(form="GIF")[6:] + b"PK\x03\x04META-INF/MANIFEST.MF",
    ],
)
def test_chimeras_lose_their_other_half(content):
    assert corners(shown(content)) == UPRIGHT


def test_a_picture_over_the_size_limit_is_refused(settings):
    settings.UPLOADS = {"IMAGE_BYTES": 1024 * 1024}
    assert refusal(photo() + b"\0" * 1024 * 1024) == "This picture is larger than 1 MB."


def test_bytes_that_are_not_clean_are_never_kept(monkeypatch):
    clean = webp_of(drawn()).getvalue()
    assert_only_pixels(clean)
    for dirty in (clean + b"x", clean[:-1], photo(form="WEBP"), photo(), b""):
        with pytest.raises(NotClean):
            assert_only_pixels(dirty)
    leaking, source = photo(form="WEBP"), given(photo())
    monkeypatch.setitem(Image.SAVE, "WEBP", lambda image, file, name: file.write(leaking))
    with pytest.raises(NotClean):
        prepare(source)


@pytest.mark.parametrize(
    ("taken", "offset", "expected", "minutes"),
    [
        ("2026:11:20 21:14:05", "+08:00", "2026-11-20T13:14:05+00:00", 480),
        ("2026:11:20 21:14:05", "-03:30", "2026-11-21T00:44:05+00:00", -210),
        ("2026:11:20 21:14:05", None, "2026-11-20T13:14:05+00:00", None),
        ("2026:11:20 21:14:05", "nonsense", "2026-11-20T13:14:05+00:00", None),
        ("0000:00:00 00:00:00", "+08:00", None, None),
        ("1970:01:01 00:00:00", None, None, None),
        ("2026:13:40 25:61:61", None, None, None),
        ("    :  :     :  :  ", None, None, None),
        ("yesterday", "+08:00", None, None),
        (None, "+08:00", None, None),
    ],
)
def test_the_time_of_a_photo_is_what_the_photo_says_or_nothing(taken, offset, expected, minutes):
    captured = prepare(given(photo(taken=taken, offset=offset))).captured
    assert (captured.at.isoformat() if captured.at else None) == expected
    assert captured.offset == minutes
    assert captured.source == ("exif" if expected else "none")


def test_a_heic_photo_keeps_its_time():
    assert prepare(given(photo(form="HEIF"))).captured.at.isoformat() == "2026-11-20T13:14:05+00:00"


def real(folder: str) -> list:
    files = sorted(path for path in (DATA / folder).rglob("*") if path.is_file())
    if not files:
        return [pytest.param(None, marks=pytest.mark.skip(reason=f"../shared/data/{folder} is not here"))]
    return [pytest.param(path, id=str(path.relative_to(DATA / folder))) for path in files]


@pytest.mark.real_data
@pytest.mark.parametrize("path", [*real("exif_photos"), *real("image_malformed")])
def test_files_from_the_world_are_shown_clean_or_refused_with_a_sentence(path, caplog):
    caplog.set_level(logging.CRITICAL)
    content = path.read_bytes()
    try:
        image = shown(content)
    except Invalid as refused:
        assert len(str(refused)) > 20
        return
    assert image.width >= 1


@pytest.mark.real_data
@pytest.mark.parametrize(
    "folder",
    [
        "exif_photos/jpg/orientation/landscape",
        "exif_photos/jpg/orientation/portrait",
        "image_malformed/hopper_orientation",
    ],
)
def test_real_photos_of_one_scene_look_alike_however_they_were_turned(folder):
    directory, _slash, stem = folder.rpartition("/")
    paths = sorted((DATA / directory).glob(f"{stem}_*"))
    if not paths:
        pytest.skip(f"../shared/data/{directory} is not here")
    tiny = [shown(path.read_bytes()).convert("L").resize((8, 8), Image.Resampling.BOX).tobytes() for path in paths]
    for path, other in zip(paths[1:], tiny[1:], strict=True):
        apart = sum(abs(a - b) for a, b in zip(tiny[0], other, strict=True)) / 64
        assert apart < 6, path.name


@pytest.mark.real_data
def test_real_photos_keep_the_time_of_their_camera():
    path = DATA / "exif_photos/jpg/exif-org/canon-ixus.jpg"
    if not path.exists():
        pytest.skip("../shared/data/exif_photos is not here")
    captured = prepare(given(path.read_bytes())).captured
    assert (captured.at.isoformat(), captured.source, captured.offset) == ("2001-06-09T07:17:32+00:00", "exif", None)
