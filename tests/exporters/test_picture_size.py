"""How many dots a picture has, by its own word: of files that were drawn, and of files that are none."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reporter.exporters.picture_size import pixels

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">2I5B", 640, 480, 8, 2, 0, 0, 0)
GIF = b"GIF89a" + struct.pack("<2H", 640, 480) + b"\0\0\0"
BMP = b"BM" + bytes(12) + struct.pack("<I2i", 40, 640, -480) + bytes(8)
EXIF = b"\xff\xe1" + struct.pack(">H", 8) + b"Exif\0\0"
FRAME = struct.pack(">H", 17) + b"\x08" + struct.pack(">2H", 480, 640) + bytes(10)


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(PNG, id="PNG"),
        pytest.param(GIF, id="GIF"),
        pytest.param(BMP, id="BMP, from the top"),
        pytest.param(jpeg(EXIF, b"\xff\xc0", FRAME), id="JPEG"),
        pytest.param(jpeg(EXIF, b"\xff\xc2", FRAME), id="JPEG, progressive"),
        pytest.param(jpeg(EXIF, b"\xff\xff\xff\xc0", FRAME), id="JPEG with fill bytes"),
        pytest.param(jpeg(b"\xff\x01", b"lost", b"\xff\xc0", FRAME), id="JPEG with lost bytes"),
        pytest.param(
            jpeg(b"\xff\xe1" + struct.pack(">H", 6) + b"\xff\xc0\0\0", b"\xff\xc0", FRAME), id="JPEG in a JPEG"
        ),
    ],
)
def test_a_picture_says_how_large_it_is(content: bytes) -> None:
    assert pixels(content) == 640 * 480


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"<svg/>", PNG[:20], GIF[:8], BMP[:20], jpeg(), jpeg(EXIF, b"\xff\xc0\0")]
)
def test_what_says_nothing_has_none(content: bytes) -> None:
    assert pixels(content) == 0


@pytest.mark.hostile
@pytest.mark.property
@given(st.sampled_from([PNG, GIF, BMP, jpeg(EXIF, b"\xff\xc0", FRAME)]), st.binary(max_size=40), st.integers(0, 60))
def test_damage_raises_nothing(content: bytes, damage: bytes, place: int) -> None:
    assert pixels(content[:place] + damage + content[place + len(damage) :]) >= 0
