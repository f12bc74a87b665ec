"""What becomes of a video: the same pictures and sounds, and nothing about where, when and by whom; or a sentence."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from kocforum.errors import Invalid
from kocforum.uploads.actions.media import prepare
from kocforum.uploads.actions.media.boxes import length_of, walk
from kocforum.uploads.actions.media.mp4 import assert_only_media, scrub
from kocforum.uploads.actions.media.webp import NotClean

from .made import APPLE, PLACE, SECRET, UPRIGHT, clip, corners, given

TRACES = (
    b"+31.",
    b"apple",
    b"meta",
    b"udta",
    b"\xa9xyz",
    b"loci",
    b"uuid",
    b"XMP",
    SECRET.encode(),
    b"iPhone",
    b"x264",
)


def cleaned(path: Path):
    with path.open("rb") as file:
        prepared = prepare(file)
    data = prepared.files["display"][1]
    data.seek(0)
    content = data.read()
    assert not [trace for trace in TRACES if trace in content]
    assert_only_media(io.BytesIO(content))
    return prepared, content


def names_of(content: bytes) -> list[bytes]:
    file = io.BytesIO(content)
    return [box.name for box in walk(file, 0, length_of(file))]


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        prepare(given(content, "clip.mp4", "video/mp4"))
    assert list(refused.value.fields) == ["file"]
    return str(refused.value)


def box(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content) + 8) + name + content


def into_index(content: bytes, extra: bytes) -> bytes:
    """The extra box at the end of `moov`, which is the last box."""
    moov = content.index(b"moov") - 4
    return content[:moov] + box(b"moov", content[moov + 8 :] + extra)


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> bytes:
    return clip(tmp_path_factory.mktemp("clips") / "plain.mp4").read_bytes()


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mpeg4"])
def test_a_phone_video_loses_its_place_and_keeps_its_pictures(tmp_path, codec):
    path = clip(tmp_path / "a.mp4", codec=codec, sound="aac", about=PLACE, seconds=2)
    place = b"\0\x12\x15\xc7+31.2304+121.4737/"
    path.write_bytes(
        into_index(path.read_bytes(), box(b"udta", box(b"\xa9xyz", place) + box(b"\xa9mod", SECRET.encode())))
    )
    assert b"loci" in path.read_bytes()
    prepared, content = cleaned(path)
    assert (prepared.width, prepared.height, prepared.duration) == (320, 240, 2.0)
    assert (prepared.captured.at.isoformat(), prepared.captured.source) == ("2026-11-20T13:14:05+00:00", "video")
    with av.open(io.BytesIO(content)) as container:
        assert sum(1 for _frame in container.decode(video=0)) == 20
    with av.open(io.BytesIO(content)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"
        assert not set(container.metadata) - {"major_brand", "minor_version", "compatible_brands"}


def test_an_apple_video_loses_its_keys_and_keeps_its_clock(tmp_path):
    path = clip(tmp_path / "a.mov", form="mov", about=APPLE, options={"movflags": "use_metadata_tags"})
    assert b"com.apple.quicktime.location" in path.read_bytes()
    prepared, content = cleaned(path)
    assert (prepared.captured.at.isoformat(), prepared.captured.offset) == ("2026-11-20T13:14:05+00:00", 480)
    assert content[4:12] == b"ftypisom"


def test_the_index_comes_first_so_that_playing_starts_at_once(plain, tmp_path):
    assert names_of(plain).index(b"mdat") < names_of(plain).index(b"moov")
    (tmp_path / "a.mp4").write_bytes(plain)
    _prepared, content = cleaned(tmp_path / "a.mp4")
    assert names_of(content).index(b"moov") < names_of(content).index(b"mdat")


def test_sound_that_browsers_do_not_play_becomes_sound_that_they_do(tmp_path):
    _prepared, content = cleaned(clip(tmp_path / "dashcam.mov", form="mov", sound="pcm_s16le"))
    with av.open(io.BytesIO(content)) as container:
        assert container.streams.audio[0].codec_context.name == "aac"


def test_a_fragmented_recording_becomes_one_file(tmp_path):
    path = clip(tmp_path / "a.mp4", options={"movflags": "frag_keyframe+empty_moov"})
    prepared, content = cleaned(path)
    assert prepared.duration == 1.0 and b"moof" not in names_of(content)


def test_an_hevc_video_is_tagged_so_that_apple_plays_it(tmp_path):
    _prepared, content = cleaned(clip(tmp_path / "a.mp4", codec="libx265"))
    assert b"hvc1" in content and b"hev1" not in content


@pytest.mark.parametrize(
    ("matrix", "expected"),
    [
        ((0, 1, -1, 0), ["blue", "red", "white", "green"]),
        ((-1, 0, 0, -1), ["white", "blue", "green", "red"]),
        ((0, -1, 1, 0), ["green", "white", "red", "blue"]),
    ],
)
def test_a_video_from_a_phone_held_upright_stays_upright(plain, tmp_path, matrix, expected):
    a, b, c, d = (value * 0x10000 for value in matrix)
    turned = bytearray(plain)
    at = turned.index(b"tkhd") + 4 + 40
    turned[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    (tmp_path / "a.mp4").write_bytes(turned)
    prepared, content = cleaned(tmp_path / "a.mp4")
    poster = Image.open(prepared.files["poster"][1])
    assert corners(poster) == expected
    assert poster.size == (prepared.width, prepared.height) == ((240, 320) if a == 0 else (320, 240))
    with av.open(io.BytesIO(content)) as container:
        frame = next(container.decode(video=0))
        assert abs(frame.rotation) in (90, 180)


def test_the_poster_is_the_first_frame_that_shows_something(tmp_path):
    prepared, _content = cleaned(clip(tmp_path / "a.mp4", black=7))
    assert corners(Image.open(prepared.files["poster"][1])) == UPRIGHT
    assert corners(Image.open(prepared.files["thumbnail"][1])) == UPRIGHT


def test_a_video_that_is_black_throughout_still_has_a_poster(tmp_path):
    prepared, _content = cleaned(clip(tmp_path / "a.mp4", black=10))
    assert corners(Image.open(prepared.files["poster"][1])) == ["black"] * 4


def test_further_tracks_such_as_positions_stay_behind(plain, tmp_path):
    """A camera's own boxes: GPS in moov, user boxes at the top, bytes behind the end."""
    made = (
        into_index(plain, box(b"gps ", SECRET.encode() * 9))
        + box(b"uuid", SECRET.encode() * 9)
        + box(b"free", b"freeGPS " + SECRET.encode())
        + SECRET.encode()
    )
    (tmp_path / "a.mp4").write_bytes(made)
    cleaned(tmp_path / "a.mp4")


