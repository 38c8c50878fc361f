"""The confined reading of one file: what it finds, what it costs at most, and that it leaves nothing of a photo's whereabouts."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from documents import reading, storage
from documents.reader import CPU_SECONDS, MAX_PAGES, MEMORY, PAGE_EDGE, TEXT_LENGTH, THUMBNAIL_EDGE
from documents.reading import ReadingState
from tests.documents import hostile
from tests.documents.pictures import assert_is_bare, whereabouts

ROOT = Path(__file__).parents[2]
# What an interpreter and the libraries hold before they open anything.
INTERPRETER = 64 * 1024 * 1024
MEASURE = """
import json, resource, sys, tempfile
from pathlib import Path
from documents import reading
seen = []
for path, content_type in json.load(sys.stdin):
    with tempfile.TemporaryDirectory() as folder:
        read = reading.read(Path(path), content_type, Path(folder))
        seen.append([read.state, len(read.pictures)])
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({"seen": seen, "memory": used.ru_maxrss * 1024, "cpu": used.ru_utime + used.ru_stime}))
"""


def read(folder, content, name="file"):
    path = folder / name
    path.write_bytes(content)
    output = folder / "read"
    output.mkdir(exist_ok=True)
    return reading.read(path, storage.content_type_of(content[:1024]), output)


def measured(*files):
    """The readings of these files by a worker that did nothing else, and what they took."""
    asked = [[str(path), storage.content_type_of(path.read_bytes()[:1024])] for path in files]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        input=json.dumps(asked),
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_pdf_is_counted_drawn_and_read(tmp_path):
    words = b"BT /F 24 Tf 72 700 Td (Diagnostic %d) Tj ET"
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"

    found = read(tmp_path, hostile.pdf(words % 1, words % 2, resources=font))

    assert (found.state, found.page_count, found.active) == (ReadingState.READ, 2, [])
    assert found.text.split() == ["Diagnostic", "1", "Diagnostic", "2"]
    assert [picture.name for picture in found.pictures] == ["page-1.jpg", "page-2.jpg"]
    with Image.open(found.pictures[0]) as page, Image.open(found.thumbnail) as thumbnail:
        assert (max(page.size), max(thumbnail.size)) == (PAGE_EDGE, THUMBNAIL_EDGE)


def test_what_holds_nothing_is_empty(tmp_path):
    assert read(tmp_path, hostile.pdf()).state == ReadingState.EMPTY
    (tmp_path / "void").write_bytes(b"")
    assert reading.read(tmp_path / "void", storage.PDF, tmp_path).state == ReadingState.EMPTY


@pytest.mark.parametrize("content_type", [storage.PDF, storage.JPEG, storage.PNG, storage.HEIC])
def test_what_is_none_of_it_is_unreadable(tmp_path, content_type):
    (tmp_path / "file").write_bytes(b"nothing that anybody wrote" * 100)
    assert reading.read(tmp_path / "file", content_type, tmp_path).state == ReadingState.UNREADABLE


@pytest.mark.parametrize(
    ("catalog", "objects", "found"),
    [
        (b"/OpenAction<</S/JavaScript/JS(app.alert(1))>>", (), ["javascript"]),
        (b"/OpenAction 9 0 R", (hostile.deflated(b"9 0 <</S/JavaScript/JS(1)>>", b"/Type/ObjStm/N 1/First 4"),), ["javascript"]),
        (b"/OpenAction<</S/J#61vaScript/JS(1)>>", (), ["javascript"]),
        (b"/OpenAction<</S/Launch/F(calc.exe)>>", (), ["launch"]),
        (b"/AcroForm<</Fields[]>>", (), ["form"]),
        (b"/Names<</EmbeddedFiles<</Names[]>>>>", (), ["attachment"]),
    ],
)
def test_what_a_pdf_could_do_by_itself_is_told(tmp_path, catalog, objects, found):
    assert read(tmp_path, hostile.pdf(hostile.PLAIN, catalog=catalog, objects=objects)).active == found


def test_a_page_too_slow_to_draw_costs_its_own_picture(tmp_path):
    found = read(tmp_path, hostile.slow_pages(slow=1))
    assert (found.state, found.page_count, len(found.pictures)) == (ReadingState.READ, 3, 3)
    first, second, third = (picture.read_bytes() for picture in found.pictures)
    assert first == third != second


def test_a_page_that_wants_all_the_memory_costs_its_own_picture(tmp_path):
    found = read(tmp_path, hostile.greedy_page())
    assert (found.state, found.page_count, len(found.pictures)) == (ReadingState.READ, 3, 3)
    first, second, third = (picture.read_bytes() for picture in found.pictures)
    assert first == third != second


def test_a_reading_has_ten_seconds_of_processor(tmp_path):
    path = tmp_path / "slow.pdf"
    path.write_bytes(hostile.slow_pages(slow=5))

    took = measured(path)

    [(state, pictures)] = took["seen"]
    assert state == ReadingState.TIMEOUT
    assert 1 <= pictures < 7, "the first pages are kept, the last ones were not reached"
    assert took["cpu"] < CPU_SECONDS + 2  # the worker's own start is in it


@pytest.mark.parametrize("make", [hostile.too_much_memory, hostile.too_many_pixels, hostile.greedy_page])
def test_a_reading_has_200_mb(tmp_path, make):
    path = tmp_path / "greedy"
    path.write_bytes(make())

    took = measured(path)

    assert MEMORY == 200 * 1024 * 1024
    assert took["memory"] < MEMORY + INTERPRETER
    assert took["seen"][0] == ([ReadingState.READ, 3] if make == hostile.greedy_page else [ReadingState.CRASHED, 0])


@pytest.mark.reference_data
def test_photos_of_telephones_fit_in_it(reference_data):
    photos = [path for path in sorted((reference_data / "images").rglob("*.*")) if path.suffix != ".pdf"]
    took = measured(*photos, reference_data / "pdf" / "pdfjs" / "bomb_giant.pdf")
    assert took["seen"] == [[ReadingState.READ, 1]] * (len(photos) + 1)
    assert took["memory"] < MEMORY + INTERPRETER


def test_a_long_document_has_pictures_of_its_first_pages(tmp_path):
    found = read(tmp_path, hostile.pdf(*[hostile.PLAIN] * (MAX_PAGES + 5)))
    assert (found.page_count, len(found.pictures)) == (MAX_PAGES + 5, MAX_PAGES)


@pytest.mark.reference_data
@pytest.mark.parametrize("shape", ["landscape", "portrait"])
def test_a_photo_stands_upright_however_it_was_held(tmp_path, reference_data, shape):
    """The sample photos are one picture stored in the eight ways, each with the number of its way written on it."""
    upright = []
    for number in range(1, 9):
        content = (reference_data / "images" / "orientation" / f"jpg__orientation__{shape}_{number}.jpg").read_bytes()
        with Image.open(io.BytesIO(content)) as original:
            assert original.getexif()[0x0112] == number
        [picture] = read(tmp_path, content).pictures
        with Image.open(picture) as image:
            upright.append(ImageOps.equalize(image.convert("L")))
    assert {image.width > image.height for image in upright} == {shape == "landscape"}
    assert len({image.size for image in upright}) == 1
    first = upright[0]
    assert [difference(first, image) for image in upright if difference(first, image) > 8] == []
    for turned in Image.Transpose:
        other = first.transpose(turned).resize(first.size)
        assert difference(first, other) > 16, "the measure tells one way from another"


def difference(one: Image.Image, other: Image.Image) -> float:
    """How far two pictures are from each other, of 255, seen from afar."""
    afar = [image.resize((24, 24)) for image in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*afar)).mean[0]


@pytest.mark.reference_data
def test_no_picture_says_where_it_was_taken(tmp_path, reference_data):
    placed = 0
    for path in sorted((reference_data / "images").rglob("*.*")):
        content = path.read_bytes()
        placed += path.suffix != ".pdf" and bool(whereabouts_of(content))
        found = read(tmp_path, content, path.name)
        for picture in [found.thumbnail, *found.pictures]:
            assert_is_bare(picture.read_bytes())
    assert placed >= 3, "some of the originals do say it"


def whereabouts_of(content):
    import pillow_heif

    pillow_heif.register_heif_opener()
    return whereabouts(content)


def test_what_is_transparent_is_paper(tmp_path):
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out, "PNG")
    [picture] = read(tmp_path, out.getvalue()).pictures
    with Image.open(picture) as image:
        assert image.getpixel((20, 20)) == (255, 255, 255)


def test_nothing_that_the_reader_says_is_believed(tmp_path):
    """It opened a stranger's file: it may have become a stranger's program."""
    (tmp_path / "secret").write_text("of the server")
    (tmp_path / "page-1.jpg").write_bytes(b"a picture")
    (tmp_path / "page-2.jpg").symlink_to(tmp_path / "secret")
    (tmp_path / "page-3.jpg").write_bytes(b"a picture")
    (tmp_path / "thumbnail.jpg").symlink_to(tmp_path / "secret")
    said = {"state": "clean", "pages": 10**12, "active": ["form", "<script>", "javascript"], "text": "a\0b\ud800" + "c" * 10**6}

    found = reading.understand(ReadingState.READ, said, tmp_path)

    assert (found.state, found.page_count, found.active) == (ReadingState.READ, None, ["form", "javascript"])
    assert (found.pictures, found.thumbnail) == ([tmp_path / "page-1.jpg"], None)
    assert found.text == ("ab" + "c" * 10**6)[:TEXT_LENGTH]
    for nonsense in ({"state": 5, "pages": "1", "active": "form", "text": 3}, {"pages": True, "active": {"form": 1}}):
        assert reading.understand(ReadingState.CRASHED, nonsense, tmp_path).state == ReadingState.CRASHED
