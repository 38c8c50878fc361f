"""What happened to some permits of the demo once they existed: let, sold, near their end; a refusal asked for again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.files.base import ContentFile

from accounts.enums import Role
from config.demo import diagnostics
from config.demo.people import People
from permis.enums import LeaseSource, PieceKind, State, TransferCause
from permis.models import Application
from workflows.actions import commitments, gathering, intake, leases, resubmission, transfers

BUYER = {
    "kind": "person", "civility": "mrs", "first_name": "Hélène", "last_name": "Duprat", "address": "5 allée des Tilleuls", "postcode": "33000",
    "city": "Bordeaux", "country": "France", "email": "bailleur@demo.test", "phone": "06 39 98 00 00",
}  # fmt: skip
PROMISE = "Poser un extracteur d’air dans la salle d’eau.\n\nFaire remplacer la prise du séjour par un électricien."


def lead(cast: People, *, today: date) -> None:
    """Take cases that the demo already decided, in their order, and lead each a step further."""
    own = Application.objects.filter(applicant=cast.landlord).order_by("-pk")
    others = Application.objects.filter(applicant=None, authority__in=cast.officer.authorities_as(Role.OFFICER)).order_by("pk")
    let, *_ = own.filter(state=State.GRANTED)
    leases.declare_lease(let, signed_on=[_after(let, 20, today)], by=cast.landlord, on=_after(let, 22, today))
    _sell(
        cast, list(Application.objects.filter(state=State.GRANTED).exclude(applicant=cast.landlord).order_by("pk")), today=today
    )
    if (known := others.filter(state=State.GRANTED_TACIT).first()) is not None:
        source: dict[str, Any] = {"source": LeaseSource.EVIDENCE, "evidence": "Copie du bail reçue au guichet"}
        leases.declare_lease(known, signed_on=[_after(known, 15, today)], by=cast.officer, on=today, **source)
    if (reviewed := own.filter(state=State.UNDER_REVIEW, tacit_on__gte=today).first()) is not None:
        due_on = today + timedelta(60)
        commitments.commit_to_works(reviewed, text=PROMISE, due_on=due_on, name="Hélène Duprat", by=cast.landlord, on=today)


def ask_again(cast: People, *, today: date) -> None:
    """A refusal asked for again in these last days: after everything that its journal tells of the days before."""
    refused = Application.objects.filter(applicant=cast.landlord, state=State.REFUSED).order_by("-pk").first()
    if refused is not None:
        draft = resubmission.resubmit(refused, by=cast.landlord, on=today - timedelta(3))
        made_on = today - timedelta(120)
        file = ContentFile(
            diagnostics.draw(draft.dwelling, rank=1, made_on=made_on, city=draft.commune.name), name="diagnostics.pdf"
        )
        given: dict[str, Any] = {"by": cast.landlord, "on": today - timedelta(2), "established_on": made_on}
        gathering.add_piece(draft, kinds=[PieceKind.DPE, PieceKind.ELECTRICITY], upload=file, **given)
        intake.answer(draft, by=cast.landlord, step=7, accuracy_declared=True)
        intake.submit(draft, by=cast.landlord, on=today - timedelta(2))


def _sell(cast: People, permits: list[Application], *, today: date) -> None:
    """One sale that the seller agreed to, and one that waits for an answer."""
    sale: dict[str, Any] = {"cause": TransferCause.SALE, "owners": [BUYER], "by": cast.landlord}
    for rank, permit in enumerate(permits[:2]):
        filed_on = max(_after(permit, 10, today), today - timedelta(12))
        declared = transfers.file_transfer(permit, deed_on=filed_on - timedelta(5), on=filed_on, **sale)
        if rank == 0:
            transfers.answer_transfer(declared, agrees=True, name="Mme Denise Larrieu", on=min(filed_on + timedelta(4), today))


def _after(case: Application, days: int, today: date) -> date:
    """Some days after the permit took effect, up to today."""
    return min((case.took_effect_on or today) + timedelta(days), today)