def test_a_video_without_a_clock_has_no_time(plain):
    captured = prepare(given(plain)).captured
    assert (captured.at, captured.source) == (None, "none")


def test_a_video_longer_than_allowed_is_refused(tmp_path, settings):
    settings.UPLOADS = {"VIDEO_SECONDS": 3}
    assert "longer than 0.05 minutes" in refusal(clip(tmp_path / "a.mp4", seconds=6).read_bytes())


def test_a_header_that_lies_about_the_length_does_not_help(tmp_path, settings):
    settings.UPLOADS = {"VIDEO_SECONDS": 3}
    made = bytearray(clip(tmp_path / "a.mp4", seconds=6).read_bytes())
    for name in (b"mvhd", b"mdhd"):
        at = made.index(name) + 4 + 16
        made[at : at + 4] = struct.pack(">I", 1000)
    assert refusal(bytes(made))


def test_a_video_larger_than_allowed_is_refused(plain, settings):
    settings.UPLOADS = {"VIDEO_BYTES": 1024 * 1024}
    assert refusal(plain + b"\0" * 1024 * 1024) == "This video is larger than 1 MB."


def test_a_video_with_too_many_pixels_is_refused(plain, settings):
    settings.UPLOADS = {"VIDEO_PIXELS": 320 * 200}
    assert "4K" in refusal(plain)


