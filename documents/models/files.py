"""Files of a case or of a sanction, what scanned them, what hides people on their photos."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from accounts.enums import Role
from accounts.models import User
from documents.enums import FilePurpose, FileState
from documents.extraction import Facts
from documents.holding import Held, belongs_to_one
from permis import scope
from permis.enums import State
from permis.models import Application, Exchange, Opinion, Sanction


class StoredFileQuerySet(models.QuerySet["StoredFile"]):
    def visible_to(self, user: User) -> StoredFileQuerySet:
        """Files of the cases a person may see, what the service keeps for itself for it alone; evidence of the sanctions they read."""
        of_cases = Q(application__in=Application.objects.filter(scope.of(user)))
        is_of_the_service = Q(application__authority__in=user.authorities_as(*Role.reading_cases()))
        is_shown = ~Q(purpose__in=FilePurpose.of_the_service()) | is_of_the_service | Q(uploaded_by=user)
        return self.filter((of_cases & is_shown) | Q(sanction__in=Sanction.objects.visible_to(user)))

    def deposited(self) -> StoredFileQuerySet:
        """Those that a person gave as documents: they alone fill the room of a case, and may be pieces or proofs."""
        return self.filter(purpose=FilePurpose.DEPOSITED)

    def received(self) -> StoredFileQuerySet:
        """Those whose bytes arrived."""
        return self.exclude(state=FileState.AWAITED)

    def awaited_from(self, user: User) -> StoredFileQuerySet:
        """Announced by this person, and not arrived."""
        return self.filter(state=FileState.AWAITED, uploaded_by=user)

    def to_examine(self) -> StoredFileQuerySet:
        return self.filter(state__in=FileState.waiting())

    def settled(self) -> StoredFileQuerySet:
        """Those whose bytes rest under their immutable key."""
        return self.filter(state__in=FileState.kept(), quarantine="")

    def evidence(self) -> StoredFileQuerySet:
        """Those of a filed case: a draft may still be given up, and goes with its files."""
        return self.settled().exclude(application__state=State.DRAFT)


class StoredFile(Held):
    """A file of one case or one sanction: received in quarantine, examined, then kept under `folder/sha256` for ever.

    ``sha256`` is empty until we have read the bytes ourselves; ``problem`` says in words why a file is of no use;
    ``announced`` holds which pieces it was meant to be, so that a cut loses nothing of what the person said.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="files", null=True, blank=True)
    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="files", null=True, blank=True)
    purpose = models.CharField("nature", max_length=10, choices=FilePurpose, default=FilePurpose.DEPOSITED)
    sha256 = models.CharField("empreinte", max_length=64, blank=True)
    quarantine = models.CharField("en quarantaine sous", max_length=120, blank=True)
    state = models.CharField("état", max_length=12, choices=FileState, default=FileState.PENDING)
    problem = models.CharField("problème", max_length=300, blank=True)
    page_count = models.PositiveIntegerField("pages", null=True)
    pictures = models.PositiveSmallIntegerField("pages en image", default=0)
    active = models.JSONField("contenus actifs", default=list)
    facts = models.JSONField("lu sur le document", default=dict)
    name = models.CharField("nom du fichier", max_length=200)
    content_type = models.CharField("type", max_length=60)
    size = models.PositiveIntegerField("taille en octets")
    uploaded_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="déposé par")
    uploaded_at = models.DateTimeField("déposé le", auto_now_add=True)
    announced = models.JSONField("annoncé comme", default=dict)
    locked_until = models.DateTimeField("verrouillé jusqu’au", null=True)

    objects = StoredFileQuerySet.as_manager()

    class Meta:
        verbose_name = "fichier"
        constraints = [belongs_to_one("file_of_a_case_or_a_sanction")]
        indexes = [
            models.Index(fields=["sha256"], name="file_by_hash"),
            models.Index(fields=["id"], name="file_to_examine", condition=Q(state__in=FileState.waiting())),
            models.Index(fields=["quarantine"], name="file_in_quarantine", condition=~Q(quarantine="")),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def key(self) -> str:
        """Where the bytes rest for ever, once examined."""
        return f"{self.folder}/{self.sha256}"

    @property
    def location(self) -> str:
        """Where the bytes are now."""
        return self.quarantine or self.key

    @property
    def is_served(self) -> bool:
        return self.state == FileState.CLEAN

    @property
    def is_unusable(self) -> bool:
        return self.state in FileState.unusable()

    @property
    def is_photo(self) -> bool:
        return self.content_type != "application/pdf"

    @property
    def facts_read(self) -> Facts:
        """What its first pages say, as far as a machine can tell."""
        return Facts.of(self.facts)

    def picture_key(self, page: int) -> str:
        """A page as a picture of ours, without a word of where or when it was taken; page 0 is the thumbnail."""
        return f"{self.key}.pages/{page or 'vignette'}.jpg"

    @property
    def picture_numbers(self) -> range:
        return range(1, self.pictures + 1)


class Scan(models.Model):
    """What one engine said of these very bytes: the database refuses a clean file without such a line, and a line that changes.

    It goes with its file, when a draft is discarded.
    """

    file = models.ForeignKey(StoredFile, models.CASCADE, related_name="scans")
    engine = models.CharField("moteur", max_length=80)
    signatures = models.CharField("signatures", max_length=80, blank=True)
    sha256 = models.CharField("empreinte", max_length=64)
    verdict = models.CharField("verdict", max_length=12, choices=FileState)
    detail = models.CharField("détail", max_length=300, blank=True)
    at = models.DateTimeField("le", auto_now_add=True)

    class Meta:
        verbose_name = "analyse"
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        return f"{self.engine} : {self.get_verdict_display()}"


class Blurring(models.Model):
    """Whether a person can be seen on a photo, and which places of its copy are blurred before anybody outside gets it.

    ``regions`` are [left, top, width, height] between 0 and 1; the blurred copy is made from them each time, never kept.
    """

    file = models.OneToOneField(StoredFile, models.CASCADE, related_name="blurring", verbose_name="photo")
    has_people = models.BooleanField("une personne est visible")
    regions = models.JSONField("zones floutées", default=list)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="par")
    made_at = models.DateTimeField("le", auto_now=True)

    class Meta:
        verbose_name = "floutage"
        constraints = [
            models.CheckConstraint(
                name="people_are_blurred",
                condition=Q(has_people=False) | ~Q(regions=[]),
                violation_error_message="Dites où une personne est visible : une zone au moins est floutée.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file}, {len(self.regions)}"


class Attachment(models.Model):
    """A file that came with a message or with an opinion."""

    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="attachments")
    exchange = models.ForeignKey(Exchange, models.CASCADE, related_name="attachments", null=True)
    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="attachments", null=True)

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        constraints = [
            models.CheckConstraint(
                name="attached_to_one_thing",
                condition=Q(exchange__isnull=False, opinion__isnull=True) | Q(exchange__isnull=True, opinion__isnull=False),
                violation_error_message="Une pièce jointe l’est à un message ou à un avis.",
            )
        ]

    def __str__(self) -> str:
        return self.file.name
