"""Files of a case or of a sanction, the pieces they are, and the acts that the authority issues."""

from __future__ import annotations

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from accounts.enums import Role
from accounts.models import User
from documents.enums import ActKind, Discrepancy, FilePurpose, FileState, LookUpOutcome, Verdict
from documents.extraction import Facts
from documents.holding import Held, belongs_to_one
from permis import scope
from permis.enums import PieceKind, State
from permis.models import Application, Exchange, Opinion, Sanction, Transfer
from territories.models import Authority


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


class Reconciliation(models.Model):
    """What one comparison of the rows with the storage found; ``discrepancies`` are the first of them, ``counts`` all of them."""

    started_at = models.DateTimeField("commencé le")
    ended_at = models.DateTimeField("terminé le", null=True)
    objects_seen = models.PositiveIntegerField("objets vus", default=0)
    rows_seen = models.PositiveIntegerField("fichiers et actes attendus", default=0)
    hashed = models.PositiveIntegerField("contenus relus", default=0)
    counts = models.JSONField("écarts par sorte", default=dict)
    discrepancies = models.JSONField("premiers écarts", default=list)
    problem = models.CharField("interrompu par", max_length=300, blank=True)

    class Meta:
        verbose_name = "rapprochement du stockage"
        verbose_name_plural = "rapprochements du stockage"
        indexes = [models.Index(fields=["-started_at"], name="reconciliation_latest")]

    def __str__(self) -> str:
        return f"Rapprochement du {self.started_at:%d/%m/%Y}"

    @property
    def is_sound(self) -> bool:
        """It went to the end, and whatever it found was harmless remains."""
        return self.ended_at is not None and not set(self.counts) - set(Discrepancy.mended())

    @property
    def lines(self) -> list[tuple[str, int]]:
        """What was found, in words, with how many of each; the gravest first."""
        return [(str(kind.label), self.counts[kind]) for kind in Discrepancy if kind in self.counts]
