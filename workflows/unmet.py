"""Prescribed works that are not done: what comes next, from the adversarial letter to the repeal (CRPA L.121-1, L.242-2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import User
from documents.french import day
from permis import attached, permissions
from permis.enums import ConditionState
from permis.litigation import HearingPurpose
from permis.models import Application, Hearing, PrescribedWork


@dataclass(frozen=True)
class Step:
    """What is to be done, on which screen, and who may."""

    title: str
    text: str
    label: str
    url: str
    icon: str
    is_allowed: Callable[[Application, User], bool]


def next_step(case: Application, *, today: date) -> Step | None:
    """None while a proof is to be looked at or the works may still be done in time; else the letter, its answer, then the repeal."""
    works = list(PrescribedWork.objects.filter(decision__application=case).order_by("position"))
    undone = [work for work in works if work.state != ConditionState.MET]
    are_held = all(work.may_be_held_against(today) and work.state != ConditionState.PROOF_RECEIVED for work in undone)
    if not undone or not are_held:
        return None
    letters = list(attached.of(case.hearings).standing().prefetch_related("works").order_by("sent_on", "pk"))
    waiting = next((letter for letter in letters if not letter.is_heard(today)), None)
    if waiting is not None:
        return _answer(case, waiting)
    told = [letter for letter in letters if letter.purpose == HearingPurpose.REPEAL]
    if told and any(work in undone for work in told[-1].works.all()):
        return Step(
            "Abrogez l’autorisation, ou laissez du temps",
            f"Le titulaire a été mis en mesure de répondre à la lettre du {day(told[-1].sent_on)}, et des travaux ne sont toujours pas faits.",
            "Préparer l’abrogation",
            reverse("case-repeal", args=[case.pk]),
            "dash-circle",
            permissions.can_sign,
        )
    return Step(
        "Des travaux prescrits ne sont pas faits",
        f"{_named(undone)}. Avant toute abrogation, écrivez au titulaire : il doit pouvoir présenter ses observations.",
        "Écrire une lettre contradictoire",
        reverse("case-hearing", args=[case.pk]),
        "envelope-exclamation",
        permissions.can_hear,
    )


def _answer(case: Application, letter: Hearing) -> Step:
    if letter.awaits_interview:
        title, text = "Recevez le titulaire", "Il a demandé à être entendu de vive voix : rien ne peut être décidé avant."
    elif letter.answer_by is None:
        title, text = "Inscrivez la réception de la lettre", "Le délai du titulaire pour répondre part de ce jour-là."
    else:
        title, text = "Attendez les observations du titulaire", f"Il peut répondre jusqu’au {day(letter.answer_by)}."
    return Step(
        title,
        f"Lettre contradictoire du {day(letter.sent_on)}. {text}",
        "Inscrire la suite de la lettre",
        reverse("case-hearing-answer", args=[case.pk, letter.pk]),
        "pencil-square",
        permissions.can_hear,
    )


def _named(works: Sequence[PrescribedWork]) -> str:
    """« Séjour », « Séjour et Cuisine », « Séjour, Cuisine et 3 autres »: the places, as they were written."""
    places = list(dict.fromkeys(work.place for work in works))
    if len(places) > 3:
        places = [*places[:2], f"{len(places) - 2} autres"]
    return " et ".join(filter(None, [", ".join(places[:-1]), places[-1]]))
