"""What people asked to export, and the journal of it that their authority reads."""

from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from territories.models import Authority


class Source(models.TextChoices):
    """Which cases: those of the open tasks of a worklist, or all that were filed."""

    WORKLIST = "liste", "Liste de travail"
    CASES = "dossiers", "Dossiers"


class FileFormat(models.TextChoices):
    XLSX = "xlsx", "Classeur (XLSX)"
    CSV = "csv", "Texte (CSV)"


class ExportState(models.TextChoices):
    """Where one export stands, in the words of who asked for it."""

    QUEUED = "queued", "En attente"
    WRITING = "writing", "En préparation"
    READY = "ready", "Prêt"
    HANDED_OVER = "handed_over", "Téléchargé"
    FAILED = "failed", "En échec"
    EXPIRED = "expired", "Effacé"

    @classmethod
    def waiting(cls) -> list[ExportState]:
        """The worker still has to make its file."""
        return [cls.QUEUED, cls.WRITING]


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: User) -> ExportQuerySet:
        """Their own, for nobody else may read what they may."""
        return self.filter(user=user)

    def locked(self) -> ExportQuerySet:
        return self.select_for_update(of=("self",))

    def waiting(self) -> ExportQuerySet:
        return self.filter(state__in=ExportState.waiting())

    def over_at(self, moment: datetime) -> ExportQuerySet:
        """Files whose days are over."""
        return self.filter(state=ExportState.READY, expires_at__lte=moment)


class Export(models.Model):
    """One export that a person asked for; the columns and the format of the last one are proposed the next time.

    Only a large one has a file, under ``key``, until ``expires_at``; ``authorities`` are those whose cases it holds.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="exports", verbose_name="demandé par")
    source = models.CharField("source", max_length=10, choices=Source)
    query = models.CharField("filtres", max_length=2000, blank=True)
    words = models.CharField("filtres, en mots", max_length=500, blank=True)
    columns = ArrayField(models.CharField(max_length=30), verbose_name="colonnes")
    format = models.CharField("format", max_length=4, choices=FileFormat)
    day = models.DateField("arrêté au")
    state = models.CharField("état", max_length=12, choices=ExportState, default=ExportState.QUEUED)
    rows = models.PositiveIntegerField("lignes")
    written = models.PositiveIntegerField("lignes écrites", default=0)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    authorities = ArrayField(models.BigIntegerField(), default=list, verbose_name="collectivités")
    key = models.CharField("fichier", max_length=120, blank=True)
    size = models.PositiveBigIntegerField("taille en octets", default=0)
    problem = models.CharField("problème", max_length=300, blank=True)
    asked_at = models.DateTimeField("demandé le", auto_now_add=True)
    ready_at = models.DateTimeField("prêt le", null=True)
    expires_at = models.DateTimeField("effacé le", null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = "export"
        constraints = [
            models.CheckConstraint(
                name="export_ready_has_its_file",
                condition=~Q(state="ready") | (~Q(key="") & Q(ready_at__isnull=False, expires_at__isnull=False)),
                violation_error_message="Un export prêt a son fichier, et le jour où il s’efface.",
            )
        ]
        indexes = [models.Index(fields=["user", "-asked_at"], name="exports_of_a_person")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name of its file: no name of a person, no place."""
        return f"{self.source}-{self.day:%Y-%m-%d}.{self.format}"

    @property
    def is_waiting(self) -> bool:
        return self.state in ExportState.waiting()

    @property
    def share(self) -> int:
        """Percentage of the rows that are written."""
        return min(100, round(100 * self.written / self.rows)) if self.rows else 0


class ExportRecord(models.Model):
    """One line of the journal of exports of an authority: who took what, how much of it and when. The database refuses to change it."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="export_records", verbose_name="collectivité")
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="par")
    user_name = models.CharField("nom", max_length=160)
    made_at = models.DateTimeField("le", auto_now_add=True)
    source = models.CharField("source", max_length=10, choices=Source)
    words = models.CharField("filtres", max_length=500, blank=True)
    columns = ArrayField(models.CharField(max_length=30), verbose_name="colonnes")
    is_personal = models.BooleanField("données personnelles")
    format = models.CharField("format", max_length=4, choices=FileFormat)
    rows = models.PositiveIntegerField("lignes")

    class Meta:
        verbose_name = "export de données"
        verbose_name_plural = "exports de données"
        indexes = [models.Index(fields=["authority", "-made_at"], name="export_journal")]

    def __str__(self) -> str:
        return f"{self.user_name}, {self.rows}"


class OpenDataset(models.Model):
    """The anonymous decisions and the public figures of one quarter of an authority, as published: they never change afterwards.

    A file that followed each decision would tell, by what was added since yesterday, what it hides.
    """

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="open_datasets", verbose_name="collectivité")
    until = models.DateField("dernier jour")
    content = models.TextField("lignes, sans en-tête", blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    rows = models.PositiveIntegerField("nombre de lignes")
    figures = models.JSONField("chiffres, masqués", null=True, blank=True)
    made_at = models.DateTimeField("établi le", auto_now_add=True)

    class Meta:
        verbose_name = "décisions publiées d’un trimestre"
        verbose_name_plural = "décisions publiées par trimestre"
        constraints = [models.UniqueConstraint(fields=["authority", "until"], name="open_dataset_of_a_quarter")]

    def __str__(self) -> str:
        return f"{self.authority}, {self.until:%d/%m/%Y}"
