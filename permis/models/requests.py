"""What the service writes about a case: requests for missing pieces, and notes the landlord never sees."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from accounts.models import User
from permis.enums import PieceKind
from permis.models.application import Application


class PieceRequest(models.Model):
    """A request for pieces: the month restarts with the last required one of them (CRPA L.114-5)."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="piece_requests")
    pieces = ArrayField(models.CharField(max_length=20, choices=PieceKind), verbose_name="pièces demandées")
    reasons = models.JSONField("raisons, par pièce", default=dict)
    message = models.TextField("message du service", blank=True)
    required = models.BooleanField("pièces exigées par la loi", default=True)
    requested_on = models.DateField("demandées le")
    respond_by = models.DateField("attendues avant le")
    is_late = models.BooleanField("faite dans les cinq derniers jours", default=False)
    answered_on = models.DateField("complétée le", null=True)

    class Meta:
        verbose_name = "demande de pièces"
        verbose_name_plural = "demandes de pièces"
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(answered_on__isnull=True, required=True),
                name="one_open_request_a_case",
            )
        ]

    @property
    def labels(self) -> list[dict[str, str]]:
        """Each piece in words, with the reason that the service gave."""
        return [{"label": str(PieceKind(kind).label), "reason": self.reasons.get(kind, "")} for kind in self.pieces]

    def __str__(self) -> str:
        return f"Demande de pièces du {self.requested_on:%d/%m/%Y}"


class Note(models.Model):
    """An internal note of the service, never shown to the landlord."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="auteur")
    text = models.TextField("note interne", help_text="Le bailleur ne la voit jamais.")
    written_at = models.DateTimeField("écrite le", auto_now_add=True)

    class Meta:
        verbose_name = "note interne"
        verbose_name_plural = "notes internes"

    def __str__(self) -> str:
        return f"Note de {self.author}"
