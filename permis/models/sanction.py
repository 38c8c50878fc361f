"""A sanction: its state is the only legal truth of a fine, from the finding to its recovery (CCH R.634-4, R.635-4, R.635-5)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django_fsm import RETURN_VALUE, ConcurrentTransitionMixin, FSMField, transition

from accounts.enums import Role
from accounts.models import User
from permis import addresses, deadlines, permissions, sanctions
from permis import sanction_guards as guards
from permis.alarms import Alarm
from permis.breaches import Breach, FindingSource, SanctionState
from permis.enums import LessorKind, Means
from permis.models.application import Application
from permis.models.told import Told, tell_on
from permis.validators import validate_postcode, validate_siret
from territories.enums import Regime
from territories.models import Authority, Commune, Zone
from territories.text import fold, holds_words


class OneYearAfter(models.Func):
    """One year later, date to date; the last day of the month where there is no such day, as `deadlines.fine_barred_after`."""

    template = "(%(expressions)s + interval '1 year')::date"
    output_field = models.DateField()


_TELL_ON = tell_on((Q(state__in=SanctionState.before_decision()), Alarm.BAR))


class SanctionQuerySet(models.QuerySet["Sanction"]):
    def visible_to(self, user: User) -> SanctionQuerySet:
        """Those of the authorities where a role reads them."""
        return self.filter(authority__in=user.authorities_as(*Role.reading_sanctions()))

    def told_to(self, user: User) -> SanctionQuerySet:
        """Those that blame this very person, on a case of theirs, once the letter is sent: before, nothing is known outside."""
        return self.filter(blames_applicant=True, application__applicant=user, letter_sent_on__isnull=False)

    def locked(self) -> SanctionQuerySet:
        return self.select_for_update(of=("self",))

    def with_sheet(self) -> SanctionQuerySet:
        """Everything that its page and its acts show, in one query."""
        return self.select_related("authority", "commune", "zone", "application", "previous")

    def resembling(self, sanction: Sanction) -> SanctionQuerySet:
        """Of the same authority, the same person or the same dwelling, found in the three years before."""
        since = deadlines.repeat_sought_since(sanction.found_on)
        found = self.filter(authority=sanction.authority, found_on__range=(since, sanction.found_on)).exclude(pk=sanction.pk)
        same = Q(person_key=sanction.person_key)
        return found.filter(same | Q(dwelling_key=sanction.dwelling_key) if sanction.dwelling_key else same)

    def observed_before(self, day: date) -> SanctionQuerySet:
        """Le mois des observations est passé avant ``day``."""
        return self.filter(state=SanctionState.OBSERVATIONS_OPEN, observations_until__lt=day)

    def near_bar(self, day: date) -> SanctionQuerySet:
        """Celles dont une alerte de prescription n’a pas été dite, et qu’aucune décision n’a closes."""
        return self.alias(to_tell_on=_TELL_ON).filter(to_tell_on__lte=day)

    def barred_until(self, first: date, last: date) -> SanctionQuerySet:
        """Celles dont l’amende se prescrit entre ces deux jours, et qu’aucune décision n’a closes."""
        return self.filter(state__in=SanctionState.before_decision(), barred_after__range=(first, last))

    def established(self) -> SanctionQuerySet:
        """Breaches that stand: a fine was ordered and not withdrawn, or the person mended what they did."""
        return self.filter(Q(state__in=SanctionState.ordered()) | Q(state=SanctionState.CLOSED, regularised_on__isnull=False))

    def matching(self, text: str) -> SanctionQuerySet:
        """Those whose number, person or address holds every word of ``text``."""
        return self.filter(holds_words(text))


class Sanction(ConcurrentTransitionMixin, Told, models.Model):
    """One breach held against one person about one dwelling; an undeclared letting has no case."""

    authority = models.ForeignKey(Authority, models.PROTECT, related_name="sanctions", verbose_name="collectivité")
    commune = models.ForeignKey(Commune, models.PROTECT, related_name="sanctions", verbose_name="commune")
    zone = models.ForeignKey(Zone, models.PROTECT, related_name="sanctions", verbose_name="périmètre")
    application = models.ForeignKey(
        Application, models.PROTECT, related_name="sanctions", null=True, blank=True, verbose_name="dossier"
    )
    number = models.CharField("numéro", max_length=24, unique=True, editable=False)
    state = FSMField("état", choices=SanctionState, default=SanctionState.CONSTAT, protected=True)
    breach = models.CharField("manquement", max_length=20, choices=Breach)

    address = models.CharField("adresse du logement", max_length=250)
    postcode = models.CharField("code postal du logement", max_length=5, validators=[validate_postcode])
    person_kind = models.CharField("la personne est", max_length=10, choices=LessorKind, default=LessorKind.PERSON)
    person_name = models.CharField("nom ou dénomination", max_length=200)
    person_siret = models.CharField("SIRET", max_length=20, blank=True, validators=[validate_siret])
    person_address = models.CharField("adresse de la personne", max_length=250)
    person_postcode = models.CharField("code postal", max_length=12)
    person_city = models.CharField("ville", max_length=100)
    person_email = models.EmailField("adresse électronique", blank=True)
    blames_applicant = models.BooleanField("la personne est le demandeur du dossier", default=False)

    found_on = models.DateField("constatée le")
    barred_after = models.DateField("amende possible jusqu’au", editable=False)
    found_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="constatée par")
    found_by_name = models.CharField("auteur du constat", max_length=170)
    let_on = models.DateField("logement loué depuis le", null=True, blank=True)
    source = models.CharField("élément de preuve", max_length=12, choices=FindingSource)
    facts = models.TextField("faits constatés")
    previous = models.ForeignKey(
        "self", models.PROTECT, related_name="repeats", null=True, blank=True, verbose_name="manquement antérieur"
    )
    repeated = models.BooleanField("nouveau manquement dans les trois ans", default=False)
    repeat_confirmed_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="confirmé par"
    )

    letter_sent_on = models.DateField("lettre envoyée le", null=True, blank=True)
    letter_means = models.CharField("envoyée par", max_length=20, choices=Means, blank=True)
    letter_tracking = models.CharField("numéro de recommandé", max_length=40, blank=True)
    letter_received_on = models.DateField("lettre présentée le", null=True, blank=True)
    observations_until = models.DateField("observations jusqu’au", null=True, blank=True)
    observations = models.TextField("observations écrites", blank=True)
    observations_on = models.DateField("observations reçues le", null=True, blank=True)
    hearing_asked = models.BooleanField("audition demandée", default=False)
    heard_on = models.DateField("audition faite le", null=True, blank=True)
    heard = models.TextField("compte rendu de l’audition", blank=True)
    regularised_on = models.DateField("régularisée le", null=True, blank=True)
    regularised_by = models.ForeignKey(
        Application, models.PROTECT, related_name="mended_sanctions", null=True, blank=True, verbose_name="demande qui régularise"
    )
    receipt = models.CharField("récépissé", max_length=80, blank=True)

    amount = models.PositiveIntegerField("montant de l’amende", null=True, blank=True)
    reasons = models.TextField("motifs et proportion", blank=True)
    exception = models.TextField("raison d’une amende malgré la régularisation", blank=True)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="projet de")
    fined_on = models.DateField("signée le", null=True, blank=True)
    signatory = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name="signataire")
    signatory_name = models.CharField("signée par", max_length=170, blank=True)
    signatory_capacity = models.CharField("qualité du signataire", max_length=120, blank=True)
    fine_sha256 = models.CharField("empreinte de l’arrêté", max_length=64, blank=True)
    notified_on = models.DateField("notifiée le", null=True, blank=True)
    notice_means = models.CharField("notifiée par", max_length=20, choices=Means, blank=True)
    notice_tracking = models.CharField("numéro de recommandé de l’amende", max_length=40, blank=True)
    title_number = models.CharField("numéro du titre de recette", max_length=60, blank=True)
    title_issued_on = models.DateField("titre émis le", null=True, blank=True)
    recovery_on = models.DateField("recouvrement forcé depuis le", null=True, blank=True)
    contested_on = models.DateField("contestée le", null=True, blank=True)
    state_before_appeal = models.CharField(max_length=20, choices=SanctionState, blank=True, editable=False)
    reduced_to = models.PositiveIntegerField("ramenée à", null=True, blank=True)
    ended_on = models.DateField("close le", null=True, blank=True)
    ending = models.TextField("raison de la clôture", blank=True)
    person_key = models.CharField(max_length=200, editable=False)
    dwelling_key = models.CharField(max_length=260, editable=False)
    search = models.TextField(editable=False, default="")

    objects = SanctionQuerySet.as_manager()

    class Meta:
        verbose_name = "sanction"
        constraints = [
            models.CheckConstraint(
                name="sanction_found_under_this_regime",
                condition=Q(found_on__gte=sanctions.DECIDED_HERE_SINCE),
                violation_error_message=guards.PrefectRegime.message,
            ),
            models.CheckConstraint(
                name="sanction_barred_after_one_year",
                condition=Q(barred_after=OneYearAfter("found_on")),
                violation_error_message="L’amende se prescrit un an après le constat.",
            ),
            models.CheckConstraint(
                name="fine_within_the_year",
                condition=Q(fined_on__isnull=True) | Q(fined_on__lte=F("barred_after")),
                violation_error_message=guards.FineBarred.message,
            ),
            models.CheckConstraint(
                name="fine_within_the_cap",
                condition=Q(amount__isnull=True)
                | Q(amount__range=(1, sanctions.FIRST_CAP))
                | Q(amount__range=(1, sanctions.REPEATED_CAP), breach=Breach.DESPITE_REFUSAL)
                | Q(amount__range=(1, sanctions.REPEATED_CAP), breach=Breach.NO_REQUEST, repeated=True),
                violation_error_message=guards.OverCap.message,
            ),
            models.CheckConstraint(
                name="repeat_is_confirmed_by_somebody",
                condition=Q(repeated=False) | Q(previous__isnull=False, repeat_confirmed_by__isnull=False),
                violation_error_message="Un nouveau manquement nomme le précédent, et la personne qui l’a confirmé.",
            ),
            models.CheckConstraint(
                name="fine_signed_dated_and_reasoned",
                condition=~Q(state__in=SanctionState.ordered())
                | Q(fined_on__isnull=False, amount__isnull=False) & ~Q(reasons="") & ~Q(fine_sha256=""),
                violation_error_message="Une amende prononcée porte sa date, son montant, ses motifs et son acte.",
            ),
            models.CheckConstraint(
                name="fine_after_the_observations",
                condition=Q(fined_on__isnull=True) | Q(observations_until__isnull=False, fined_on__gt=F("observations_until")),
                violation_error_message=guards.ObservationsRunning.message,
            ),
            models.CheckConstraint(
                name="sanction_letter_received_after_it_was_sent",
                condition=Q(letter_received_on__isnull=True) | Q(letter_received_on__gte=F("letter_sent_on")),
                violation_error_message="La lettre ne peut pas être présentée avant son envoi.",
            ),
            models.CheckConstraint(
                name="refusal_is_not_regularised",
                condition=~Q(breach=Breach.DESPITE_REFUSAL) | Q(regularised_on__isnull=True, application__isnull=False),
                violation_error_message=guards.RegularisationNotOpen.message,
            ),
            models.CheckConstraint(
                name="fine_recovered_once_notified",
                condition=Q(title_issued_on__isnull=True) | Q(notified_on__isnull=False, title_issued_on__gte=F("notified_on")),
                violation_error_message=guards.NotNotified.message,
            ),
            models.CheckConstraint(
                name="fine_notified_once_signed",
                condition=Q(notified_on__isnull=True) | Q(fined_on__isnull=False, notified_on__gte=F("fined_on")),
                violation_error_message="Une amende est signée avant d’être notifiée.",
            ),
            models.CheckConstraint(
                name="sanction_ends_for_a_reason",
                condition=~Q(state__in=[SanctionState.CLOSED, SanctionState.WITHDRAWN])
                | (Q(ended_on__isnull=False) & ~Q(ending="")),
                violation_error_message="Dites pourquoi la procédure prend fin.",
            ),
            models.CheckConstraint(
                name="applicant_blamed_on_their_case",
                condition=Q(blames_applicant=False) | Q(application__isnull=False),
                violation_error_message="Sans dossier, il n’y a pas de demandeur.",
            ),
        ]
        indexes = [
            models.Index(fields=["authority", "state", "barred_after"], name="sanction_worklist"),
            models.Index(fields=["authority", "person_key"], name="sanction_of_person"),
            models.Index(fields=["authority", "dwelling_key"], name="sanction_of_dwelling"),
            models.Index(
                fields=["observations_until"], name="sanction_observed", condition=Q(state=SanctionState.OBSERVATIONS_OPEN)
            ),
            models.Index(_TELL_ON, name="sanction_tell_on"),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("sanction", args=[self.pk])

    def derive(self) -> None:
        """What follows from the finding: the bar, and the folded words that are searched."""
        self.barred_after = deadlines.fine_barred_after(self.found_on)
        self.person_key, self.dwelling_key = fold(self.person_name), self.normalised
        self.search = fold(f"{self.number} {self.person_name} {self.address} {self.postcode}")

    @property
    def normalised(self) -> str:
        """The key of the address as it is typed now: that of its cases and of the police orders of its building."""
        return addresses.key(self.commune_id, self.address, town=self.commune.name)

    @property
    def cap(self) -> int:
        return sanctions.cap(Breach(self.breach), repeated=self.repeated)

    @property
    def regime(self) -> str:
        """The regime that was breached: its signatories are those of the fine."""
        return Regime.DML if self.breach == Breach.NO_DECLARATION else Regime.APML

    @property
    def is_regularisable(self) -> bool:
        return sanctions.is_regularisable(Breach(self.breach))

    @property
    def due(self) -> int:
        """What the person owes: the fine, or what an appeal left of it."""
        return self.amount or 0 if self.reduced_to is None else self.reduced_to

    @property
    def is_letter_sent(self) -> bool:
        return self.letter_sent_on is not None

    # -- the person is heard, and may mend the breach

    @transition(state, source=SanctionState.CONSTAT, target=SanctionState.OBSERVATIONS_OPEN, permission=permissions.can_judge)
    def open_observations(self, *, on: date, means: Means, tracking: str = "") -> None:
        """Inviter la personne à présenter ses observations (CCH R.634-4, R.635-4 ; CRPA L.122-1)."""
        self.letter_sent_on, self.letter_means, self.letter_tracking = on, means, tracking

    @transition(
        state,
        source=SanctionState.OBSERVATIONS_OPEN,
        target=SanctionState.OBSERVATIONS_OPEN,
        permission=permissions.can_judge,
    )
    def receive_letter(self, *, on: date, until: date) -> None:
        """Inscrire la première présentation de la lettre, d’où part le mois."""
        self.letter_received_on, self.observations_until = on, until

    @transition(
        state,
        source=[SanctionState.OBSERVATIONS_OPEN, SanctionState.TO_DECIDE],
        target=SanctionState.REGULARISED,
        permission=permissions.can_judge,
    )
    def regularise(self, *, on: date) -> None:
        """Constater la régularisation ; la date du récépissé décide, même inscrite tard."""
        guards.require_regularisable(self, on)
        self.regularised_on = on

    @transition(state, source=SanctionState.OBSERVATIONS_OPEN, target=SanctionState.TO_DECIDE, permission=permissions.nobody)
    def move_to_decide(self, *, on: date) -> None:
        """Constater que le mois des observations est passé."""
        guards.require_observations_over(self, on)

    # -- the decision

    @transition(state, source=SanctionState.decidable(), target=SanctionState.FINED, permission=permissions.can_sign)
    def fine(self, *, on: date, right_to_err: bool) -> None:
        """Prononcer l’amende."""
        guards.require_fineable(self, on, right_to_err=right_to_err)
        self.fined_on = on

    @transition(state, source=SanctionState.before_decision(), target=SanctionState.CLOSED, permission=permissions.can_judge)
    def close(self, *, on: date, reason: str) -> None:
        """Classer la procédure, sans amende."""
        self.ended_on, self.ending = on, reason

    @transition(state, source=SanctionState.FINED, target=SanctionState.FINED, permission=permissions.can_judge)
    def notify(self, *, on: date) -> None:
        """Constater la notification de l’amende, qui la rend exécutoire (CRPA L.221-8)."""
        guards.require_after_signature(self, on)
        self.notified_on = on

    # -- recovery and appeal

    @transition(state, source=SanctionState.FINED, target=SanctionState.TITLE_ISSUED, permission=permissions.can_judge)
    def issue_title(self, *, on: date, number: str) -> None:
        """Émettre le titre de recette (CCH R.635-5 ; CGCT R.2342-4)."""
        guards.require_notified(self, on)
        self.title_issued_on, self.title_number = on, number

    @transition(
        state,
        source=[SanctionState.TITLE_ISSUED, SanctionState.RECOVERY],
        target=SanctionState.PAID,
        permission=permissions.can_judge,
    )
    def mark_paid(self, *, on: date, recovered: int) -> None:
        """Constater le paiement de tout ce qui est dû."""
        guards.require_paid(self, recovered)
        self.ended_on = on

    @transition(state, source=SanctionState.TITLE_ISSUED, target=SanctionState.RECOVERY, permission=permissions.can_judge)
    def start_recovery(self, *, on: date) -> None:
        """Constater le recouvrement forcé engagé par le comptable public."""
        self.recovery_on = on

    @transition(
        state,
        source=[SanctionState.FINED, SanctionState.TITLE_ISSUED, SanctionState.RECOVERY, SanctionState.PAID],
        target=SanctionState.APPEAL,
        permission=permissions.can_judge,
    )
    def contest(self, *, on: date) -> None:
        """Prendre acte d’un recours contre l’amende ou son titre."""
        guards.require_notified(self, on)
        self.contested_on, self.state_before_appeal, self.ended_on = on, self.state, None

    @transition(
        state,
        source=SanctionState.APPEAL,
        target=RETURN_VALUE(SanctionState.FINED, SanctionState.TITLE_ISSUED, SanctionState.RECOVERY, SanctionState.PAID),
        permission=permissions.can_judge,
    )
    def uphold(self, *, on: date, reduced_to: int | None = None) -> SanctionState:
        """Reprendre là où le recours a trouvé l’amende, maintenue ou réduite."""
        self.reduced_to = reduced_to or self.reduced_to
        self.ended_on = on if self.state_before_appeal == SanctionState.PAID else None
        return SanctionState(self.state_before_appeal)

    @transition(state, source=SanctionState.APPEAL, target=SanctionState.WITHDRAWN, permission=permissions.can_judge)
    def annul(self, *, on: date, reason: str) -> None:
        """Prendre acte de l’annulation prononcée par le juge."""
        self.ended_on, self.ending = on, reason

    @transition(state, source=SanctionState.ordered(), target=SanctionState.WITHDRAWN, permission=permissions.can_sign)
    def withdraw(self, *, on: date, reason: str) -> None:
        """Retirer l’amende, à tout moment (CRPA L.243-4)."""
        self.ended_on, self.ending = on, reason
