"""What was tried to reach the people of a dwelling before its visit."""

from __future__ import annotations

from django.db import models

from accounts.enums import Role
from accounts.models import User
from inspections.enums import ContactChannel, ContactResult
from permis.models import Application


class ContactAttemptQuerySet(models.QuerySet["ContactAttempt"]):
    def visible_to(self, user: User) -> ContactAttemptQuerySet:
        """Attempts on the cases of the authorities where a role of the person reads them: no landlord reads them."""
        return self.filter(application__authority__in=user.authorities_as(*Role.reading_cases()))


class ContactAttempt(models.Model):
    """One attempt to reach a person about a visit, and what came of it."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="contact_attempts", verbose_name="dossier")
    on = models.DateField("jour")
    made_at = models.DateTimeField("inscrite le", auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="par")
    channel = models.CharField("moyen", max_length=10, choices=ContactChannel)
    person = models.CharField("personne", max_length=160, help_text="Par exemple : Mme Duprat, bailleresse.")
    result = models.CharField("résultat", max_length=14, choices=ContactResult)
    note = models.CharField("note", max_length=300, blank=True)

    objects = ContactAttemptQuerySet.as_manager()

    class Meta:
        verbose_name = "essai de contact"
        verbose_name_plural = "essais de contact"
        indexes = [models.Index(fields=["application", "-made_at"], name="contact_latest")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, {self.get_result_display()}"
