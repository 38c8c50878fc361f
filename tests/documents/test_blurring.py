"""Persons are hidden on the copy for good, and whatever the picture no exception but ours comes out."""

import io

import pytest
from PIL import Image, ImageDraw

from documents import blurring
from documents.blurring import NotBlurred
from documents.models import StoredFile
from tests.documents.pictures import assert_is_bare, jpeg

FILE = StoredFile(name="salon.jpg")
FACE, INSIDE = (0.25, 0.25, 0.25, 0.25), (110, 110, 190, 190)


def face(kind):
    """A white picture on which one place differs by what is drawn in it, of the same mean."""
    image = Image.new("RGB", (400, 400), "white")
    pen = ImageDraw.Draw(image)
    for row in range(100, 200, 4):
        for column in range(100, 200, 4):
            pen.rectangle((column + (2 if kind else 0), row, column + (3 if kind else 1), row + 3), fill="black")
    content = io.BytesIO()
    image.save(content, "JPEG", quality=95)
    return content.getvalue()


def opened(picture):
    return Image.open(io.BytesIO(picture)).convert("RGB")


def test_two_persons_of_the_same_colours_cannot_be_told_apart_once_blurred():
    first, second = (opened(blurring.blur(FILE, face(kind), [FACE])).crop(INSIDE) for kind in (0, 1))
    apart = max(abs(a - b) for a, b in zip(first.tobytes(), second.tobytes(), strict=True))
    before = max(
        abs(a - b)
        for a, b in zip(
            opened(face(0)).crop(INSIDE).tobytes(),
            opened(face(1)).crop(INSIDE).tobytes(),
            strict=True,
        )
    )
    assert before > 200
    assert apart < 12


def test_what_is_outside_stays_and_metadata_goes():
    blurred = blurring.blur(FILE, jpeg(), [(0.5, 0.0, 0.5, 1.0)])
    assert_is_bare(blurred)
    image, source = opened(blurred), opened(jpeg())
    assert image.size == source.size
    left = [
        abs(a - b) for a, b in zip(image.crop((0, 0, 180, 300)).tobytes(), source.crop((0, 0, 180, 300)).tobytes(), strict=True)
    ]
    assert sum(left) / len(left) < 25
    colours = image.crop((240, 40, 360, 260)).getextrema()
    assert all(high - low < 60 for low, high in colours), "only means are left"


@pytest.mark.parametrize(
    "region", [(0.99, 0.99, 0.01, 0.01), (0.0, 0.0, 1.0, 1.0), (0.5, 0.5, 1.0, 1.0), (0.9999, 0.0, 0.0001, 1.0)]
)
def test_any_place_within_the_picture_is_taken(region):
    assert opened(blurring.blur(FILE, jpeg(64, 48), [region])).size == (64, 48)


@pytest.mark.parametrize("picture", [b"", b"not a picture", jpeg()[:400]], ids=["empty", "other", "cut"])
def test_a_picture_that_does_not_open_is_handed_to_nobody(picture):
    with pytest.raises(NotBlurred, match="ne la remettez à personne"):
        blurring.blur(FILE, picture, [FACE])
