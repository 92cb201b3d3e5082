"""Pictures and sounds of learners: which kinds there are, told by their first bytes, and their addresses.

What a file is called says nothing. Kinds that can carry scripts, such as SVG, are none of these.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """`extension` without the dot is part of the address, so that a page knows a sound from a picture."""

    extension: str
    content_type: str
    is_sound: bool = False


PNG, JPEG, GIF, WEBP = (
    Kind("png", "image/png"),
    Kind("jpg", "image/jpeg"),
    Kind("gif", "image/gif"),
    Kind("webp", "image/webp"),
)
MP3, OGG, WAV = (
    Kind("mp3", "audio/mpeg", is_sound=True),
    Kind("ogg", "audio/ogg", is_sound=True),
    Kind("wav", "audio/wav", is_sound=True),
)
KINDS = {kind.extension: kind for kind in (PNG, JPEG, GIF, WEBP, MP3, OGG, WAV)}
NAMED = "PNG, JPEG, GIF, WebP, MP3, OGG and WAV"
PREFIX = "/media/"
_EXTENSIONS = "|".join(KINDS)
_SOUNDS = "|".join(extension for extension, kind in KINDS.items() if kind.is_sound)
ADDRESS = re.compile(rf"/media/(?P<sha256>[0-9a-f]{{64}})\.(?P<extension>{_EXTENSIONS})")
_SHOWN = re.compile(rf"!\[((?:[^\]\\]|\\.)*)\]\(/media/[0-9a-f]{{64}}\.({_EXTENSIONS})\)")
SOUND_ADDRESS = re.compile(rf"/media/[0-9a-f]{{64}}\.(?:{_SOUNDS})")


def address(sha256: str, extension: str) -> str:
    return f"{PREFIX}{sha256}.{extension}"


def in_words(text: str) -> str:
    """Markdown with words in place of pictures and sounds, for titles and lists."""
    return _SHOWN.sub(lambda match: f"({'sound' if KINDS[match[2]].is_sound else 'picture'}: {match[1]})", text)


def kind_of(data: bytes) -> Kind | None:
    """What the file is by its first bytes; None for anything but the kinds above."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if data.startswith(b"RIFF"):
        return {b"WEBP": WEBP, b"WAVE": WAV}.get(data[8:12])
    if data.startswith(b"OggS\0"):
        return OGG
    return MP3 if data.startswith(b"ID3") or _is_frame(data[:4]) else None


def _is_frame(header: bytes) -> bool:
    """Whether an MPEG audio frame of layer III begins here (ISO 11172-3, 2.4.2.3): no reserved value in it."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE0 != 0xE0:
        return False
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    return version != 1 and layer == 1 and bitrate not in (0, 15) and rate != 3
