"""Exports read back as a spreadsheet would: CSV by its dialect, XLSX by its zip and its XML."""

import csv
import io
import re
import zipfile
from datetime import date, timedelta
from xml.etree import ElementTree

from django.urls import reverse

from workflows.exports import sheets
from workflows.exports.models import Export

_NAMESPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPED = re.compile(r"_x([0-9a-fA-F]{4})_")
CHOSEN = ["numero", "adresse", "recue"]
FIRST_DAY = date(1899, 12, 30)


def lines_of(content):
    """The cells of a CSV, header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def csv_of(cases, columns, *, day):
    """One dictionary a row, by header."""
    header, *rows = lines_of(b"".join(sheets.csv_chunks(cases, columns, day=day)))
    return [dict(zip(header, row, strict=True)) for row in rows]


def xlsx_of(cases, columns, *, day):
    """One dictionary a row, by header; a cell that holds nothing is absent."""
    notice = sheets.Notice("Dossiers", [("Filtres", "tous")])
    with sheets.xlsx(sheets.values(cases, columns, day=day), columns, notice=notice) as file:
        return rows_of(file.read())


def rows_of(content, sheet=1):
    header, *rows = cells_of(content, sheet)
    return [{header[place]: value for place, value in row.items()} for row in rows]


def cells_of(content, sheet=1):
    """The cells of each row of a sheet, by their place: numbers as floats, texts as they were written."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))  # noqa: S314 (ours)
        assert not [name for name in book.namelist() if "rels" in name and b"hyperlink" in book.read(name)]
    return [dict(map(_cell, row)) for row in root.iter(f"{_NAMESPACE}row")]


def _cell(cell):
    assert cell.find(f"{_NAMESPACE}f") is None, "a formula"
    letters = re.match("[A-Z]+", cell.get("r"))[0]
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    if cell.get("t") == "inlineStr":
        text = "".join(cell.find(f"{_NAMESPACE}is").itertext())
        return place - 1, _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return place - 1, float(cell.find(f"{_NAMESPACE}v").text)


def day_of(number):
    """The date that a spreadsheet shows for a number."""
    return FIRST_DAY + timedelta(days=int(number))


def content_of(response):
    assert response.streaming
    return b"".join(response.streaming_content)


def post(client, name="export", query="", columns=CHOSEN, file_format="csv"):
    return client.post(reverse(name) + query, {"columns": columns, "format": file_format})


def asked(client, **how):
    """An export that the worker has to make, asked for on the page."""
    assert post(client, **how).url == reverse("export-list")
    return Export.objects.latest("asked_at")
