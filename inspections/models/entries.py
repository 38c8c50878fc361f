"""What is entered on the spot: an append-only sequence of entries per visit, and the photos they announce."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.enums import Role
from accounts.models import Membership, User
from documents.models import StoredFile
from inspections.enums import EntryKind
from inspections.models.visit import Visit


class DeviceQuerySet(models.QuerySet["Device"]):
    def visible_to(self, user: User) -> DeviceQuerySet:
        """One’s own, and those of the people of the authorities that one manages or administers."""
        authorities = user.authorities_as(Role.MANAGER, Role.ADMINISTRATOR)
        return self.filter(Q(user=user) | Q(user__in=Membership.objects.filter(authority__in=authorities).values("user")))


class Device(models.Model):
    """A phone on which somebody enters visits; once revoked it erases what it holds at its next contact."""

    id = models.UUIDField("identifiant", primary_key=True)
    user = models.ForeignKey(User, models.CASCADE, related_name="devices", verbose_name="personne")
    label = models.CharField("appareil", max_length=120, blank=True)
    first_seen_at = models.DateTimeField("vu la première fois", auto_now_add=True)
    last_seen_at = models.DateTimeField("vu la dernière fois")
    skew_seconds = models.IntegerField("avance de son horloge en secondes", default=0)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        verbose_name = "téléphone"

    def __str__(self) -> str:
        return self.label or str(self.id)


class Entry(models.Model):
    """One thing entered during a visit, as a device wrote it; never changed, only followed by another of the same key.

    ``id``, ``device`` and ``sequence`` are the device's, so that the same entry sent twice is kept once and in order;
    ``number`` is the server's order within the visit. ``base`` is the greatest number that the device knew when it wrote:
    an entry that contradicts one it could not know of names it in ``conflicts_with``, and both are kept.
    ``made_at`` is by the device's clock, corrected by nobody: ``skew_seconds`` says how far ahead that clock was.
    """

    id = models.UUIDField("identifiant", primary_key=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="entries", verbose_name="visite")
    device = models.ForeignKey(Device, models.PROTECT, related_name="entries", verbose_name="téléphone")
    sequence = models.PositiveIntegerField("rang sur le téléphone")
    number = models.PositiveIntegerField("rang")
    base = models.PositiveIntegerField("dernier rang connu", default=0)
    kind = models.CharField("nature", max_length=20, choices=EntryKind)
    key = models.CharField("objet", max_length=100)
    payload = models.JSONField("saisie")
    made_at = models.DateTimeField("saisie à, selon le téléphone")
    skew_seconds = models.IntegerField("avance de l’horloge en secondes", default=0)
    received_at = models.DateTimeField("reçue à", auto_now_add=True)
    is_late = models.BooleanField("arrivée après le compte rendu", default=False)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="auteur")
    conflicts_with = models.ForeignKey(
        "self", models.PROTECT, related_name="contradicted_by", null=True, verbose_name="contredit"
    )

    class Meta:
        verbose_name = "saisie"
        constraints = [
            models.UniqueConstraint(fields=["visit", "number"], name="entries_in_order"),
            models.UniqueConstraint(fields=["visit", "device", "sequence"], name="entries_in_order_of_a_device"),
            models.CheckConstraint(
                name="entry_knows_only_what_precedes",
                condition=Q(base__lt=F("number")),
                violation_error_message="Une saisie ne peut pas connaître celles qui la suivent.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.key}"


class Photo(models.Model):
    """A photo announced by an entry; its bytes follow by chunks, then become a file of the case like any other."""

    id = models.UUIDField("identifiant", primary_key=True)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos", verbose_name="visite")
    sha256 = models.CharField("empreinte annoncée", max_length=64)
    size = models.PositiveIntegerField("taille en octets")
    taken_at = models.DateTimeField("prise à, selon le téléphone")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="photo", null=True, verbose_name="fichier")

    class Meta:
        verbose_name = "photo"

    def __str__(self) -> str:
        return str(self.id)


class PhotoChunk(models.Model):
    """Bytes of a photo on their way in; deleted once the photo is whole."""

    photo = models.ForeignKey(Photo, models.CASCADE, related_name="chunks")
    offset = models.PositiveIntegerField("à partir de l’octet")
    content = models.BinaryField("octets")

    class Meta:
        verbose_name = "morceau de photo"
        verbose_name_plural = "morceaux de photo"
        constraints = [models.UniqueConstraint(fields=["photo", "offset"], name="chunk_once")]

    def __str__(self) -> str:
        return f"{self.photo_id}, {self.offset}"
