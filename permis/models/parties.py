"""Who lets the dwelling, and who acts for them (R.635-2 1° to 3°)."""

from django.db import models
from django.db.models import Q

from permis.enums import Civility, LessorKind
from permis.models.application import Application
from permis.validators import validate_siret

# What a row of these must hold, whichever table it is in.
IDENTIFIED = Q(kind=LessorKind.COMPANY) & ~Q(company="") | ~Q(kind=LessorKind.COMPANY) & ~Q(last_name="")
_CIVILITIES = dict(Civility.choices)
# What a recipient accepts, in the very words that are kept with their consent (CRPA L.112-15, R.112-17 to R.112-20).
ONLINE_NOTICE = (
    "J’accepte que la décision me soit notifiée en ligne, sur la page de ma demande, et non par lettre recommandée. Un courriel m’avertira "
    "du jour où elle m’attend, sans dire ce qu’elle décide. Le jour où je l’ouvre est celui de sa notification : les délais de "
    "recours en partent. Si je ne l’ouvre pas dans les quinze jours, elle est réputée notifiée le jour où elle a été mise à ma "
    "disposition. Je peux retirer cet accord à tout moment, pour les envois suivants."
)


def said_name(kind: str, civility: str, first_name: str, last_name: str, company: str) -> str:
    """A company by its name; a person as they are addressed."""
    if kind == LessorKind.COMPANY:
        return company
    return " ".join(part for part in (_CIVILITIES.get(civility, civility), first_name, last_name) if part)


class Identity(models.Model):
    """Who an owner is: a natural person, a company, or a co-owner of an undivided estate."""

    kind = models.CharField("le bailleur est", max_length=10, choices=LessorKind, default=LessorKind.PERSON)
    civility = models.CharField("civilité", max_length=5, choices=Civility, blank=True)
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    company = models.CharField("dénomination", max_length=160, blank=True)
    legal_form = models.CharField("forme juridique", max_length=80, blank=True)
    siret = models.CharField("SIRET", max_length=20, blank=True, validators=[validate_siret])
    capacity = models.CharField("qualité du signataire", max_length=120, blank=True, help_text="Gérant, président, indivisaire…")
    address = models.CharField("adresse", max_length=250)
    postcode = models.CharField("code postal", max_length=12)
    city = models.CharField("ville", max_length=100)
    country = models.CharField("pays", max_length=60, default="France")
    overseas = models.BooleanField("demeure outre-mer", default=False)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    accept_email = models.BooleanField("accepte de recevoir les décisions en ligne", default=False, help_text=ONLINE_NOTICE)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """« Mme Hélène Duprat » or « SCI Les Platanes »."""
        return said_name(self.kind, self.civility, self.first_name, self.last_name, self.company)

    @property
    def postal_address(self) -> str:
        abroad = "" if self.country == "France" else f", {self.country}"
        return f"{self.address}, {self.postcode} {self.city}{abroad}"

    @property
    def is_abroad(self) -> bool:
        return self.country.strip().casefold() != "france"


class Lessor(Identity):
    """One of the persons who let, and who hold the permit."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="lessors")

    class Meta:
        verbose_name = "bailleur"
        constraints = [
            models.CheckConstraint(
                name="lessor_is_identified",
                condition=IDENTIFIED,
                violation_error_message="Indiquez le nom du bailleur ou la dénomination de la société.",
            ),
            models.UniqueConstraint(fields=["application", "position"], name="lessors_in_order"),
        ]


class Mandate(models.Model):
    """Who acts for somebody, with activity and professional card (R.635-2 3°)."""

    name = models.CharField("nom ou dénomination", max_length=200)
    activity = models.CharField("activité", max_length=120)
    card_number = models.CharField("numéro de carte professionnelle", max_length=40, blank=True)
    card_issued_at = models.CharField("lieu de délivrance de la carte", max_length=80, blank=True)
    address = models.CharField("adresse", max_length=250)
    email = models.EmailField("adresse électronique", blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Agent(Mandate):
    """The agent who applies for the lessors."""

    application = models.OneToOneField(Application, models.CASCADE, related_name="agent")

    class Meta:
        verbose_name = "mandataire"
