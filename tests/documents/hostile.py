"""Files that ask for more than they are given, made by the tests themselves."""

import io
import zlib

from PIL import Image

from tests.servers import EICAR

PLAIN = b"10 10 100 100 re f"


def pdf(*contents: bytes, resources: bytes = b"", objects: tuple[bytes, ...] = (), catalog: bytes = b"") -> bytes:
    """A page for each content; ``objects`` are numbered from 3, so that resources may name them."""
    first = 3 + len(objects)
    kids = b" ".join(b"%d 0 R" % (first + 2 * place) for place in range(len(contents)))
    parts = [
        b"<</Type/Catalog/Pages 2 0 R" + catalog + b">>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % len(contents),
        *objects,
    ]
    for content in contents:
        box = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<" + resources + b">>/Contents "
        parts += [box + b"%d 0 R>>" % (len(parts) + 2), stream(content)]
    out, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(out))
        out += b"%d 0 obj" % number + part + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(parts) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, len(out)
    )  # fmt: skip


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<" + entries + b"/Length %d>>stream\n" % len(content) + content + b"\nendstream"


def deflated(content: bytes, entries: bytes = b"") -> bytes:
    return stream(zlib.compress(content), entries + b"/Filter/FlateDecode")


def slow_pages(*, slow: int) -> bytes:
    """One plain page, then as many as asked that take a processor more than ten seconds each, then a plain one."""
    form = stream(b"0 0 600 900 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Group<</S/Transparency/I true>>")
    resources = b"/XObject<</F 3 0 R>>/ExtGState<</G<</ca 0.5/BM/Luminosity>>>>"
    return pdf(PLAIN, *[b"/G gs " + b"/F Do " * 6000] * slow, PLAIN, resources=resources, objects=(form,))


def greedy_page() -> bytes:
    """A plain page, one that grows tenfold at each of nine steps until no memory is enough, a plain one."""
    box = b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]"
    steps = [stream(b"/F Do " * 10, box + b"/Resources<</XObject<</F %d 0 R>>>>" % (4 + step)) for step in range(9)]
    return pdf(PLAIN, b"/F Do", PLAIN, resources=b"/XObject<</F 3 0 R>>", objects=(*steps, stream(PLAIN, box)))


def too_many_pixels() -> bytes:
    """A photo of 17,000 by 17,000 points, in 300 kB."""
    out = io.BytesIO()
    Image.new("1", (17_000, 17_000)).save(out, "PNG")
    return out.getvalue()


def too_much_memory() -> bytes:
    """A photo of 75 megapixels, which we would read if it did not need more than 200 MB."""
    out = io.BytesIO()
    Image.new("RGB", (10_000, 7_500), "navy").save(out, "PNG", compress_level=1)
    return out.getvalue()


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(out, "JPEG")
    return out.getvalue()


def with_eicar() -> dict[str, bytes]:
    """The industry's test file in each of the ways a file may carry it."""
    attached = b"/Names<</EmbeddedFiles<</Names[(a)<</Type/Filespec/F(a)/EF<</F 3 0 R>>>>]>>>>"
    file = b"/Type/EmbeddedFile"
    return {
        "itself.pdf": EICAR,
        "attached.pdf": pdf(PLAIN, objects=(stream(EICAR, file),), catalog=attached),
        "attached-deflated.pdf": pdf(PLAIN, objects=(deflated(EICAR, file),), catalog=attached),
        "behind.pdf": pdf(PLAIN) + EICAR,
        "behind.jpg": jpeg() + EICAR,
    }
