"""A program of its own that binds PDFs one after the other, so that a scan signed outside harms nobody.

`python -m documents.binder ORDER OUT` reads in ORDER a JSON list of letters, each the list of its files, whether a blank page
follows an odd number of them, and writes OUT. It imports no Django and holds no secret.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

MEMORY = 600 * 1024 * 1024
CPU_SECONDS = 15
A4 = (595.276, 841.89)


def main(order: Path, out: Path) -> None:
    """Bind every letter, in order."""
    import pypdfium2

    asked = json.loads(order.read_text())
    bound = pypdfium2.PdfDocument.new()
    for files in asked["letters"]:
        before = len(bound)
        for file in files:
            bound.import_pages(pypdfium2.PdfDocument(file))
        if asked["duplex"] and (len(bound) - before) % 2:
            bound.new_page(*A4)
    bound.save(out)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    main(Path(sys.argv[1]), Path(sys.argv[2]))
