"""The adversarial procedure: the holder of a permit may answer before it is taken away (CRPA L.121-1, L.122-1)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from permis import scope
from permis.enums import Means
from permis.litigation import HearingPurpose
from permis.models.application import Application
from permis.models.decision import PrescribedWork


class HearingQuerySet(models.QuerySet["Hearing"]):
    def visible_to(self, user: User) -> HearingQuerySet:
        """Letters of the cases that a person may see."""
        return self.filter(application__in=Application.objects.filter(scope.of(user)))

    def standing(self) -> HearingQuerySet:
        """Those that the service did not give up."""
        return self.filter(dropped_on__isnull=True)

    def toward(self, purpose: HearingPurpose) -> HearingQuerySet:
        return self.filter(purpose=purpose)


class Hearing(models.Model):
    """One letter that says what is held against the permit, the day it was received, and what was answered.

    ``answer_days`` are those of the letter itself: what the authority settles later changes no letter already sent.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="hearings")
    purpose = models.CharField("en vue de", max_length=12, choices=HearingPurpose, default=HearingPurpose.REPEAL)
    works = models.ManyToManyField(PrescribedWork, related_name="hearings", verbose_name="travaux non faits", blank=True)
    reasons = models.TextField("faits reprochés")
    texts = models.TextField("textes en cause", blank=True)
    answer_days = models.PositiveSmallIntegerField("jours pour répondre", default=15)
    means = models.CharField("envoyée par", max_length=20, choices=Means)
    tracking_number = models.CharField("numéro de recommandé", max_length=40, blank=True)
    sent_on = models.DateField("envoyée le")
    received_on = models.DateField("reçue ou présentée le", null=True, blank=True)
    answer_by = models.DateField("observations attendues jusqu’au", null=True)
    observations = models.TextField("observations", blank=True)
    observations_on = models.DateField("observations reçues le", null=True, blank=True)
    oral_asked_on = models.DateField("entretien demandé le", null=True, blank=True)
    oral_held_on = models.DateField("entretien tenu le", null=True, blank=True)
    oral_report = models.TextField("compte rendu de l’entretien", blank=True)
    file_read_on = models.DateField("dossier consulté le", null=True, blank=True)
    dropped_on = models.DateField("abandonnée le", null=True, blank=True)

    objects = HearingQuerySet.as_manager()

    class Meta:
        verbose_name = "procédure contradictoire"
        verbose_name_plural = "procédures contradictoires"
        constraints = [
            models.CheckConstraint(
                name="hearing_received_after_it_was_sent",
                condition=Q(received_on__isnull=True) | Q(received_on__gte=F("sent_on")),
                violation_error_message="La lettre ne peut pas être reçue avant son envoi.",
            ),
            models.CheckConstraint(
                name="observations_are_dated",
                condition=Q(observations="") | Q(observations_on__isnull=False),
                violation_error_message="Dites quel jour ces observations ont été reçues.",
            ),
            models.CheckConstraint(
                name="held_interview_is_reported",
                condition=Q(oral_held_on__isnull=True) | ~Q(oral_report=""),
                violation_error_message="Dites ce qui a été dit pendant l’entretien, ou qui ne s’y est pas présenté.",
            ),
        ]

    def __str__(self) -> str:
        return f"Lettre contradictoire du {self.sent_on:%d/%m/%Y}, {self.application}"

    @property
    def awaits_interview(self) -> bool:
        """The holder asked to be heard in person and was not yet (CRPA L.122-1)."""
        return self.oral_asked_on is not None and self.oral_held_on is None

    def is_heard(self, on: date) -> bool:
        """The holder answered, or the time to do so has passed; who asked to speak has been heard."""
        if self.dropped_on is not None or self.awaits_interview:
            return False
        answered = bool(self.observations) or self.oral_held_on is not None
        return answered or (self.answer_by is not None and on > self.answer_by)
