"""The application: its state is the only legal truth of a case."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case, Q, When
from django.urls import reverse
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, TransitionNotAllowed, transition

from accounts.models import Organisation, User
from permis import deadlines, guards, permissions, scope
from permis.enums import Channel, ConditionMode, LeaseKind, Outcome, RequestNature, State
from permis.models.afterlife import Afterlife
from permis.models.declaring import Declaring
from permis.models.scoping import Scoping
from permis.models.timing import CLOCK_INDEXES, Timed
from permis.models.told import Told
from territories.enums import Regime
from territories.models import Authority, Commune, Zone
from territories.text import holds_words

if TYPE_CHECKING:
    from permis.correction import Settled
    from permis.models.requests import PieceRequest


class ApplicationQuerySet(Timed):
    def visible_to(self, user: User) -> ApplicationQuerySet:
        """Own and mandated cases, and cases of the authorities where a role of the person reads them."""
        return self.filter(scope.of(user))

    def of_applicant(self, user: User) -> ApplicationQuerySet:
        """The cases a person filed, for themselves or for an organisation."""
        return self.filter(scope.own(user))

    def waiting_first(self) -> ApplicationQuerySet:
        """What waits for its landlord first: a decision to open, pieces to give, a draft to end; then the last begun."""
        to_open = Q(state=State.DECISION_SIGNED, held_until__isnull=False)
        to_complete = Q(state=State.INCOMPLETE, respond_by__isnull=False)
        return self.order_by(Case(When(to_open | to_complete, then=0), When(state=State.DRAFT, then=1), default=2), "-pk")

    def of_authorities(self, authorities: set[int]) -> ApplicationQuerySet:
        return self.filter(authority__in=authorities)

    def locked(self) -> ApplicationQuerySet:
        """One action at a time. Rows that name the case may be written meanwhile: `recount --mend` does, while actions wait for it."""
        return self.select_for_update(of=("self",), no_key=True)

    def open(self) -> ApplicationQuerySet:
        return self.filter(state__in=State.open())

    def with_sheet(self) -> ApplicationQuerySet:
        """Everything a case page shows of the application itself, in one query."""
        return self.select_related("authority", "commune", "zone", "dwelling", "agent", "officer", "applicant")

    def matching(self, text: str) -> ApplicationQuerySet:
        """Cases whose number, address or lessor holds every word of ``text``, among few; `permis.search` looks among many."""
        return self.filter(holds_words(text))


class Application(ConcurrentTransitionMixin, Afterlife, Declaring, Scoping, Told, models.Model):
    """A request for the permit to let one dwelling once (CCH L.635-4), or a declaration that it is let (CCH L.634-3)."""

    regime = models.CharField("régime", max_length=4, choices=Regime, default=Regime.APML)
    authority = models.ForeignKey(Authority, models.PROTECT, related_name="applications", verbose_name="collectivité")
    origin = models.ForeignKey(
        Authority, models.PROTECT, related_name="+", null=True, editable=False, verbose_name="collectivité du dépôt"
    )
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="applications", verbose_name="commune")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="applications", null=True, blank=True, verbose_name="périmètre")
    number = models.CharField("numéro", max_length=24, unique=True, null=True, editable=False)
    state = FSMField("état", choices=State, default=State.DRAFT, protected=True)
    channel = models.CharField("reçue par", max_length=10, choices=Channel, default=Channel.ONLINE)
    applicant = models.ForeignKey(
        User, models.PROTECT, related_name="applications", null=True, blank=True, verbose_name="demandeur"
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="applications", null=True, blank=True, verbose_name="organisme"
    )
    officer = models.ForeignKey(
        User, models.SET_NULL, related_name="followed_applications", null=True, blank=True, verbose_name="suivi par"
    )

    nature = models.CharField("nature de la location", max_length=10, choices=RequestNature, blank=True)
    lease_kind = models.CharField("type de location", max_length=20, choices=LeaseKind, default=LeaseKind.UNFURNISHED)
    separate_leases = models.PositiveSmallIntegerField("nombre de baux", default=1)
    lease_planned_on = models.DateField("date prévue du bail", null=True, blank=True)
    police_order = models.BooleanField("arrêté de police sur l’immeuble", default=False)
    visit_waiver = models.TextField("raison de décider sans visite", blank=True)
    access_name = models.CharField("personne qui ouvre le logement", max_length=120, blank=True)
    access_phone = models.CharField("téléphone de cette personne", max_length=30, blank=True)
    accuracy_declared = models.BooleanField("exactitude certifiée", default=False)
    step = models.PositiveSmallIntegerField("étape atteinte", default=1)

    created_at = models.DateTimeField("créée le", auto_now_add=True)
    received_on = models.DateField("reçue le", null=True)
    clock_started_on = models.DateField("délai commencé le", null=True)
    tacit_on = models.DateField("autorisation tacite le", null=True)
    completed_on = models.DateField("dernière pièce reçue le", null=True)
    respond_by = models.DateField("pièces attendues avant le", null=True)
    reminded_on = models.DateField("relancée le", null=True)
    lease_signed_on = models.DateField("bail signé le", null=True, blank=True)
    outcome = models.CharField("sens de la décision", max_length=12, choices=Outcome, blank=True)
    mode = models.CharField("mode des conditions", max_length=10, choices=ConditionMode, blank=True)
    signed_on = models.DateField("signée le", null=True)
    held_until = models.DateField("silence suspendu jusqu’au", null=True)
    notified_on = models.DateField("notifiée le", null=True)
    valid_until = models.DateField("valable jusqu’au", null=True)
    lifted_on = models.DateField("conditions levées le", null=True)
    reexamined_on = models.DateField("réexamen ordonné le", null=True)
    reexamine_by = models.DateField("à réexaminer avant le", null=True)
    ended_on = models.DateField("close le", null=True)
    resubmits = models.ForeignKey(
        "self", models.PROTECT, related_name="resubmissions", null=True, blank=True, verbose_name="fait suite à"
    )
    state_before_silence = models.CharField(max_length=20, choices=State, blank=True, editable=False)
    search = models.TextField(editable=False, default="")

    # What hangs on the case, where a page asked (`permis.attached`).
    attached: frozenset[str] | None = None

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        constraints = [
            models.CheckConstraint(
                name="filed_means_numbered_and_received",
                condition=Q(state=State.DRAFT) | Q(number__isnull=False, received_on__isnull=False),
                violation_error_message="Une demande déposée porte toujours son numéro et sa date de réception.",
            ),
            models.CheckConstraint(
                name="state_belongs_to_regime",
                condition=Q(regime=Regime.APML, state__in=State.of(Regime.APML))
                | Q(regime=Regime.DML, state__in=State.of(Regime.DML)),
                violation_error_message="Cet état n’existe pas dans ce régime.",
            ),
            models.CheckConstraint(
                name="declaration_names_its_lease",
                condition=~Q(regime=Regime.DML) | Q(state=State.DRAFT) | Q(lease_signed_on__isnull=False),
                violation_error_message="Une déclaration porte la date de conclusion du bail (CCH R. 634-2).",
            ),
            models.CheckConstraint(
                name="future_buyer_acts_for_the_seller",
                condition=Q(future_buyer=False) | Q(state=State.DRAFT) | Q(seller_agrees=True),
                violation_error_message="Un futur acquéreur dépose avec l’accord écrit du vendeur (CCH R. 635-2).",
            ),
            models.CheckConstraint(
                name="signed_means_dated",
                condition=~Q(state=State.DECISION_SIGNED) | Q(signed_on__isnull=False),
                violation_error_message="Une décision signée porte toujours sa date.",
            ),
            models.CheckConstraint(
                name="granted_in_time_means_notified",
                condition=~Q(state__in=[State.GRANTED, State.GRANTED_CONDITIONAL, State.REFUSED])
                | Q(notified_on__isnull=False, notified_on__lte=models.F("tacit_on")),
                violation_error_message="Une décision ne prend effet que notifiée dans le délai.",
            ),
            models.CheckConstraint(
                name="incomplete_has_no_deadline",
                condition=~Q(state=State.INCOMPLETE) | Q(tacit_on__isnull=True),
                violation_error_message="Un dossier incomplet n’a pas d’échéance : son délai n’a pas commencé.",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "state", "tacit_on"], name="application_worklist"),
            *CLOCK_INDEXES,
        ]

    def __str__(self) -> str:
        return self.number or f"Brouillon {self.pk}"

    # -- T1 to T7: intake and completeness

    @transition(state, source=State.DRAFT, target=State.SUBMITTED, permission=permissions.can_submit)
    def submit(self, *, number: str, received_on: date, competent: bool = True) -> None:
        """Déposer la demande. The month starts on reception by the competent authority (CRPA L.114-3)."""
        self.number, self.received_on = number, received_on
        if competent:
            self._start_clock(received_on)

    @transition(state, source=State.SUBMITTED, target=State.SUBMITTED, permission=permissions.can_review)
    def receive_forwarded(self, *, on: date) -> None:
        """Recevoir une demande transmise par une autorité incompétente (CRPA L.114-2)."""
        self._start_clock(on)

    @transition(state, source=State.SUBMITTED, target=State.OUT_OF_SCOPE, permission=permissions.can_review)
    def set_out_of_scope(self, *, on: date) -> None:
        """Dire la demande hors champ (R.635-1)."""
        guards.require_in_time(self, on)
        self.clock_started_on = self.tacit_on = self.receipt_due_on = None
        self.ended_on = on

    @transition(
        state,
        source=State.SUBMITTED,
        target=State.UNDER_REVIEW,
        conditions=[guards.is_permit],
        permission=permissions.can_review,
    )
    def declare_complete(self, *, on: date) -> None:
        """Déclarer le dossier complet. The month has run since reception, whenever the officer says so."""
        guards.require_in_time(self, on)

    @transition(
        state,
        source=[State.SUBMITTED, State.UNDER_REVIEW],
        target=State.INCOMPLETE,
        permission=permissions.can_review,
    )
    def request_missing(self, *, on: date, respond_by: date) -> None:
        """Demander les pièces manquantes. The month starts again with the last of them (CRPA L.114-5)."""
        guards.require_in_time(self, on)
        self.clock_started_on = self.tacit_on = self.receipt_due_on = self.completed_on = self.reminded_on = None
        self.respond_by = respond_by

    @transition(
        state,
        source=State.INCOMPLETE,
        target=State.UNDER_REVIEW,
        conditions=[guards.is_permit],
        permission=permissions.can_review,
    )
    def complete(self, *, on: date) -> None:
        """Recevoir la dernière pièce demandée ; le mois court de cette réception (CRPA L.114-3)."""
        self.completed_on, self.respond_by = on, None
        self._start_clock(on)

    @transition(state, source=State.INCOMPLETE, target=State.INCOMPLETE, permission=permissions.can_review)
    def remind(self, *, on: date) -> None:
        """Relancer le demandeur d’un dossier incomplet."""
        self.reminded_on = on

    @transition(
        state,
        source=State.INCOMPLETE,
        target=State.CLOSED_INCOMPLETE,
        conditions=[guards.is_permit],
        permission=permissions.can_manage,
    )
    def close_incomplete(self, *, on: date) -> None:
        """Classer sans suite un dossier jamais complété, après une relance."""
        guards.require_closable(self, on)
        self.ended_on = on

    @transition(state, source=State.open(), target=State.WITHDRAWN, permission=permissions.can_withdraw)
    def withdraw(self, *, on: date) -> None:
        """Renoncer à la demande, tant qu’aucune décision n’a pris effet."""
        guards.require_in_time(self, on)
        self.ended_on = on

    # -- T10 to T13: decision, notification, silence

    @transition(
        state,
        source=[State.UNDER_REVIEW, State.AWAITING_DECISION],
        target=State.AWAITING_DECISION,
        permission=permissions.can_review,
    )
    def propose_decision(self, *, on: date) -> None:
        """Proposer une décision à la signature."""
        guards.require_in_time(self, on)

    @transition(state, source=State.AWAITING_DECISION, target=State.UNDER_REVIEW, permission=permissions.can_send_back)
    def send_back(self, *, on: date) -> None:
        """Renvoyer le projet de décision au service."""
        guards.require_in_time(self, on)

    @transition(state, source=State.AWAITING_DECISION, target=State.DECISION_SIGNED, permission=permissions.can_sign)
    def sign(self, *, on: date, outcome: Outcome, mode: str = "") -> None:
        """Signer la décision."""
        guards.require_signable(self, on)
        self.signed_on, self.outcome, self.mode = on, outcome, mode

    @transition(state, source=State.DECISION_SIGNED, target=State.DECISION_SIGNED, permission=permissions.can_review)
    def make_available(self, *, on: date) -> None:
        """Mettre la décision à disposition en ligne : le silence est suspendu quinze jours (CRPA R.112-20)."""
        guards.require_in_time(self, on)
        self.held_until = deadlines.reading_ends_on(on)

    @transition(
        state,
        source=[State.DECISION_SIGNED, State.GRANTED_TACIT],
        target=RETURN_VALUE(*State.notified()),
        permission=permissions.can_review,
    )
    def notify(self, *, on: date) -> State:
        """Constater la notification. Its date decides, not the day it is entered (L.635-4)."""
        guards.require_notifiable(self, on)
        self.notified_on, self.held_until = on, None
        self.valid_until = None if self.outcome == Outcome.REFUSED else deadlines.valid_until(on)
        return Outcome(self.outcome).state

    @transition(
        state,
        source=State.clock_running(),
        target=State.GRANTED_TACIT,
        conditions=[guards.is_permit],
        permission=permissions.nobody,
    )
    def grant_tacitly(self, *, on: date) -> None:
        """Autoriser par le silence gardé un mois (CCH L.635-4)."""
        guards.require_silence(self, on)
        self.state_before_silence, self.held_until = self.state, None
        self.valid_until = deadlines.valid_until(self.tacit_on)  # type: ignore[arg-type]  # silence has its day

    # -- a date typed wrong

    @transition(
        state,
        source=[*State.open(), *State.authorising(), State.REFUSED, State.RECEIPTED],
        target=RETURN_VALUE(),
        permission=permissions.can_manage,
    )
    def correct_date(self, *, settled: Settled) -> State:
        """Corriger une date saisie à tort ; les autres en sont recalculées."""
        for name, value in settled.dates.items():
            setattr(self, name, value)
        if settled.state == State.GRANTED_TACIT != self.state:
            self.state_before_silence = State.DECISION_SIGNED  # signed, and not notified in time after all
        return settled.state

    def _start_clock(self, on: date) -> None:
        """The month of a permit, the week of a receipt: both run from a reception by the competent authority."""
        if guards.is_declaration(self):
            self.receipt_due_on = deadlines.receipt_due_on(on)
        elif self.reexamine_by is not None:  # the term of a judge, which no piece moves
            self.clock_started_on, self.tacit_on = self.reexamined_on, deadlines.judge_s_term(self.reexamine_by, on)
        else:
            self.clock_started_on, self.tacit_on = on, deadlines.tacit_on(on)

    def hand_over(self, authority: Authority) -> None:
        """Pass to another authority; the case stays in the folder of the one that received it, where its files are."""
        self.origin, self.authority, self.officer = self.origin or self.authority, authority, None
        self.told_alarm = ""  # another department has other holidays: the alerts may have other days

    @property
    def storage_folder(self) -> str:
        """Where its files and acts rest: the authority that received it, then the case."""
        return f"{self.origin_id or self.authority_id}/{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.pk])

    def require_draft(self) -> None:
        """What was filed is no longer changed: it is completed, or filed again."""
        if self.state != State.DRAFT:
            raise TransitionNotAllowed("The application is filed already.", object=self)

    def require_open(self) -> None:
        if self.state not in State.open():
            raise guards.WrongState

    def require_open_to_pieces(self) -> None:
        if self.state != State.DRAFT:
            self.require_open()

    def require_visitable(self) -> None:
        """A visit prepares the decision, or checks the works of a conditional permit."""
        if self.state not in (State.SUBMITTED, State.UNDER_REVIEW) and not self.follows_works:
            raise guards.WrongState

    def open_request(self) -> PieceRequest | None:
        """The request for required pieces that still waits for its answer."""
        return self.piece_requests.filter(answered_on__isnull=True, required=True).first()

    @property
    def officer_target_on(self) -> date | None:
        """The day the service aims at: the eve of the last day."""
        return deadlines.officer_target_on(self.tacit_on) if self.tacit_on else None

    @property
    def is_provisional(self) -> bool:
        """The clock runs, but nobody has said yet that the file is complete."""
        return self.state == State.SUBMITTED
