"""The decision of a case: its draft, and the works it prescribes."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django_fsm import FSMField, transition

from accounts.models import User
from permis import permissions
from permis.enums import ConditionMode, ConditionState, Ground, Outcome
from permis.models.application import Application


class Decision(models.Model):
    """What is proposed to the signatory, then what was signed (CCH L.635-3, CRPA L.211-2)."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="decision")
    outcome = models.CharField("sens de la décision", max_length=12, choices=Outcome)
    mode = models.CharField("travaux", max_length=10, choices=ConditionMode, blank=True)
    grounds = ArrayField(models.CharField(max_length=20, choices=Ground), default=list, blank=True, verbose_name="motifs")
    considerations = models.TextField(
        "considérants", blank=True,
        help_text="Ce que le service a constaté et pourquoi il propose cette décision. Un paragraphe par considérant.",
    )  # fmt: skip
    order_number = models.CharField("numéro d’arrêté", max_length=40, blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="rédigée par")
    sent_back_reason = models.TextField("raison du renvoi", blank=True)
    signatory = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="signataire")
    signatory_name = models.CharField("nom du signataire", max_length=160, blank=True)
    signatory_capacity = models.CharField("qualité du signataire", max_length=160, blank=True)
    signed_on = models.DateField("signée le", null=True)
    act_sha256 = models.CharField("empreinte de l’acte", max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = "décision"
        constraints = [
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

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}, {self.application}"


class PrescribedWork(models.Model):
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

    class Meta:
        verbose_name = "travaux prescrits"
        verbose_name_plural = "travaux prescrits"
        constraints = [models.UniqueConstraint(fields=["decision", "position"], name="works_in_order")]

    def __str__(self) -> str:
        return self.work

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
