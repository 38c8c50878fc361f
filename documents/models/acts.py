"""The acts that the authority issues, and what it adds to them."""

from __future__ import annotations

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from accounts.models import User
from documents.enums import ActKind
from documents.holding import Held, belongs_to_one
from permis import scope
from permis.models import Application, Sanction, Transfer
from territories.models import Authority


class ActQuerySet(models.QuerySet["Act"]):
    def issued(self) -> ActQuerySet:
        """Acts that took effect: neither previews nor acts still to be rendered."""
        return self.filter(issued_on__isnull=False)

    def stored(self) -> ActQuerySet:
        """Acts whose PDF exists, as a preview or sealed."""
        return self.exclude(sha256="", preview_sha256="")

    def evidence(self) -> ActQuerySet:
        return self.issued().exclude(sha256="")

    def visible_to(self, user: User) -> ActQuerySet:
        """Acts of the cases a person may see or gave up, of the sanctions they read, and of those that they are told of."""
        return self.filter(
            Q(application__in=Application.objects.filter(scope.of(user)))
            | Q(pk__in=self.model.objects.left_to(user))
            | Q(sanction__in=Sanction.objects.visible_to(user))
            | Q(sanction__in=Sanction.objects.told_to(user))
        )

    def left_to(self, user: User) -> ActQuerySet:
        """The acts of permits this person gave up, issued until the transfer took effect; its receipt is among them."""
        given_up = Transfer.objects.given_up_by(user)
        until = given_up.filter(application=OuterRef("application")).order_by("-settled_at").values("settled_at")[:1]
        return self.issued().filter(application__in=given_up.values("application"), created_at__lte=Subquery(until))

    def told(self) -> ActQuerySet:
        """Of a sanction, what the person blamed reads: the letters sent, and the fine once it is notified."""
        letters = Q(kind__in=ActKind.letters_of_sanctions())
        return self.issued().filter(letters | Q(kind__in=ActKind.fines(), sanction__notified_on__isnull=False))


class Act(Held):
    """A document of the authority: its content frozen as data, its PDF stored once and never made again."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="acts", null=True, blank=True)
    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="acts", null=True, blank=True)
    kind = models.CharField("acte", max_length=24, choices=ActKind)
    content = models.JSONField("contenu", default=dict)
    fingerprint = models.CharField("empreinte du contenu", max_length=64)
    preview_sha256 = models.CharField("empreinte de l’aperçu", max_length=64, blank=True)
    sha256 = models.CharField("empreinte de l’acte", max_length=64, blank=True)
    sealed_at = models.DateTimeField("scellé le", null=True)
    issued_on = models.DateField("pris le", null=True)
    void_on = models.DateField("sans effet depuis le", null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    locked_until = models.DateTimeField("verrouillé jusqu’au", null=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        verbose_name = "acte"
        constraints = [
            belongs_to_one("act_of_a_case_or_a_sanction"),
            models.UniqueConstraint(fields=["sha256", "application"], name="act_stored_once", condition=~Q(sha256="")),
            models.UniqueConstraint(fields=["sha256", "sanction"], name="sanction_act_stored_once", condition=~Q(sha256="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.owner}"

    @property
    def key(self) -> str:
        return self._key(self.sha256 or self.preview_sha256)

    def stored_keys(self) -> list[tuple[str, str]]:
        """Where its PDF rests, sealed and as it was previewed, and the hash of each."""
        return [(self._key(sha256), sha256) for sha256 in (self.sha256, self.preview_sha256) if sha256]

    def _key(self, sha256: str) -> str:
        return f"{self.folder}/{sha256}"


class ActTemplate(models.Model):
    """One version of what an authority adds to a kind of act, or withholds from it; the last one holds, none is rewritten."""

    authority = models.ForeignKey(Authority, models.CASCADE, related_name="act_templates", verbose_name="collectivité")
    kind = models.CharField("acte", max_length=30, choices=ActKind)
    number = models.PositiveSmallIntegerField("version")
    changes = models.JSONField("modifications")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="auteur")
    made_at = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        verbose_name = "modèle d’acte"
        verbose_name_plural = "modèles d’actes"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "kind", "number"],
                name="template_version_once",
                violation_error_message="Une autre version vient d’être enregistrée. Relisez-la avant de continuer.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, version {self.number}"
