"""What an officer does on the screen « Vérifier les pièces », for its tests."""

import re

from django.urls import reverse

from documents.enums import FileState
from permis.enums import PieceKind
from tests import factories
from workflows import dossier
from workflows.actions import gathering


def give(case, *kinds, state=FileState.CLEAN, pages=3, pictures=3, facts=None, replaces=True, **known):
    """A piece whose file was examined; each file has other bytes."""
    content = factories.PDF + str(case.files.count()).encode()
    if PieceKind.OTHER in kinds:
        known.setdefault("title", "Facture de la chaudière")
    known["instead_of"] = list(case.pieces.current()) if replaces else []
    given = gathering.add_piece(
        case, kinds=kinds, upload=factories.upload(content), by=case.applicant, on=case.authority.today(), **known
    )  # fmt: skip
    file = given[0].file
    if state == FileState.CLEAN:
        file.scans.create(engine="essai", sha256=file.sha256, verdict=state)
    file.state, file.page_count, file.pictures, file.facts = state, pages, pictures, facts or {}
    file.save()
    return given[0]


def screen(client, case, user, **query):
    client.force_login(user)
    return client.get(reverse("case-check", args=[case.pk]), query)


def judge(client, case, user, kind=PieceKind.DPE, **fields):
    client.force_login(user)
    seen = dossier.seal(case.pieces.current().filter(kind=kind).order_by("pk"))
    return client.post(reverse("case-verdict", args=[case.pk, kind.value]), {"seen": seen} | fields)


def words(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("\u202f", " ").replace("\xa0", " ")
