"""What is contested: the administrative appeal, which silence rejects, and the action before the court (CRPA L.411-2, CJA R.421-1)."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django_fsm import ConcurrentTransitionMixin, FSMField, transition

from accounts.enums import Role
from accounts.models import User
from permis import deadlines, guards, permissions
from permis.enums import State
from permis.litigation import AppealChannel, AppealKind, AppealState, Judgment, Suspension
from permis.models.application import Application


class AppealQuerySet(models.QuerySet["Appeal"]):
    def visible_to(self, user: User) -> AppealQuerySet:
        """Appeals of the authorities where the person follows litigation or reads cases."""
        return self.filter(application__authority__in=user.authorities_as(*Role.reading_cases()))

    def administrative(self) -> AppealQuerySet:
        return self.filter(kind=AppealKind.ADMINISTRATIVE)

    def before_court(self) -> AppealQuerySet:
        return self.filter(kind=AppealKind.COURT)

    def open(self) -> AppealQuerySet:
        """Something is still to be decided, by the authority or by the judge."""
        return self.filter(state__in=AppealState.open())

    def live_on(self, day: date) -> AppealQuerySet:
        """Open, and not left alone until the court can no longer be seized."""
        return self.open().exclude(state=AppealState.IMPLICITLY_REJECTED, court_until__lt=day)

    def silent_on(self, day: date) -> AppealQuerySet:
        """Silence gardé deux mois : le rejet est né avant ``day``."""
        return self.filter(state=AppealState.PENDING, implicit_rejection_on__lt=day)

    def locked(self) -> AppealQuerySet:
        return self.select_for_update(of=("self",))


class Appeal(ConcurrentTransitionMixin, models.Model):
    """One appeal against a decision of a case; a case may have several, as a rule an administrative one, then a court.

    ``until`` is the last day there was to file it, as counted that day; empty where no period could be opposed. ``next_on`` is
    what the list of litigation sorts by: each action writes it from `next_step`.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="appeals", verbose_name="dossier")
    kind = models.CharField("recours", max_length=16, choices=AppealKind)
    state = FSMField("état", choices=AppealState, default=AppealState.PENDING, protected=True)
    against = models.CharField("contre", max_length=160)
    author = models.CharField("formé par", max_length=200)
    channel = models.CharField("reçu par", max_length=10, choices=AppealChannel, default=AppealChannel.ONLINE)
    received_on = models.DateField("reçu le")
    until = models.DateField("pouvait être formé jusqu’au", null=True)
    arguments = models.TextField("ce qui est contesté et pourquoi", blank=True)
    files = ArrayField(models.CharField(max_length=64), default=list, blank=True, verbose_name="pièces jointes")
    next_on = models.DateField("prochaine date", null=True)

    # -- administrative
    implicit_rejection_on = models.DateField("rejet implicite le", null=True)
    decided_on = models.DateField("décidé le", null=True)
    withdrawn_on = models.DateField("désistement du", null=True)
    act_sha256 = models.CharField("empreinte de l’acte", max_length=64, blank=True, editable=False)
    notified_on = models.DateField("décision notifiée le", null=True)
    court_until = models.DateField("tribunal à saisir jusqu’au", null=True)
    reasons_asked_on = models.DateField("motifs demandés le", null=True)
    reasons_due_on = models.DateField("motifs dus le", null=True)
    reasons_given_on = models.DateField("motifs donnés le", null=True)

    # -- before the court
    court_name = models.CharField("tribunal", max_length=160, blank=True)
    court_number = models.CharField("numéro de la requête", max_length=40, blank=True)
    suspension = models.CharField("référé-suspension", max_length=10, choices=Suspension, blank=True)
    suspended_on = models.DateField("suspension ordonnée le", null=True)
    suspension_notified_on = models.DateField("ordonnance notifiée le", null=True)
    suspension_sha256 = models.CharField("empreinte de l’ordonnance", max_length=64, blank=True, editable=False)
    suspension_ended_on = models.DateField("suspension levée par le juge le", null=True)
    suspension_end_sha256 = models.CharField("empreinte de l’ordonnance qui la lève", max_length=64, blank=True, editable=False)
    suspends = models.CharField("état du dossier suspendu", max_length=20, choices=State, blank=True, editable=False)
    defence_due_on = models.DateField("mémoire en défense attendu le", null=True, blank=True)
    defence_sent_on = models.DateField("mémoire en défense produit le", null=True, blank=True)
    sits_on = models.DateField("audience le", null=True, blank=True)
    notes = models.TextField("notes de défense", blank=True)
    judged_on = models.DateField("jugement du", null=True)
    judgment = models.CharField("jugement", max_length=20, choices=Judgment, blank=True)
    judgment_notified_on = models.DateField("jugement notifié le", null=True)
    judgment_sha256 = models.CharField("empreinte du jugement", max_length=64, blank=True, editable=False)
    reexamine_by = models.DateField("à réexaminer avant le", null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        verbose_name = "recours"
        verbose_name_plural = "recours"
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state=AppealState.PENDING),
                name="one_appeal_examined_at_a_time",
                violation_error_message="Un recours gracieux est déjà en cours d’examen.",
            ),
            models.CheckConstraint(
                name="appeal_state_belongs_to_its_kind",
                condition=Q(kind=AppealKind.ADMINISTRATIVE, state__in=AppealState.of(AppealKind.ADMINISTRATIVE))
                | Q(kind=AppealKind.COURT, state__in=AppealState.of(AppealKind.COURT)),
                violation_error_message="Cet état n’existe pas pour cette sorte de recours.",
            ),
            models.CheckConstraint(
                name="administrative_appeal_has_its_term",
                condition=~Q(kind=AppealKind.ADMINISTRATIVE) | Q(implicit_rejection_on__isnull=False),
                violation_error_message="Un recours gracieux porte la date de son rejet implicite.",
            ),
            models.CheckConstraint(
                name="judged_appeal_keeps_its_judgment",
                condition=Q(judgment="") | ~Q(judgment_sha256="") & Q(judged_on__isnull=False),
                violation_error_message="Un jugement est inscrit avec sa date et son texte.",
            ),
            models.CheckConstraint(
                name="suspended_appeal_keeps_its_order",
                condition=Q(suspended_on__isnull=True) | ~Q(suspension_sha256="") & Q(suspension=Suspension.ORDERED),
                violation_error_message="Une suspension est inscrite avec sa date et son ordonnance.",
            ),
            models.CheckConstraint(
                name="suspension_is_ended_by_an_order",
                condition=Q(suspension_ended_on__isnull=True)
                | ~Q(suspension_end_sha256="") & Q(suspended_on__isnull=False, suspension_ended_on__gte=F("suspended_on")),
                violation_error_message="La levée d’une suspension suit celle-ci, et garde son ordonnance.",
            ),
        ]
        indexes = [
            models.Index(fields=["next_on", "id"], name="litigation_by_next_date", condition=Q(state__in=AppealState.open())),
            models.Index(fields=["implicit_rejection_on"], name="appeal_silence", condition=Q(state=AppealState.PENDING)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} du {self.received_on:%d/%m/%Y}, {self.application}"

    @transition(
        state,
        source=[AppealState.PENDING, AppealState.IMPLICITLY_REJECTED],
        target=AppealState.REJECTED,
        permission=lambda appeal, user: permissions.can_sign(appeal.application, user),
    )
    def reject(self, *, on: date) -> None:
        """Rejeter un recours gracieux par une décision motivée, même après le silence."""
        self.decided_on, self.court_until = on, None

    @transition(state, source=AppealState.PENDING, target=AppealState.IMPLICITLY_REJECTED, permission=permissions.nobody)
    def reject_by_silence(self, *, on: date, court_until: date) -> None:
        """Constater le rejet né du silence gardé deux mois (CRPA L.411-7)."""
        guards.require_appeal_silent(self, on)
        self.court_until = court_until

    @transition(
        state,
        source=[AppealState.PENDING, AppealState.IMPLICITLY_REJECTED],
        target=AppealState.ACCEPTED,
        permission=lambda appeal, user: permissions.can_sign(appeal.application, user),
    )
    def accept(self, *, on: date) -> None:
        """Accueillir un recours gracieux : une décision nouvelle remplace celle qu’il conteste."""
        self.decided_on, self.court_until = on, None

    @transition(
        state,
        source=AppealState.BEFORE_COURT,
        target=AppealState.DISMISSED,
        permission=lambda appeal, user: permissions.can_judge(appeal.application, user),
    )
    def dismiss(self, *, on: date) -> None:
        """Prendre acte du rejet de la requête."""
        self.judgment, self.judged_on = Judgment.DISMISSED, on

    @transition(
        state,
        source=AppealState.BEFORE_COURT,
        target=AppealState.ANNULLED,
        permission=lambda appeal, user: permissions.can_judge(appeal.application, user),
    )
    def annul(self, *, on: date, judgment: Judgment) -> None:
        """Prendre acte de l’annulation de la décision contestée."""
        self.judgment, self.judged_on = judgment, on

    @transition(
        state,
        source=[AppealState.PENDING, AppealState.BEFORE_COURT],
        target=AppealState.WITHDRAWN,
        permission=permissions.can_withdraw_appeal,
    )
    def withdraw(self, *, on: date) -> None:
        """Prendre acte du désistement : rien n’est tranché, la décision contestée reste ce qu’elle est."""
        self.withdrawn_on = on

    def suspend(self, *, on: date, notified_on: date, order_sha256: str, state: str) -> None:
        """Prendre acte de la suspension ordonnée par le juge des référés (CJA L.521-1). The judge still has to judge the case."""
        if self.state != AppealState.BEFORE_COURT or self.suspended_on is not None:
            raise guards.WrongState
        self.suspension, self.suspended_on, self.suspension_notified_on = Suspension.ORDERED, on, notified_on
        self.suspension_sha256, self.suspends = order_sha256, state

    def end_suspension(self, *, on: date, order_sha256: str) -> None:
        """Prendre acte de l’ordonnance qui met fin à la suspension (CJA L.521-4). The judge still has to judge the case."""
        if self.state != AppealState.BEFORE_COURT or not self.is_suspending:
            raise guards.WrongState
        self.suspension_ended_on, self.suspension_end_sha256 = on, order_sha256

    @property
    def is_suspending(self) -> bool:
        """A judge of urgency suspended what it contests, and has not put an end to it."""
        return self.suspended_on is not None and self.suspension_ended_on is None

    @property
    def is_late(self) -> bool:
        """Filed after its last day: the judge says so, the service only warns."""
        return self.until is not None and self.received_on > self.until

    @property
    def interrupts(self) -> bool:
        """An administrative appeal filed in time makes the period before the court start again (CRPA L.411-2).

        One that its author withdrew is taken as never filed: the texts do not say so, it is the safe reading for them.
        """
        return self.kind == AppealKind.ADMINISTRATIVE and not self.is_late and self.state != AppealState.WITHDRAWN

    def ask_for_reasons(self, *, on: date) -> None:
        """Demander les motifs d’un rejet né du silence : un mois pour les donner (CRPA L.232-4)."""
        self.reasons_asked_on, self.reasons_due_on = on, deadlines.reasons_due_on(on)

    def next_step(self, on: date) -> tuple[str, date] | None:
        """What comes first on this appeal, and when; nothing once it is over."""
        known = [
            ("Rejet né du silence", self.implicit_rejection_on if self.state == AppealState.PENDING else None),
            ("Délai du tribunal", self.court_until if self.court_until and self.court_until >= on else None),
            ("Motifs à donner", None if self.reasons_given_on else self.reasons_due_on),
            ("Mémoire en défense", None if self.defence_sent_on else self.defence_due_on),
            ("Audience", self.sits_on if self.sits_on and self.sits_on >= on else None),
        ]
        steps = [(label, day) for label, day in known if day is not None and self.state in AppealState.open()]
        return min(steps, key=lambda step: step[1], default=None)
