"""Rows of cases as files: CSV straight from PostgreSQL, XLSX written line by line; neither ever holds more than a few rows.

CSV: UTF-8 with its mark, semicolons, CRLF, dates as 2026-12-31, numbers with a comma. XLSX: real dates and numbers, and a sheet
that says what each column means. No cell of either is a formula or a link, whatever people typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from notifications import exports
from permis.models import Application
from workflows.exports.columns import Column, Kind
from workflows.exports.expressions import Expression, expression, neutral, written_number, written_phone

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BOM = b"\xef\xbb\xbf"
CHUNK_BYTES = 64 * 1024
CHUNK_ROWS = 500
# What a sheet of the format holds at the most, its header apart, and a cell.
MOST_ROWS = 1_048_575
MOST_LETTERS = 32_767
_FIRST_YEAR = 1900
# Letters that XML has not; the library escapes the others.
_NOT_XML = re.compile("[\ufffe\uffff]")
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_WRITTEN: dict[Kind, Callable[[Expression], Expression]] = {
    Kind.TEXT: neutral,
    Kind.PHONE: written_phone,
    Kind.DECIMAL: written_number,
}
_FORMATS = {Kind.DATE: "dd/mm/yyyy", Kind.DECIMAL: "0.00", Kind.WHOLE: "0"}


@dataclass(frozen=True)
class Notice:
    """What the sheet of definitions says of the whole file, beside its columns."""

    title: str
    lines: Sequence[tuple[str, str]]
    sheet: str = "Dossiers"


def csv_chunks(cases: QuerySet[Application], columns: Sequence[Column], *, day: date) -> Iterator[bytes]:
    """The CSV of these cases, in pieces of some 64 kB, read from one statement of the database."""
    rows = cases.annotate(**{_name(column): _written(column, day) for column in columns}).values_list(*map(_name, columns))
    buffer = bytearray(exports.table([column.header for column in columns], []))
    for line in _copied(rows):
        buffer += line
        if len(buffer) >= CHUNK_BYTES:
            yield bytes(buffer)
            buffer.clear()
    yield bytes(buffer)


def values(cases: QuerySet[Application], columns: Sequence[Column], *, day: date) -> Iterator[tuple[Any, ...]]:
    """The same rows as Python values, some hundreds at a time from a cursor of the server."""
    annotated = cases.annotate(**{_name(column): expression(column.on(day)) for column in columns})
    return annotated.values_list(*map(_name, columns)).iterator(chunk_size=CHUNK_ROWS)


def xlsx(rows: Iterable[Sequence[Any]], columns: Sequence[Column], *, notice: Notice) -> IO[bytes]:
    """A workbook in a nameless file, gone once closed: the rows, then what each column means."""
    file = TemporaryFile()  # noqa: SIM115 (closed by the caller)
    try:
        with Workbook(file, _OPTIONS) as book:
            book.set_properties({"title": notice.title})
            _write_rows(book, rows, columns, name=notice.sheet)
            _write_definitions(book, columns, notice)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def file_chunks(file: IO[bytes]) -> Iterator[bytes]:
    """The bytes of a file, which is closed once they were read, or once nobody reads them any more."""
    with file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _copied(rows: QuerySet[Application, Any]) -> Iterator[bytes]:
    """Each row as PostgreSQL writes it in CSV, its end of line apart."""
    try:
        statement = connection.ops.compose_sql(*rows.query.sql_with_params())  # type: ignore[attr-defined]  # of PostgreSQL alone
    except EmptyResultSet:
        return
    with connection.cursor() as cursor, cursor.copy(f"COPY ({statement}) TO STDOUT (FORMAT csv, DELIMITER ';')") as lines:
        for line in lines:
            yield bytes(line[:-1]) + b"\r\n"


def _name(column: Column) -> str:
    """Apart from the fields of the model."""
    return f"export_{column.key}"


def _written(column: Column, day: date) -> Expression:
    """The cell as the CSV has it: nothing that a spreadsheet would run."""
    return _WRITTEN.get(column.kind, expression)(column.on(day))


def _write_rows(book: Workbook, rows: Iterable[Sequence[Any]], columns: Sequence[Column], *, name: str) -> None:
    sheet: Worksheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.header, bold)
    formats = {kind: book.add_format({"num_format": pattern}) for kind, pattern in _FORMATS.items()}
    cells = [(place, _writer(column.kind), formats.get(column.kind)) for place, column in enumerate(columns)]
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, write, style in cells:
            value = row[place]
            if value is not None and value != "":
                write(sheet, last, place, value, style)
    sheet.autofilter(0, 0, last, max(0, len(columns) - 1))


def _writer(kind: Kind) -> Callable[[Worksheet, int, int, Any, Format | None], None]:
    if kind == Kind.DATE:
        return _write_date
    return _write_number if kind in (Kind.WHOLE, Kind.DECIMAL) else _write_text


def _write_text(sheet: Worksheet, row: int, place: int, value: str, style: Format | None) -> None:
    sheet.write_string(row, place, legible(value), style)


def _write_number(sheet: Worksheet, row: int, place: int, value: int | Decimal, style: Format | None) -> None:
    sheet.write_number(row, place, float(value), style)


def _write_date(sheet: Worksheet, row: int, place: int, value: date, style: Format | None) -> None:
    """A day of a spreadsheet; those before 1900 have none, and are text."""
    if value.year < _FIRST_YEAR:
        sheet.write_string(row, place, value.isoformat())
    else:
        sheet.write_datetime(row, place, value, style)


def legible(text: str) -> str:
    """What a cell of the format can hold."""
    text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS - 1]}…"


def _write_definitions(book: Workbook, columns: Sequence[Column], notice: Notice) -> None:
    sheet: Worksheet = book.add_worksheet("Définitions")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for place, width in enumerate((28, 18, 12, 90)):
        sheet.set_column(place, place, width)
    row = 0
    for name, text in notice.lines:
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 3, legible(text), wrapped)
        row += 1
    for place, header in enumerate(("Colonne", "Nature", "Personnelle", "Définition")):
        sheet.write_string(row + 1, place, header, bold)
    for rank, column in enumerate(columns, start=row + 2):
        told = (column.header, column.kind.value, "oui" if column.is_personal else "non", column.definition)
        for place, text in enumerate(told):
            sheet.write_string(rank, place, text, wrapped)
