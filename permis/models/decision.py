"""The decision of a case: its draft, and the works it prescribes."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from accounts.models import User
from permis import permissions
from permis.alarms import Alarm
from permis.enums import ConditionMode, ConditionState, Ground, Outcome, State
from permis.litigation import Replacement
from permis.models.application import Application
from permis.models.told import Told, tell_on


class Decision(models.Model):
    """What is proposed to the signatory, then what was signed (CCH L.635-3, CRPA L.211-2).

    ``application`` holds its decision in force, one at the most. A decision that a judge annulled with an order to decide
    again, or that an accepted appeal replaced, gives way: it leaves ``application`` for ``former_case`` and keeps everything
    else, its works, what was held against them, the visits that looked at them, the hash of its act and, on the notices, its
    proofs. So whatever asks for the decision of a case, or for works through it, meets the one in force alone, and no action
    reaches former works any more: they are frozen as they stood.
    """

    application = models.OneToOneField(Application, models.CASCADE, related_name="decision", null=True)
    former_case = models.ForeignKey(
        Application, models.CASCADE, related_name="former_decisions", null=True, verbose_name="décision antérieure de"
    )
    replaced_on = models.DateField("remplacée le", null=True)
    replaced_because = models.CharField("raison du remplacement", max_length=10, choices=Replacement, blank=True)
    notified_on = models.DateField("notifiée le", null=True)
    outcome = models.CharField("sens de la décision", max_length=12, choices=Outcome)
    mode = models.CharField("travaux", max_length=10, choices=ConditionMode, blank=True)
    grounds = ArrayField(models.CharField(max_length=20, choices=Ground), default=list, blank=True, verbose_name="motifs")
    considerations = models.TextField(
        "considérants", blank=True,
        help_text="Ce que le service a constaté et pourquoi il propose cette décision. Un paragraphe par considérant.",
    )  # fmt: skip
    order_number = models.CharField("numéro d’arrêté", max_length=40, blank=True)
    private_areas = ArrayField(
        models.DecimalField(max_digits=5, decimal_places=2), default=list, blank=True, verbose_name="surfaces privatives"
    )
    shared_equipment = models.CharField("équipements partagés", max_length=250, blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="rédigée par")
    visas_required = models.PositiveSmallIntegerField("visas attendus", default=0)
    sent_back_reason = models.TextField("raison du renvoi", blank=True)
    signatory = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="signataire")
    signatory_name = models.CharField("nom du signataire", max_length=160, blank=True)
    signatory_capacity = models.CharField("qualité du signataire", max_length=160, blank=True)
    signed_on = models.DateField("signée le", null=True)
    act_sha256 = models.CharField("empreinte de l’acte", max_length=64, blank=True, editable=False)
    appeal_routes = models.BooleanField("voies et délais de recours mentionnés", default=True)

    class Meta:
        verbose_name = "décision"
        constraints = [
            models.CheckConstraint(
                name="decision_in_force_or_replaced",
                condition=Q(application__isnull=False, former_case__isnull=True, replaced_on__isnull=True)
                | Q(application__isnull=True, former_case__isnull=False, replaced_on__isnull=False),
                violation_error_message="Une décision est celle de son dossier, ou une décision antérieure remplacée à une date.",
            ),
            models.CheckConstraint(
                name="signed_decision_names_its_signatory",
                condition=Q(signed_on__isnull=True) | (~Q(signatory_name="") & ~Q(act_sha256="")),
                violation_error_message="Une décision signée porte son signataire et l’empreinte de l’acte.",
            ),
            models.CheckConstraint(
                name="refusal_and_conditions_cite_a_ground",
                condition=Q(outcome=Outcome.GRANTED) | Q(grounds__len__gt=0),
                violation_error_message="Un refus ou une autorisation sous conditions doit citer un motif.",
            ),
            models.CheckConstraint(
                name="only_conditions_have_a_mode",
                condition=Q(outcome=Outcome.CONDITIONAL) & ~Q(mode="") | ~Q(outcome=Outcome.CONDITIONAL) & Q(mode=""),
                violation_error_message="Dites si les travaux précèdent la location ou ont un délai.",
            ),
        ]

    @property
    def case(self) -> Application:
        """The case it decides, or decided before another decision took its place."""
        case = self.application or self.former_case
        assert case is not None  # held by a constraint of the database
        return case

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.application or self.former_case}"

    def give_way(self, *, because: Replacement, notified_on: date | None, on: date) -> None:
        """Devenir une décision antérieure du dossier, gardée telle qu’elle a été prise et notifiée."""
        self.former_case, self.application = self.application, None
        self.replaced_on, self.replaced_because, self.notified_on = on, because, notified_on


_TELL_ON = tell_on((~Q(state=ConditionState.MET), Alarm.WORKS))


class PrescribedWorkQuerySet(models.QuerySet["PrescribedWork"]):
    def to_remind(self, day: date) -> PrescribedWorkQuerySet:
        """Not found done, with a reminder of their term not given yet, unless they may be followed again: silence and a lapse are reversed."""
        undone = self.alias(to_tell_on=_TELL_ON).filter(to_tell_on__lte=day)
        pending = [*State.open(), State.GRANTED_TACIT, State.LAPSED]
        return undone.filter(decision__application__isnull=False).exclude(decision__application__state__in=pending)


class PrescribedWork(Told, models.Model):
    """One defect and the works it calls for; in a conditional grant, a condition to be met."""

    decision = models.ForeignKey(Decision, models.CASCADE, related_name="works")
    position = models.PositiveSmallIntegerField()
    code = models.CharField("point de contrôle", max_length=10, blank=True)
    place = models.CharField("lieu", max_length=120)
    finding = models.TextField("constat")
    evidence = models.CharField("preuve du constat", max_length=250, blank=True)
    basis = models.CharField("fondement", max_length=160)
    work = models.TextField("travaux ou aménagements prescrits")
    proof = models.CharField("preuve attendue", max_length=160, blank=True)
    due_on = models.DateField("à faire avant le", null=True, blank=True)
    state = FSMField("état", choices=ConditionState, default=ConditionState.OPEN, protected=True)
    settled_on = models.DateField("constatée le", null=True)

    objects = PrescribedWorkQuerySet.as_manager()

    class Meta:
        verbose_name = "travaux prescrits"
        verbose_name_plural = "travaux prescrits"
        constraints = [models.UniqueConstraint(fields=["decision", "position"], name="works_in_order")]
        indexes = [models.Index(_TELL_ON, name="works_tell_on")]

    def __str__(self) -> str:
        return self.work

    def may_be_held_against(self, on: date) -> bool:
        """Found not done, or past its term without having been found done: the holder may be heard about it."""
        is_overdue = self.due_on is not None and self.due_on < on
        return self.state == ConditionState.UNMET or (is_overdue and self.state != ConditionState.MET)

    @transition(
        state, source=[ConditionState.OPEN, ConditionState.PROOF_RECEIVED, ConditionState.UNMET], target=ConditionState.PROOF_RECEIVED,
        permission=lambda work, user: permissions.can_prove_works(work.decision.application, user),
    )  # fmt: skip
    def receive_proof(self) -> None:
        """Recevoir la preuve des travaux, ou une autre encore."""

    @transition(state, source=ConditionState.PROOF_RECEIVED, target=ConditionState.OPEN, permission=permissions.nobody)
    def lose_proof(self) -> None:
        """Attendre une autre preuve : aucune de celles reçues ne s’ouvre."""

    @transition(
        state, source=[ConditionState.OPEN, ConditionState.PROOF_RECEIVED, ConditionState.UNMET], target=ConditionState.MET,
        permission=lambda work, user: permissions.can_inspect(work.decision.application, user),
    )  # fmt: skip
    def meet(self, *, on: date) -> None:
        """Constater que les travaux sont faits."""
        self.settled_on = on

    @transition(
        state, source=[ConditionState.OPEN, ConditionState.PROOF_RECEIVED], target=ConditionState.UNMET,
        permission=lambda work, user: permissions.can_inspect(work.decision.application, user),
    )  # fmt: skip
    def leave_unmet(self, *, on: date) -> None:
        """Constater que les travaux ne sont pas faits."""
        self.settled_on = on
