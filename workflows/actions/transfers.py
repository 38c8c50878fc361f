"""The permit passes to the new owner: declared, agreed by who held it, effective on the day of the declaration (CCH R.635-3)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from accounts.models import Organisation, User
from documents import acts, receiving
from documents.enums import ActKind, FilePurpose, Verdict
from documents.models import Piece
from notifications import outbox
from notifications.enums import Kind
from notifications.ledger import Occasion
from permis import guards, indexing, journal, permissions, rules
from permis.enums import PieceKind, Side, TransferCause, TransferState
from permis.models import Agent, Application, Lessor, Transfer, TransferAgent, TransferParty
from permis.models.journal import Event
from permis.models.parties import Mandate
from permis.rules import Rule
from permis.search import search_text
from workflows import afterlife_acts, flows, transfers
from workflows.actions import transmissions
from workflows.actions.pending_transfers import leave_without_effect, tell_declarants
from workflows.guards import require_permission

PROOF_TITLE = "Preuve de la succession"
OVERTAKEN = "Un autre transfert de cette autorisation a pris effet."
_MANDATE = [field.name for field in Mandate._meta.fields]
_IDENTITY = [field.name for field in Lessor._meta.fields if field.name not in ("id", "application")]
# What the permit reproduces and what describes the dwelling goes with it; the rest says something of who held it.
_OF_THE_PERMIT = [PieceKind.FORM, *PieceKind.diagnostics(), PieceKind.ASBESTOS, PieceKind.PHOTOS]


class DeedInTheFuture(guards.Refusal):
    code = "wrong_state"
    message = "La date de l’acte est dans le futur : le transfert se déclare une fois que vous êtes propriétaire (CCH R. 635-3)."


class AlreadyHeld(guards.Refusal):
    code = "wrong_state"
    message = "Cette autorisation est déjà la vôtre."


class AlreadyDeclared(guards.Refusal):
    code = "wrong_state"
    message = "Vous avez déjà déclaré ce transfert : il attend l’accord du titulaire initial."


class NoInheritance(guards.Refusal):
    code = "holder_disagrees"
    message = (
        "Cette collectivité n’accepte pas le transfert par succession : l’accord du titulaire initial ne peut plus être donné. "
        "Déposez une demande d’autorisation à votre nom."
    )


class ProofMissing(guards.Refusal):
    code = "holder_disagrees"
    message = "Pour une succession, joignez la preuve de la succession et l’accord écrit des héritiers."


class ReceivedInTheFuture(guards.Refusal):
    code = "wrong_state"
    message = "La date de réception est dans le futur. Vérifiez le tampon ou l’enveloppe."


class AgreementInTheFuture(guards.Refusal):
    code = "wrong_state"
    message = "La réponse ne peut être datée ni avant la déclaration, ni dans le futur : vérifiez cette date."


def file_transfer(
    application: Application,
    *,
    cause: TransferCause,
    deed_on: date,
    owners: Sequence[dict[str, Any]],
    by: User,
    on: date,
    agreement: File | None = None,
    proof: File | None = None,
    received_on: date | None = None,
    agent: dict[str, Any] | None = None,
) -> Transfer:
    """Déclarer le transfert de l’autorisation à un nouveau propriétaire : l’accord est joint, ou demandé au titulaire.

    ``agent`` is who declares for the new owner, as `Mandate` describes them, and acts for them once the transfer is effective.
    The service enters one that came on paper: ``received_on`` is then the day it arrived, and the new owner has no account.
    Raises what `_require_declarable` refuses, FileRefused, StorageFailed. The bytes are stored before the rows.
    """
    about: dict[str, Any] = {"cause": cause, "deed_on": deed_on, "received_on": received_on, "agent": agent, "by": by, "on": on}
    _require_declarable(application, **about)
    if cause == TransferCause.INHERITANCE and (agreement is None or proof is None):
        raise ProofMissing
    kept = [
        receiving.receive(application, each, by=by, purpose=FilePurpose.SERVICE).sha256 if each is not None else ""
        for each in (agreement, proof)
    ]
    return _declare(application, **about, owners=owners, files=kept)


def _require_declarable(
    application: Application,
    *,
    cause: TransferCause,
    deed_on: date,
    by: User,
    on: date,
    received_on: date | None,
    agent: dict[str, Any] | None,
) -> None:
    if received_on is not None:
        require_permission(permissions.can_review(application, by))
        if received_on > on:
            raise ReceivedInTheFuture
    guards.require_transferable(application, received_on or on)
    # An agency that holds it for the seller may declare for the buyer, whose permit it is not yet.
    if permissions.is_applicant(application, by) and (agent is None or not by.organisations):
        raise AlreadyHeld
    if application.transfers.pending().filter(filed_by=by).exists():
        raise AlreadyDeclared
    if deed_on > (received_on or on):
        raise DeedInTheFuture
    if cause == TransferCause.INHERITANCE and not rules.value(application.authority, Rule.INHERITANCE, on=on):
        raise NoInheritance


@transaction.atomic
def _declare(
    application: Application,
    *,
    cause: TransferCause,
    deed_on: date,
    owners: Sequence[dict[str, Any]],
    files: Sequence[str],
    by: User,
    on: date,
    received_on: date | None,
    agent: dict[str, Any] | None,
) -> Transfer:
    application = Application.objects.locked().get(pk=application.pk)
    _require_declarable(application, cause=cause, deed_on=deed_on, by=by, on=on, received_on=received_on, agent=agent)
    agreement, proof = files
    transfer = Transfer.objects.create(
        application=application,
        state=TransferState.TO_CHECK if agreement else TransferState.AWAITING_AGREEMENT,
        cause=cause,
        deed_on=deed_on,
        filed_on=received_on or on,
        filed_by=by,
        new_applicant=by if received_on is None else None,
        new_organisation=_organisation(by) if received_on is None and agent is not None else None,
        agreement_sha256=agreement,
        proof_sha256=proof,
    )
    TransferParty.objects.bulk_create(
        TransferParty(transfer=transfer, side=Side.NEW, position=position, **owner) for position, owner in enumerate(owners)
    )
    if agent is not None:
        TransferAgent.objects.create(transfer=transfer, **agent)
    told = {"transfer": transfer.pk, "cause": cause, "agent": agent["name"] if agent is not None else ""}
    journal.record(application, Event.TRANSFER_FILED, by=by, on=transfer.filed_on, **told)
    asked = []
    if transfer.state == TransferState.AWAITING_AGREEMENT:
        asked = outbox.enqueue(
            Kind.TRANSFER_ASKED,
            application=application,
            on=on,
            url=transfers.agreement_address(transfer),
            transfer=transfer,
            owners=transfers.owners_of(transfer),
        )
    # A holder who gave no address is asked by letter, which only the service can do.
    outbox.enqueue(Kind.TRANSFER_FILED, application=application, on=on, transfer=transfer, asked=bool(asked))
    tell_declarants(Kind.TRANSFER_RECORDED, application, transfer, on=on)
    return transfer


@transaction.atomic
def answer_transfer(transfer: Transfer, *, agrees: bool, name: str, on: date, reason: str = "") -> Transfer:
    """Répondre, comme titulaire initial et par le lien reçu, à la demande d’accord : oui ou non."""
    application, transfer = _locked(transfer)
    if transfer.state != TransferState.AWAITING_AGREEMENT:
        raise guards.WrongState("Une réponse a déjà été donnée, ou la déclaration est abandonnée.")
    return _settle(application, transfer, agrees=agrees, answered_on=on, name=name, reason=reason, by=None, on=on)


@transaction.atomic
def check_agreement(transfer: Transfer, *, agrees: bool, answered_on: date, by: User, on: date, reason: str = "") -> Transfer:
    """Constater, pour le service, que le titulaire initial ou ses héritiers sont d’accord, ou que rien ne l’établit."""
    application, transfer = _locked(transfer)
    require_permission(permissions.can_check_transfer(application, by))
    if not transfer.is_pending:
        raise guards.WrongState("Une réponse a déjà été donnée, ou la déclaration est abandonnée.")
    if not transfer.deed_on <= answered_on <= on:
        raise AgreementInTheFuture
    return _settle(application, transfer, agrees=agrees, answered_on=answered_on, name="", reason=reason, by=by, on=on)


@transaction.atomic
def withdraw_transfer(transfer: Transfer, *, by: User, on: date) -> Transfer:
    """Abandonner une déclaration de transfert, tant qu’elle n’a pas pris effet."""
    application, transfer = _locked(transfer)
    require_permission(permissions.can_withdraw_transfer(transfer, by))
    if not transfer.is_pending:
        raise guards.WrongState("Une réponse a déjà été donnée : la déclaration ne peut plus être abandonnée.")
    transfer.withdraw()
    transfer.save()
    journal.record(application, Event.TRANSFER_WITHDRAWN, by=by, on=on, transfer=transfer.pk)
    return transfer


def _locked(transfer: Transfer) -> tuple[Application, Transfer]:
    application = Application.objects.locked().get(pk=transfer.application_id)
    return application, application.transfers.select_related("new_applicant").get(pk=transfer.pk)


def _settle(
    application: Application,
    transfer: Transfer,
    *,
    agrees: bool,
    answered_on: date,
    name: str,
    reason: str,
    by: User | None,
    on: date,
) -> Transfer:
    if not agrees:
        leave_without_effect(application, transfer, reason=reason, name=name, answered_on=answered_on, by=by, on=on)
        return transfer
    # The day that counts is that of the declaration: an agreement that comes later does not move it.
    guards.require_transferable(application, transfer.filed_on)
    owners = transfers.owners_of(transfer)
    receipt = acts.freeze(
        application,
        ActKind.TRANSFER_RECEIPT,
        afterlife_acts.transfer_receipt(application, transfer, agreed_on=answered_on, on=on),
        on=on,
    )
    outbox.enqueue(Kind.TRANSFER_GIVEN_UP, application=application, on=on, acts=[receipt.pk], transfer=transfer, owners=owners)
    _keep_papers(application, transfer, by=by, on=on)
    application = _change_hands(application, transfer)
    transfer.take_effect(agreed_on=answered_on, agreed_by=name, at=timezone.now())
    transfer.save()
    indexing.keep(application)
    journal.record(
        application,
        Event.TRANSFER_EFFECTIVE,
        by=by,
        on=transfer.filed_on,
        transfer=transfer.pk,
        act=receipt.pk,
        agreed_on=answered_on,
        reason=f"Accord de {name}, par le lien reçu" if name else reason,
    )
    outbox.enqueue(Kind.TRANSFER_DONE, application=application, on=on, acts=[receipt.pk], transfer=transfer)
    transmissions.open_for(application, Occasion.TRANSFER, on=on, act=receipt)
    for other in application.transfers.pending().select_related("new_applicant"):
        leave_without_effect(application, other, reason=OVERTAKEN, name="", answered_on=on, by=by, on=on)
    flows.advance(application)
    return transfer


def _change_hands(application: Application, transfer: Transfer) -> Application:
    """Who held the permit is written down, and the new owner takes their place: what the case says from now on is theirs."""
    agent = Agent.objects.filter(application=application).first()
    transfer.former_applicant, transfer.former_organisation = application.applicant, application.organisation
    transfer.former_agent = agent.name if agent is not None else ""
    former = list(application.lessors.order_by("position"))
    TransferParty.objects.bulk_create(
        TransferParty(transfer=transfer, side=Side.FORMER, **{name: getattr(each, name) for name in _IDENTITY}) for each in former
    )
    application.lessors.all().delete()
    Agent.objects.filter(application=application).delete()
    Lessor.objects.bulk_create(
        Lessor(application=application, **{name: getattr(party, name) for name in _IDENTITY})
        for party in transfer.parties.filter(side=Side.NEW).order_by("position")
    )
    for taken in TransferAgent.objects.filter(transfer=transfer):
        Agent.objects.create(application=application, **{name: getattr(taken, name) for name in _MANDATE})
    application.applicant, application.organisation = transfer.new_applicant, transfer.new_organisation
    # Who opened the door did it for the former owner.
    application.access_name = application.access_phone = ""
    application.save()
    # Read again: the row in hand still remembers the agent it had. Officers go on finding the case by the name it bore.
    application = Application.objects.get(pk=application.pk)
    application.search = f"{search_text(application)} {application.search}"
    application.save(update_fields=["search"])
    return application


def _keep_papers(application: Application, transfer: Transfer, *, by: User | None, on: date) -> None:
    """What proves the agreement becomes a piece; what says something of the former holder stays with the service."""
    personal = application.pieces.current().exclude(kind__in=_OF_THE_PERMIT)
    described = application.pieces.filter(kind__in=_OF_THE_PERMIT).values("file")
    application.files.deposited().filter(pieces__in=personal).exclude(pk__in=described).update(purpose=FilePurpose.SERVICE)
    personal.update(replaced_on=on)
    for kind, title, sha256 in (
        (PieceKind.HOLDER_AGREEMENT, "", transfer.agreement_sha256),
        (PieceKind.OTHER, PROOF_TITLE, transfer.proof_sha256),
    ):
        file = application.files.filter(purpose=FilePurpose.SERVICE, sha256=sha256).first() if sha256 else None
        if file is not None:
            facts = {"received_on": transfer.filed_on, "verdict": Verdict.ACCEPTED, "checked_by": by}
            Piece.objects.create(application=application, kind=kind, title=title, file=file, **facts)


def _organisation(user: User) -> Organisation | None:
    """The agency for which a person declares; none for an agent who has no organisation here."""
    return Organisation.objects.filter(pk__in=user.organisations).order_by("pk").first()
