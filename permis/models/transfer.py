"""The permit passes to the new owner of the dwelling (CCH R.635-3): the declarations, and who held it before whom."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import F, Q
from django_fsm import FSMField, transition

from accounts.enums import Role
from accounts.models import Organisation, User
from permis import permissions
from permis.enums import Side, TransferCause, TransferState
from permis.models.application import Application
from permis.models.parties import IDENTIFIED, Identity, Mandate


class TransferQuerySet(models.QuerySet["Transfer"]):
    def visible_to(self, user: User) -> TransferQuerySet:
        """Those a person filed or gave up the permit by, and those of the authorities where a role of theirs reads cases."""
        authorities = user.authorities_as(*Role.reading_cases())
        return self.filter(_declared_by(user) | Q(application__authority__in=authorities) | _given_up_by(user))

    def declared_by(self, user: User) -> TransferQuerySet:
        """Those a person filed, or that an organisation of theirs declares as the agent of the new owner."""
        return self.filter(_declared_by(user))

    def given_up_by(self, user: User) -> TransferQuerySet:
        """Those by which a permit of this person went to somebody else."""
        return self.effective().filter(_given_up_by(user))

    def effective(self) -> TransferQuerySet:
        return self.filter(state=TransferState.EFFECTIVE)

    def pending(self) -> TransferQuerySet:
        return self.filter(state__in=TransferState.pending())


def _declared_by(user: User) -> Q:
    return Q(filed_by=user) | Q(new_organisation__in=user.organisations)


def _given_up_by(user: User) -> Q:
    former = Q(former_applicant=user) | Q(former_organisation__in=user.organisations)
    return Q(state=TransferState.EFFECTIVE) & former


class Transfer(models.Model):
    """One declaration of transfer (Cerfa 15663); it takes effect on the day it was filed, once the holder agrees."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="transfers")
    state = FSMField("état", choices=TransferState, default=TransferState.AWAITING_AGREEMENT, protected=True)
    cause = models.CharField("nature de la mutation", max_length=12, choices=TransferCause)
    deed_on = models.DateField("date de l’acte")
    filed_on = models.DateField("déposée le")
    filed_by = models.ForeignKey(User, models.PROTECT, related_name="transfers", verbose_name="déposée par")
    new_applicant = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, verbose_name="compte du nouveau titulaire"
    )
    new_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", null=True, verbose_name="organisme du nouveau titulaire"
    )
    agreement_sha256 = models.CharField("empreinte de l’accord", max_length=64, blank=True, editable=False)
    proof_sha256 = models.CharField("empreinte de la preuve de la succession", max_length=64, blank=True, editable=False)
    answered_on = models.DateField("réponse reçue le", null=True)
    answered_by = models.CharField("réponse de", max_length=160, blank=True)
    reason = models.TextField("raison", blank=True)
    settled_at = models.DateTimeField("effective dans le dossier depuis", null=True)
    former_applicant = models.ForeignKey(
        User, models.PROTECT, related_name="permits_given_up", null=True, verbose_name="compte du titulaire initial"
    )
    former_organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="permits_given_up", null=True, verbose_name="organisme du titulaire initial"
    )
    former_agent = models.CharField("mandataire du titulaire initial", max_length=200, blank=True)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = "transfert"
        constraints = [
            models.CheckConstraint(
                name="transfer_follows_its_deed",
                condition=Q(filed_on__gte=F("deed_on")),
                violation_error_message="Le transfert se déclare une fois l’acte signé : la date de l’acte est dans le futur.",
            ),
            models.CheckConstraint(
                name="effective_transfer_is_agreed",
                condition=~Q(state=TransferState.EFFECTIVE) | Q(answered_on__isnull=False, settled_at__isnull=False),
                violation_error_message="Un transfert ne prend effet qu’avec l’accord du titulaire initial.",
            ),
            models.UniqueConstraint(
                name="one_pending_transfer_a_person",
                fields=["application", "filed_by"],
                condition=Q(state__in=TransferState.pending()),
                violation_error_message="Vous avez déjà déclaré ce transfert : il attend l’accord du titulaire initial.",
            ),
        ]

    def __str__(self) -> str:
        return f"Transfert de l’autorisation {self.application}"

    @transition(state, source=TransferState.pending(), target=TransferState.EFFECTIVE, permission=permissions.nobody)
    def take_effect(self, *, agreed_on: date, agreed_by: str, at: datetime) -> None:
        """Prendre effet, à la date du dépôt de la déclaration. The former holder is written down before this."""
        self.answered_on, self.answered_by, self.settled_at = agreed_on, agreed_by, at

    @transition(state, source=TransferState.pending(), target=TransferState.REFUSED, permission=permissions.nobody)
    def refuse(self, *, on: date, by: str, reason: str) -> None:
        """Rester sans effet : le titulaire initial n’est pas d’accord, ou son accord n’est pas établi."""
        self.answered_on, self.answered_by, self.reason = on, by, reason

    @transition(state, source=TransferState.pending(), target=TransferState.WITHDRAWN, permission=permissions.nobody)
    def withdraw(self) -> None:
        """Abandonner la déclaration."""

    @transition(state, source=TransferState.pending(), target=TransferState.CLOSED, permission=permissions.nobody)
    def close(self, *, reason: str) -> None:
        """Clore la déclaration : l’autorisation qu’elle vise n’est plus en vigueur. Nobody answered it."""
        self.reason = reason

    @property
    def is_pending(self) -> bool:
        return self.state in TransferState.pending()


class TransferParty(Identity):
    """One of the new owners, or one of those who held the permit before them."""

    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="parties")
    side = models.CharField("qualité", max_length=6, choices=Side)

    class Meta:
        verbose_name = "partie au transfert"
        verbose_name_plural = "parties au transfert"
        constraints = [
            models.CheckConstraint(
                name="party_is_identified",
                condition=IDENTIFIED,
                violation_error_message="Indiquez le nom du propriétaire ou la dénomination de la société.",
            ),
            models.UniqueConstraint(fields=["transfer", "side", "position"], name="parties_in_order"),
        ]


class TransferAgent(Mandate):
    """The agent who declares the transfer for the new owners, and acts for them once it is effective."""

    transfer = models.OneToOneField(Transfer, models.CASCADE, related_name="agent")

    class Meta:
        verbose_name = "mandataire du nouveau propriétaire"
