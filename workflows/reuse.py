"""What was given for an earlier application for the same dwelling and may serve again: found, judged, never taken by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from accounts.models import User
from documents.enums import FileState, Verdict
from documents.models import Piece
from permis import pieces as law
from permis.enums import PieceKind, State
from permis.models import Application, Dwelling
from territories.text import fold
from workflows import dossier
from workflows.dossier import Line

# What tells two dwellings of one commune apart, as people write it.
_PLACE = ("address", "building", "staircase", "floor", "door")


@dataclass(frozen=True)
class Proposal:
    """The pages of one diagnostic of an earlier case; ``obstacle`` says why it may not serve again, when it may not."""

    kind: PieceKind
    pages: tuple[Piece, ...]
    established_on: date | None
    valid_until: date | None
    obstacle: str = ""

    @property
    def lead_found(self) -> bool | None:
        return next((page.lead_found for page in self.pages if page.lead_found is not None), None)


def proposals(case: Application, lines: Sequence[Line], user: User, *, on: date) -> list[Proposal]:
    """For each diagnostic still missing, the latest one of an earlier case of the same landlord that this person may see.

    Those that can serve come without an obstacle; expired ones are there to say why they cannot. Three queries.
    """
    wanted = [line.kind for line in lines if line.required and not line.pieces and line.kind in PieceKind.diagnostics()]
    earlier = _same_dwelling(case, user) if wanted else []
    if not earlier:
        return []
    given = _given(earlier, wanted)
    refused = _refused(given, user) | {piece.file.sha256 for line in lines for piece in line.history}
    found: dict[PieceKind, Proposal] = {}
    for pages in _by_piece(given):
        if any(page.file.sha256 in refused for page in pages):
            continue
        proposal = _judge(pages, on=case.received_on or on)
        if proposal.kind not in found or (found[proposal.kind].obstacle and not proposal.obstacle):
            found[proposal.kind] = proposal
    return [found[kind] for kind in wanted if kind in found]


def _same_dwelling(case: Application, user: User) -> list[int]:
    """Keys of the filed cases of the same applicant or organisation about the same door of the same commune."""
    dwelling = getattr(case, "dwelling", None)
    owners = Q(pk__in=[])
    if case.applicant_id is not None:
        owners |= Q(applicant=case.applicant_id)
    if case.organisation_id is not None:
        owners |= Q(organisation=case.organisation_id)
    if dwelling is None:
        return []
    cases = Application.objects.visible_to(user).filter(owners, commune=case.commune_id).exclude(state=State.DRAFT)
    others = Dwelling.objects.filter(application__in=cases.exclude(pk=case.pk)).order_by("-application_id")
    here = _place(*(getattr(dwelling, name) for name in _PLACE))
    return [pk for pk, *place in others.values_list("application", *_PLACE) if _place(*place) == here]


def _place(*parts: str) -> tuple[str, ...]:
    return tuple(" ".join(re.findall(r"[a-z0-9]+", fold(part))) for part in parts)


def _given(cases: list[int], kinds: list[PieceKind]) -> list[Piece]:
    """Pages in use, examined and sound, of these cases: the latest case first, pages in their order."""
    pages = Piece.objects.current().filter(application__in=cases, kind__in=kinds, file__state=FileState.CLEAN)
    return list(pages.select_related("file__application", "application__dwelling").order_by("-application_id", "file_id", "pk"))


def _refused(given: list[Piece], user: User) -> set[str]:
    """The bytes that a service refused in any case this person sees: what was refused once is not proposed again."""
    refused = Piece.objects.visible_to(user).filter(verdict=Verdict.REFUSED)
    return set(refused.filter(file__sha256__in={page.file.sha256 for page in given}).values_list("file__sha256", flat=True))


def _by_piece(given: list[Piece]) -> Iterator[tuple[Piece, ...]]:
    grouped: dict[tuple[int, str], list[Piece]] = {}
    for page in given:
        grouped.setdefault((page.application_id, page.kind), []).append(page)
    yield from map(tuple, grouped.values())


def _judge(pages: tuple[Piece, ...], *, on: date) -> Proposal:
    """Whether it still holds on this day; of lead that nobody read, the shorter term counts."""
    kind = PieceKind(pages[0].kind)
    dates = [made_on for page in pages if (made_on := dossier.established_on(page, page.application))]
    made_on = dates[-1] if dates else None
    if made_on is None:
        obstacle = "sa date n’est pas connue" if kind in PieceKind.dated() else ""
        return Proposal(kind, pages, None, None, obstacle)
    lead_found = next((page.lead_found for page in pages if page.lead_found is not None), None)
    until = law.valid_until(kind, made_on, lead_found=lead_found is not False)
    if until is None or until >= on:
        return Proposal(kind, pages, made_on, until)
    if kind == PieceKind.CREP and lead_found is None:
        return Proposal(kind, pages, made_on, until, "il a plus de six ans, et nous ne savons pas s’il a trouvé du plomb")
    return Proposal(kind, pages, made_on, until, f"il n’est plus valable depuis le {until + timedelta(days=1):%d/%m/%Y}")
