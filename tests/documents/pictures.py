"""What the tests look for in a picture."""

import io
import random

from PIL import Image

GPS = 0x8825


def whereabouts(picture: bytes) -> dict[int, object]:
    """What an EXIF reader tells of the place."""
    with Image.open(io.BytesIO(picture)) as image:
        return dict(image.getexif().get_ifd(GPS))


def assert_is_bare(picture: bytes) -> None:
    """A picture that says nothing but itself: of a JPEG's segments that may hold words, only the one that names the format."""
    with Image.open(io.BytesIO(picture)) as image:
        assert image.format == "JPEG"
        assert not image.getexif()
        assert [name for name, _ in image.applist] == ["APP0"]
        assert {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(image.info) == set()
    assert b"Exif\0\0" not in picture
    assert not whereabouts(picture)


def jpeg(width: int = 400, height: int = 300, seed: int = 0) -> bytes:
    """A picture of noise with a place in its EXIF: nothing in it may be guessed from what stands beside."""
    noise = Image.frombytes("RGB", (width, height), random.Random(seed).randbytes(3 * width * height))
    exif = Image.Exif()
    exif.get_ifd(GPS)[1] = "N"
    content = io.BytesIO()
    noise.save(content, "JPEG", quality=95, exif=exif)
    return content.getvalue()
