"""What the law leaves open, and how an authority settles it: each question has a safe default and an article to read.

`value(authority, Rule.X, on=day)` is what holds that day: the last change made by the authority that had begun, or the default.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import models

from permis.models import RuleChange
from territories.models import Authority


class Theme(models.TextChoices):
    """The pages of the settings."""

    SCOPE = "champ", "Champ et dépôt"
    PIECES = "pieces", "Pièces et délais"
    DECISIONS = "decisions", "Décisions et travaux"
    AFTERLIFE = "suites", "Suites et transferts"
    SANCTIONS = "sanctions", "Sanctions"
    TRANSMISSIONS = "transmissions", "Transmissions"
    OPEN_DATA = "donnees", "Données ouvertes"


class Rule(models.TextChoices):
    """One question that the law does not settle."""

    MOBILITY_IN_SCOPE = "mobility_in_scope", "Le bail mobilité demande une autorisation"
    ANAH_INTERMEDIATE_IN_SCOPE = "anah_intermediate_in_scope", "Le conventionnement Anah intermédiaire demande une autorisation"
    FUTURE_BUYER = "future_buyer", "Un futur acquéreur peut demander avec l’accord écrit du vendeur"
    FEE = "fee", "Une participation est demandée au bailleur"
    ASBESTOS = "asbestos", "L’état relatif à l’amiante est demandé, à titre facultatif"
    COMPLETION_MONTHS = "completion_months", "Délai laissé pour compléter une demande, en mois"
    LATE_NOTICE = "late_notice", "Des pièces peuvent être demandées dans les derniers jours du délai"
    TARGET_DAYS = "target_days", "Date visée par le service, en jours avant l’échéance"
    VISAS = "visas", "Nombre de visas avant la signature"
    DEFAULT_MODE = "default_mode", "Par défaut, les travaux précèdent la location"
    HEARING_DAYS = "hearing_days", "Délai pour répondre à une lettre contradictoire, en jours"
    INHERITANCE = "inheritance", "Une autorisation se transmet par succession, avec l’accord des héritiers"
    CORRECTIVES = "correctives", "La levée et l’abrogation sont transmises à qui a reçu le refus"
    RIGHT_TO_ERR = "right_to_err", "Une première infraction régularisée est classée"
    FINE_DURING_REVIEW = "fine_during_review", "Louer pendant l’instruction ouvre une procédure de sanction"
    ACTES_REFUSALS = "actes_refusals", "Refus et conditions sont transmis au contrôle de légalité"
    ACTES_GRANTS = "actes_grants", "Les autorisations sont transmises au contrôle de légalité"
    TRANSMISSION_DAYS = "transmission_days", "Délai pour transmettre une décision ou une délibération, en jours"
    REPORT_MONTH = "report_month", "Mois où le rapport annuel est dû à l’intercommunalité, à la fin du mois"
    BENEFIT_MATCHING = "benefit_matching", "Les données de la CAF peuvent fonder un constat, par convention"
    OPEN_DECISIONS = "open_decisions", "Les décisions sont publiées en données ouvertes, sans nom ni adresse"


@dataclass(frozen=True)
class Question:
    """One rule as its page shows it: the text it rests on, its default, and what each answer changes."""

    rule: Rule
    theme: Theme
    basis: str
    default: bool | int
    effect: str
    choices: Sequence[int] = ()
    needs_deliberation: bool = False

    @property
    def is_number(self) -> bool:
        """Whether the answer is a number rather than yes or no."""
        return not isinstance(self.default, bool)

    @property
    def answers(self) -> list[tuple[bool | int, str]]:
        """What may be answered, in words; the default says that it is one."""
        values: Sequence[bool | int] = self.choices if self.is_number else (True, False)
        return [(value, self.words(value) + (" (par défaut)" if value == self.default else "")) for value in values]

    def words(self, value: bool | int) -> str:
        """« Oui », « Non », or the number."""
        return str(value) if self.is_number else "Oui" if value else "Non"


@dataclass(frozen=True)
class Standing:
    """One question with what holds today, what will hold, and every answer it ever had."""

    question: Question
    current: RuleChange | None
    coming: RuleChange | None
    history: Sequence[tuple[RuleChange, str]]

    @classmethod
    def of(cls, question: Question, changes: Sequence[RuleChange], *, on: date) -> Standing:
        """From the changes of this rule, the last first."""
        return cls(
            question,
            current=next((change for change in changes if change.since <= on), None),
            coming=next((change for change in reversed(changes) if change.since > on), None),
            history=[(change, question.words(change.value)) for change in changes],
        )

    @property
    def words(self) -> str:
        """What holds today, in words."""
        return self.question.words(self.question.default if self.current is None else self.current.value)

    @property
    def coming_words(self) -> str:
        return self.question.words(self.coming.value) if self.coming else ""


QUESTIONS: Sequence[Question] = (
    Question(
        Rule.MOBILITY_IN_SCOPE, Theme.SCOPE, "CCH R. 635-1, qui ne cite que les titres Ier et Ier bis de la loi du 6 juillet 1989",
        False, "Non : une demande pour un bail mobilité est hors champ. Oui : elle est instruite comme les autres.",
    ),
    Question(
        Rule.ANAH_INTERMEDIATE_IN_SCOPE, Theme.SCOPE, "CCH L. 635-1, I, alinéa 2, et L. 321-4",
        True, "Oui : un loyer intermédiaire Anah demande une autorisation. Non : il est hors champ comme une convention APL.",
    ),
    Question(
        Rule.FUTURE_BUYER, Theme.SCOPE, "CCH R. 635-2 : « le ou les bailleurs ou leur mandataire »",
        True, "Oui : l’acquéreur joint l’accord du vendeur et agit pour lui. Non : seul le propriétaire du jour dépose.",
    ),
    Question(
        Rule.FEE, Theme.SCOPE, "Aucun texte trouvé ; question posée au Sénat",
        False, "Oui : le dépôt l’annonce avec la délibération. Elle ne rend jamais un dossier incomplet et n’arrête aucun délai.",
        needs_deliberation=True,
    ),
    Question(
        Rule.ASBESTOS, Theme.PIECES, "Loi 89-462, art. 3-3, 3°, sans décret d’application",
        True, "Oui : la pièce est proposée comme facultative. Non : elle n’est pas proposée. Elle ne manque jamais.",
    ),
    Question(
        Rule.COMPLETION_MONTHS, Theme.PIECES, "CRPA L. 114-5", 1, "Date limite proposée dans la demande de pièces.", choices=(1, 2, 3),
    ),
    Question(
        Rule.LATE_NOTICE, Theme.PIECES, "CRPA L. 114-3 et L. 114-5, qui ne fixent pas de terme",
        True, "Oui : possible jusqu’au dernier jour, et signalé. Non : refusé dans les cinq derniers jours.",
    ),
    Question(
        Rule.TARGET_DAYS, Theme.PIECES, "CCH L. 635-4 ; les auteurs divergent d’un jour", 1,
        "La date visée n’est jamais l’échéance légale, qui ne bouge pas.", choices=(1, 2, 3, 5, 7),
    ),
    Question(
        Rule.VISAS, Theme.DECISIONS, "CRPA L. 212-1", 0, "Nombre de personnes qui visent un projet avant sa signature.", choices=(0, 1, 2),
    ),
    Question(
        Rule.DEFAULT_MODE, Theme.DECISIONS, "CCH L. 635-3", True,
        "Oui : pour un point bloquant, les travaux précèdent le bail. Non : ils ont un délai après lui.",
    ),
    Question(
        Rule.HEARING_DAYS, Theme.AFTERLIFE, "CRPA L. 121-1 et L. 122-1", 15,
        "Compté de la réception de la lettre, reporté au premier jour ouvré.", choices=(8, 15, 21, 30),
    ),
    Question(
        Rule.INHERITANCE, Theme.AFTERLIFE, "CCH R. 635-3, alinéa 4", True,
        "Oui : avec la preuve de la succession et l’accord des héritiers. Non : une nouvelle demande est nécessaire.",
    ),
    Question(
        Rule.CORRECTIVES, Theme.TRANSMISSIONS, "CCH L. 635-6 et L. 635-10", True,
        "Oui : une transmission rectificative part aussitôt. Non : elle reste à faire à la main.",
    ),
    Question(
        Rule.RIGHT_TO_ERR, Theme.SANCTIONS, "CRPA L. 123-1", True,
        "Oui : le classement est proposé, et l’amende demande une raison écrite. Non : les deux sont proposés.",
    ),
    Question(
        Rule.FINE_DURING_REVIEW, Theme.SANCTIONS, "CCH L. 635-7, qui ne vise pas ce cas", False,
        "Non : aucune procédure n’est ouverte d’office. Oui : le juriste peut en ouvrir une.",
    ),
    Question(
        Rule.ACTES_REFUSALS, Theme.TRANSMISSIONS, "CGCT L. 2131-2", True, "Oui : une transmission à la préfecture est due.",
    ),
    Question(
        Rule.ACTES_GRANTS, Theme.TRANSMISSIONS, "CGCT L. 2131-2", False, "Oui : une transmission à la préfecture est due.",
    ),
    Question(
        Rule.TRANSMISSION_DAYS, Theme.TRANSMISSIONS, "CCH L. 635-2, L. 635-6 et L. 635-10, qui ne fixent pas de terme", 8,
        "Passé ce délai, la transmission est signalée en retard.", choices=(3, 8, 15, 30),
    ),
    Question(
        Rule.REPORT_MONTH, Theme.TRANSMISSIONS, "CCH L. 635-1, III, qui ne fixe pas de terme", 6,
        "Le rapport d’une année est dû le dernier jour de ce mois de l’année suivante.", choices=(3, 6, 9),
    ),
    Question(
        Rule.BENEFIT_MATCHING, Theme.SANCTIONS, "CRPA L. 114-8", False,
        "Non : un constat ne peut pas venir des données de la CAF. Oui : il le peut, par convention signée et après analyse d’impact.",
        needs_deliberation=True,
    ),
    Question(
        Rule.OPEN_DECISIONS, Theme.OPEN_DATA, "CRPA L. 312-1-1, 3°, et L. 312-1-2", True,
        "Oui : chaque trimestre est publié une fois fini, et toute ligne est partagée par cinq décisions au moins. Non : le fichier "
        "et la page des chiffres disparaissent aussitôt du site. Les périmètres, eux, sont des actes publics et restent publiés.",
    ),
)  # fmt: skip
BY_RULE = {question.rule: question for question in QUESTIONS}


def value(authority: Authority, rule: Rule, *, on: date) -> Any:
    """What holds for this authority on this day."""
    found = change(authority, rule, on=on)
    return BY_RULE[rule].default if found is None else found.value


def change(authority: Authority, rule: Rule, *, on: date) -> RuleChange | None:
    """The choice that holds for this authority on this day, with its deliberation; None while the default does."""
    return RuleChange.objects.in_force(on).filter(authority=authority, rule=rule).order_by("since", "pk").last()
