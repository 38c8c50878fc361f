"""A program of its own that blurs places of one picture: what was there cannot be found again.

`python -m documents.blurrer PICTURE REGIONS RESULT` reads a JPEG and a JSON file of [left, top, width, height] between 0 and 1,
and writes a JPEG of the pixels alone. It imports no Django, and sets itself the limits of `documents.reader`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from documents.reader import MAX_PIXELS, PHOTO_EDGE, QUALITY, TOO_BIG, limit

# A face becomes a few flat squares, then a smear: neither a person nor a program reads it again.
SQUARES = 5


def main(path: Path, regions: Path, result: Path) -> None:
    """Blur each place; a place that is wider than the picture ends with it."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with Image.open(path) as opened:
        picture = Image.new("RGB", opened.size)
        picture.paste(opened.convert("RGB"))
    for left, top, width, height in json.loads(regions.read_text()):
        box = (
            max(int(left * picture.width), 0),
            max(int(top * picture.height), 0),
            min(int((left + width) * picture.width) + 1, picture.width),
            min(int((top + height) * picture.height) + 1, picture.height),
        )
        picture.paste(_smeared(picture.crop(box)), box[:2])
    picture.thumbnail((PHOTO_EDGE, PHOTO_EDGE))
    draft = result.with_suffix(".part")
    picture.save(draft, "JPEG", quality=QUALITY)
    draft.replace(result)


def _smeared(place: Any) -> Any:
    """The means of a few squares, then smoothed: the blur takes nothing from the pixels that the squares forgot."""
    from PIL import Image, ImageFilter

    longest = max(place.size)
    squares = tuple(max(1, round(side * SQUARES / longest)) for side in place.size)
    flat = place.resize(squares, Image.Resampling.BOX).resize(place.size, Image.Resampling.NEAREST)
    return flat.filter(ImageFilter.GaussianBlur(max(1, longest // (2 * SQUARES))))


if __name__ == "__main__":
    limit()
    try:
        main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
    except MemoryError:
        sys.exit(TOO_BIG)
