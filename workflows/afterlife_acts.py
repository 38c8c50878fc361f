"""What a case tells the acts that follow it: the receipt of a transfer, the commitment of a landlord."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from documents.content import Content
from documents.facts import Party
from documents.wording import transfers
from permis.enums import Side
from permis.models import Application, Commitment, Transfer, TransferAgent, TransferParty
from permis.models.parties import Identity
from workflows.drafting import case_of, paragraphs


def transfer_receipt(application: Application, transfer: Transfer, *, agreed_on: date, on: date) -> Content:
    """Récépissé de transfert, adressé au nouveau titulaire ; établi avant que le dossier change de mains."""
    owners = list(transfer.parties.filter(side=Side.NEW).order_by("position"))
    agent = TransferAgent.objects.filter(transfer=transfer).first()
    case = case_of(application, complete_on=application.clock_started_on)
    valid_until = application.valid_until
    assert valid_until is not None  # what may be transferred has its term
    return transfers.transfer_receipt(
        replace(case, recipient=_window(owners, agent)),
        on=on,
        former=case.lessors,
        new=_parties(owners),
        cause=transfer.get_cause_display().lower(),
        deed_on=transfer.deed_on,
        filed_on=transfer.filed_on,
        agreed_on=agreed_on,
        valid_until=valid_until,
        agent=agent.name if agent is not None else "",
    )


def _window(owners: list[TransferParty], agent: TransferAgent | None) -> list[str]:
    """Whom the receipt is addressed to: the agent of the new owners where there is one, as `drafting.recipient_of`."""
    first = owners[0]
    if agent is not None:
        return [agent.name, f"pour {', '.join(owner.name for owner in owners)}", *agent.address.split(", ")]
    return [first.name, first.address, f"{first.postcode} {first.city}", *([first.country] if first.is_abroad else [])]


def works_commitment(application: Application, commitment: Commitment, *, on: date) -> Content:
    """Engagement écrit de travaux."""
    return transfers.works_commitment(
        case_of(application, complete_on=None),
        on=on,
        name=commitment.name,
        paragraphs=paragraphs(commitment.text),
        due_on=commitment.due_on,
    )


def _parties(owners: Iterable[Identity]) -> list[Party]:
    return [Party(owner.name, owner.postal_address) for owner in owners]
