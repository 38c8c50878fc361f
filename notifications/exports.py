"""Files for partners: CSV with stable columns, JSON, and the archive that an @CTES operator asks for. Documented for them in
docs/echanges-partenaires.md."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from documents import storage
from documents.acts import ActNotReady
from notifications.enums import Occasion, RecipientKind
from notifications.models import Slip, Transmission
from notifications.payloads import FIELDS, ZONE_FIELDS, as_text

VERSION = 1
PDF, CSV, JSON, ZIP = "application/pdf", "text/csv", "application/json", "application/zip"
# Before the fields of the recipient, in every file.
COMMON = ("identifiant", "objet", "etabli_le", "rectifie", "collectivite")
# What a spreadsheet may run when a cell begins with it, in the width of East Asian keyboards too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def columns(kind: RecipientKind) -> tuple[str, ...]:
    """The columns of the CSV of decisions that this recipient gets."""
    return (*COMMON, *FIELDS[kind])


def decisions_csv(kind: RecipientKind, transmissions: Iterable[Transmission]) -> bytes:
    """One row a decision; UTF-8 with its mark, semicolons, one header, dates as 2026-12-31."""
    rows = [record(each) for each in transmissions if each.application_id is not None]
    return table(columns(kind), rows)


def deliberations_csv(transmissions: Iterable[Transmission]) -> bytes:
    """One row a deliberation; its outline is in the JSON."""
    return table((*COMMON, *ZONE_FIELDS), [record(each) for each in transmissions if each.zone_id is not None])


def as_json(transmissions: Iterable[Transmission]) -> bytes:
    """The same records as the CSV, lists and outlines whole."""
    content = {"version": VERSION, "transmissions": [record(each) for each in transmissions]}
    return json.dumps(content, ensure_ascii=False, indent=2, cls=DjangoJSONEncoder).encode()


def record(transmission: Transmission) -> dict[str, Any]:
    """One transmission as it is sent: what identifies it, then its frozen payload."""
    corrected = transmission.corrects
    return {
        "identifiant": transmission.pk,
        "objet": str(Occasion(transmission.occasion).label),
        "etabli_le": transmission.opened_on.isoformat(),
        # A recipient who never got the former must not look for it.
        "rectifie": corrected.pk if corrected is not None and corrected.sent_on is not None else None,
        "collectivite": transmission.authority.name,
        **transmission.payload,
    }


def files_of(slip: Slip) -> list[tuple[str, bytes, str]]:
    """What goes with a slip: its name, its bytes and its type; the slip itself first."""
    carried = list(slip.transmissions.with_subject().select_related("corrects", "act__application").order_by("pk"))
    kind = RecipientKind(slip.recipient.kind)
    files = [(f"bordereau-{slip.number}.pdf", bytes(slip.pdf), PDF)]
    if any(each.application_id for each in carried):
        files.append((f"decisions-{slip.number}.csv", decisions_csv(kind, carried), CSV))
    if any(each.zone_id for each in carried):
        files.append((f"deliberations-{slip.number}.csv", deliberations_csv(carried), CSV))
    if kind == RecipientKind.PREFECTURE:
        files.append((f"actes-{slip.number}.zip", actes_archive(carried), ZIP))
    return [*files, (f"transmissions-{slip.number}.json", as_json(carried), JSON)]


def table(names: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """A CSV that a spreadsheet opens without running anything typed by a stranger."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([_cell(row.get(name)) for name in names] for row in rows)
    return sheet.getvalue().encode("utf-8-sig")


def require_acts(transmissions: Iterable[Transmission]) -> None:
    """An act that is still being rendered cannot be filed. Raises ActNotReady."""
    for each in transmissions:
        if each.act is not None and not each.act.sha256:
            raise ActNotReady(each.act)


def actes_archive(transmissions: Sequence[Transmission]) -> bytes:
    """Each act under its number, and the sheet that says its nature, its matter and its hash. Raises ActNotReady."""
    require_acts(transmissions)
    names = ("fichier", *FIELDS[RecipientKind.PREFECTURE], "empreinte_sha256")
    rows: list[dict[str, Any]] = []
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for each in transmissions:
            row = {**each.payload, "fichier": "", "empreinte_sha256": ""}
            if each.act is not None:
                with storage.open_stored(each.act) as stored:
                    content = stored.read()
                row["fichier"] = f"acte-{each.pk}.pdf"
                row["empreinte_sha256"] = storage.sha256_of(content)
                files.writestr(row["fichier"], content)
            rows.append(row)
        files.writestr("actes.csv", table(names, rows))
    return archive.getvalue()


def _cell(value: Any) -> str:
    """Lists on one line; a leading sign that a spreadsheet would run is made text."""
    text = "" if value is None else as_text(value)
    return f"'{text}" if text.startswith(FORMULA) else text