def test_a_video_that_keeps_its_data_elsewhere_is_refused(plain):
    at = plain.index(b"dref") + 4
    elsewhere = bytearray(plain)
    assert elsewhere[at + 8 + 11] == 1
    elsewhere[at + 8 + 11] = 0
    assert "another file" in refusal(bytes(elsewhere))


@pytest.mark.parametrize("name", [b"rmra", b"cmov"])
def test_indexes_that_point_elsewhere_or_hide_are_refused(plain, name):
    assert "another file" in refusal(plain + box(b"moov", box(name, b"file:///etc/passwd")))


def test_a_recording_that_was_not_finished_is_refused(plain):
    moov = plain.index(b"moov") - 4
    assert "index is missing" in refusal(plain[:moov])


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.99])
def test_a_piece_of_a_video_is_refused(tmp_path, kept):
    content = clip(tmp_path / "a.mp4", options={"movflags": "faststart"}).read_bytes()
    assert refusal(content[: int(len(content) * kept)])


def test_pictures_that_cannot_be_decoded_are_refused(plain):
    at, end = plain.index(b"mdat") + 4, plain.index(b"moov") - 4
    assert "damaged" in refusal(plain[:at] + b"\xff" * (end - at) + plain[end:])


def test_a_codec_that_nobody_plays_is_refused(tmp_path):
    path = tmp_path / "a.mov"
    clip(path, codec="prores", form="mov", pixels="yuv422p10le")
    assert "H.264" in refusal(path.read_bytes())


def test_sound_alone_is_no_video(tmp_path):
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48_000)
        for count in range(9):
            heard = av.AudioFrame.from_ndarray(np.zeros((1, 2048), np.int16), format="s16", layout="stereo")
            heard.sample_rate, heard.pts = 48_000, count * 1024
            container.mux(stream.encode(heard))
        container.mux(stream.encode(None))
    assert "no picture" in refusal(path.read_bytes())


def test_a_header_of_zero_length_is_refused(plain):
    assert refusal(b"\0\0\0\x18ftypisom\0\0\2\0isommp41" + box(b"moov", b"") + box(b"mdat", b""))


def test_a_playlist_in_the_clothes_of_a_video_opens_nothing(plain, tmp_path, monkeypatch):
    disguised = box(b"ftyp", b"isom\0\0\2\0isommp41") + b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n" + b"x" * 99
    assert refusal(disguised)
    assert refusal(box(b"wide", b"") + b"#EXTM3U\nhttp://127.0.0.1/\n" + plain)


def test_user_data_that_survives_a_muxer_is_found(plain):
    file = io.BytesIO(plain)
    with pytest.raises(NotClean):
        assert_only_media(file)
    _prepared = prepare(given(plain))
    clean = _prepared.files["display"][1]
    clean.seek(0)
    content = clean.read()
    moov = content.index(b"moov") - 4
    size = int.from_bytes(content[moov : moov + 4], "big")
    for extra in (box(b"udta", b"\xa9xyz"), box(b"free", b"x"), box(b"uuid", b""), box(b"meta", b"")):
        with pytest.raises(NotClean):
            assert_only_media(io.BytesIO(content + extra))
        inside = (
            content[:moov]
            + struct.pack(">I", size + len(extra))
            + content[moov + 4 : moov + size]
            + extra
            + content[moov + size :]
        )
        with pytest.raises(NotClean):
            assert_only_media(io.BytesIO(inside))
    dated = bytearray(content)
    dated[dated.index(b"mvhd") + 4 + 7] = 9
    with pytest.raises(NotClean):
        assert_only_media(io.BytesIO(bytes(dated)))
    blank = io.BytesIO(content + box(b"udta", SECRET.encode()))
    scrub(blank)
    assert_only_media(blank)
    assert SECRET.encode() not in blank.getvalue()
