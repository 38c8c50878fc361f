"""The pieces that files are, and what ADEME's register says of a certificate."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from documents.enums import LookUpOutcome, Verdict
from documents.models.files import StoredFile
from permis import scope
from permis.enums import PieceKind
from permis.models import Application


class PieceQuerySet(models.QuerySet["Piece"]):
    def current(self) -> PieceQuerySet:
        """The pieces in use: those a later one replaced are kept as history."""
        return self.filter(replaced_on__isnull=True)

    def visible_to(self, user: User) -> PieceQuerySet:
        return self.filter(application__in=Application.objects.filter(scope.of(user)))


class Piece(models.Model):
    """A file given as one kind of piece, with the service's verdict on it."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="pieces")
    kind = models.CharField("pièce", max_length=20, choices=PieceKind)
    title = models.CharField("nom du document", max_length=120, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="pieces")
    established_on = models.DateField("établie le", null=True, blank=True)
    first_page = models.PositiveSmallIntegerField("de la page", null=True, blank=True)
    last_page = models.PositiveSmallIntegerField("à la page", null=True, blank=True)
    lead_found = models.BooleanField("présence de plomb", null=True, blank=True)
    received_on = models.DateField("reçue le")
    verdict = models.CharField("avis du service", max_length=10, choices=Verdict, default=Verdict.PENDING)
    reason = models.CharField("raison du refus", max_length=300, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="vérifiée par")
    replaced_on = models.DateField("remplacée le", null=True)

    objects = PieceQuerySet.as_manager()

    class Meta:
        verbose_name = "pièce"
        constraints = [
            models.CheckConstraint(
                name="refused_piece_says_why",
                condition=~Q(verdict=Verdict.REFUSED) | ~Q(reason=""),
                violation_error_message="Dites au bailleur pourquoi la pièce est refusée.",
            ),
            models.CheckConstraint(
                name="pages_follow_each_other",
                condition=Q(last_page__isnull=True) | Q(first_page__isnull=True) | Q(last_page__gte=F("first_page")),
                violation_error_message="La dernière page précède la première.",
            ),
            models.CheckConstraint(
                name="free_documents_alone_are_named",
                condition=Q(kind=PieceKind.OTHER) & ~Q(title="") | ~Q(kind=PieceKind.OTHER) & Q(title=""),
                violation_error_message="Donnez un nom à ce document.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())

    @property
    def place(self) -> str:
        """Which pages of its file are this piece, as far as somebody said."""
        first, last = self.first_page, self.last_page
        if first is None or first == last:
            return f"page {first}" if first else f"jusqu’à la page {last}" if last else ""
        return f"pages {first} à {last}" if last else f"à partir de la page {first}"


class CertificateLookUp(models.Model):
    """One question to ADEME's register about the certificate of a case, and its answer, kept with what proves it.

    ``answer`` is empty unless the certificate was found; ``digest`` is the SHA-256 of the answer as it came.
    """

    application = models.ForeignKey(Application, models.CASCADE, related_name="look_ups")
    number = models.CharField("numéro du DPE", max_length=13)
    outcome = models.CharField("réponse", max_length=12, choices=LookUpOutcome)
    answer = models.JSONField("DPE publié", default=dict)
    digest = models.CharField("empreinte de la réponse", max_length=64, blank=True)
    asked_at = models.DateTimeField("demandée le", auto_now_add=True)

    class Meta:
        verbose_name = "interrogation de l’ADEME"
        verbose_name_plural = "interrogations de l’ADEME"

    def __str__(self) -> str:
        return f"{self.number} : {self.get_outcome_display()}"
