"""Streams copied as they are into an MP4 that can start before it is loaded."""

from __future__ import annotations

from typing import Any

import av
from django.utils.translation import gettext as _

from .prepared import unfit

# What every browser plays is copied; other sound (PCM of dash cameras, AC-3) becomes AAC.
PLAYABLE_SOUND = {"aac", "mp3", "opus"}
_TAGS = {"h264": "avc1", "hevc": "hvc1", "av1": "av01", "vp9": "vp09", "mpeg4": "mp4v"}
# Supplemental information inside the stream: recorders write positions and serial numbers there.
_SUPPLEMENTAL = {"h264": "6", "hevc": "39-40"}
MOST_PACKETS = 400_000


def remux(source: Any, path: str, *, longest: int) -> float:
    """Copy the first picture and the first sound stream; data, subtitle and timecode tracks stay behind. Answers the seconds."""
    with av.open(path, "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}) as target:
        video = _Copied(source.streams.video[0], target)
        sounds = [_sound(stream, target) for stream in source.streams.audio[:1] if stream.codec_context]
        lanes: dict[int, Any] = {lane.stream.index: lane for lane in (video, *sounds)}
        for count, packet in enumerate(source.demux([lane.stream for lane in lanes.values()])):
            if count > MOST_PACKETS or video.seconds > longest + 60:
                raise unfit(
                    _("This video is longer than %(minutes)g minutes. Please cut it to the moment that matters.")
                    % {"minutes": longest / 60}
                )
            if packet.dts is not None:
                lanes[packet.stream.index].take(packet)
        for lane in lanes.values():
            lane.finish()
        return video.seconds


def _sound(stream: Any, target: Any) -> Any:
    return (_Copied if stream.codec_context.codec.canonical_name in PLAYABLE_SOUND else _Converted)(stream, target)


class _Copied:
    """A stream whose packets go over unchanged, but for supplemental information."""

    def __init__(self, stream: Any, target: Any) -> None:
        self.stream, self.target = stream, target
        codec = stream.codec_context.codec.canonical_name
        self.out = target.add_stream_from_template(stream, opaque=True)
        self.out.metadata.clear()
        removed = _SUPPLEMENTAL.get(codec)
        self.filter = (
            av.BitStreamFilterContext(f"filter_units=remove_types={removed}", stream, self.out) if removed else None
        )
        if codec in _TAGS:
            self.out.codec_context.codec_tag = _TAGS[codec]
        self.first: float | None = None
        self.last = 0.0

    @property
    def seconds(self) -> float:
        return self.last - (self.first or 0.0)

    def take(self, packet: Any) -> None:
        base = self.stream.time_base
        begins = float((packet.pts if packet.pts is not None else packet.dts) * base)
        self.first = begins if self.first is None else min(self.first, begins)
        self.last = max(self.last, begins + float((packet.duration or 0) * base))
        for kept in self.filter.filter(packet) if self.filter else [packet]:
            self._mux(kept)

    def finish(self) -> None:
        for kept in self.filter.filter(None) if self.filter else []:
            self._mux(kept)

    def _mux(self, packet: Any) -> None:
        packet.stream = self.out
        self.target.mux(packet)


class _Converted:
    """Sound that browsers do not play, as AAC."""

    def __init__(self, stream: Any, target: Any) -> None:
        self.stream, self.target = stream, target
        layout = "mono" if stream.codec_context.channels == 1 else "stereo"
        self.out = target.add_stream("aac", rate=48_000, layout=layout)
        self.resampler = av.AudioResampler(format="fltp", layout=layout, rate=48_000)

    def take(self, packet: Any) -> None:
        for frame in packet.decode():
            self._encode(self.resampler.resample(frame))

    def finish(self) -> None:
        self._encode(self.resampler.resample(None))
        self.target.mux(self.out.encode(None))

    def _encode(self, frames: Any) -> None:
        for frame in frames:
            self.target.mux(self.out.encode(frame))
