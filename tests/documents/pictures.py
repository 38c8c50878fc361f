"""What the tests look for in a picture."""

import io

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
