"""How a sanction is shown: its badge, its bar, the one thing to do now, and the way already made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import User
from permis.breaches import SanctionState
from permis.models import Sanction
from permis.permissions import can_judge, can_sign
from permis.sanctions import euros
from workflows.next_actions import Link, NextAction
from workflows.presentation import Badge, ClockChip

BADGES = {
    SanctionState.CONSTAT: ("is-info", "search"),
    SanctionState.OBSERVATIONS_OPEN: ("is-info", "chat-left-text-fill"),
    SanctionState.REGULARISED: ("is-ok", "patch-check-fill"),
    SanctionState.TO_DECIDE: ("is-warn", "question-circle-fill"),
    SanctionState.FINED: ("is-sign", "pen-fill"),
    SanctionState.CLOSED: ("", "archive-fill"),
    SanctionState.TITLE_ISSUED: ("is-sign", "receipt"),
    SanctionState.PAID: ("is-ok", "check-circle-fill"),
    SanctionState.RECOVERY: ("is-warn", "bank"),
    SanctionState.APPEAL: ("is-danger", "bank2"),
    SanctionState.WITHDRAWN: ("", "slash-circle-fill"),
}


def badge(sanction: Sanction) -> Badge:
    state = SanctionState(sanction.state)
    return Badge(str(state.label), *BADGES[state])


def chip(sanction: Sanction, *, today: date) -> ClockChip | None:
    """How long a fine may still be ordered; once it is, or once all is over, since when."""
    if sanction.ended_on is not None:
        return ClockChip("Close le", sanction.ended_on, family="is-off", icon="archive")
    if sanction.notified_on is not None:
        return ClockChip("Notifiée le", sanction.notified_on, family="is-ok", icon="check2-circle")
    if sanction.fined_on is not None:
        return ClockChip("Signée le", sanction.fined_on, icon="pen")
    left = (sanction.barred_after - today).days
    if left < 0:
        return ClockChip("Prescrite depuis le", sanction.barred_after, None, "is-danger", "exclamation-octagon-fill")
    family, icon = (
        ("is-danger", "exclamation-octagon-fill")
        if left <= 7
        else ("is-warn", "hourglass-split")
        if left <= 30
        else ("", "clock")
    )
    year = max((sanction.barred_after - sanction.found_on).days, 1)
    used = min(max(round(100 * (today - sanction.found_on).days / year), 0), 100)
    return ClockChip("Prescription", sanction.barred_after, left, family, icon, used)


@dataclass(frozen=True)
class Next:
    """The next thing of a sanction in a list: in words, with its day where there is one."""

    label: str
    day: date | None = None


def next_step(sanction: Sanction, *, today: date) -> Next | None:
    """What is awaited, in a few words; None once nothing is."""
    state = SanctionState(sanction.state)
    if state in SanctionState.before_decision() and today > sanction.barred_after:
        return Next("Classer : amende prescrite")
    if state == SanctionState.OBSERVATIONS_OPEN and sanction.letter_received_on:
        if sanction.hearing_asked and not sanction.heard_on:
            return Next("Entendre la personne avant le", sanction.observations_until)
        return Next("Observations jusqu’au", sanction.observations_until)
    if state in SanctionState.decidable() and sanction.amount:
        return Next("Signer l’amende")
    return {
        SanctionState.CONSTAT: Next("Envoyer la lettre d’observations"),
        SanctionState.OBSERVATIONS_OPEN: Next("Inscrire la première présentation"),
        SanctionState.REGULARISED: Next("Classer"),
        SanctionState.TO_DECIDE: Next("Proposer une amende ou classer"),
        SanctionState.FINED: Next("Émettre le titre" if sanction.notified_on else "Notifier l’amende"),
        SanctionState.TITLE_ISSUED: Next("Suivre le paiement"),
        SanctionState.RECOVERY: Next("Suivre le recouvrement"),
        SanctionState.APPEAL: Next("Inscrire l’issue du recours"),
    }.get(state)


@dataclass(frozen=True)
class _Task:
    """One thing to do: the words of the panel, and the screen that does it."""

    title: str
    text: str
    url: str
    label: str
    icon: str
    others: tuple[str, ...] = ()
    by_signatory: bool = False


# The other screens that a state leaves open: their button and its icon.
_OTHERS = {
    "sanction-evidence": ("Joindre une preuve", "paperclip"),
    "sanction-repeat": ("Examiner le manquement antérieur", "arrow-repeat"),
    "sanction-observations": ("Inscrire des observations", "chat-left-text"),
    "sanction-hearing": ("Inscrire l’audition", "people"),
    "sanction-regularise": ("Inscrire une régularisation", "patch-check"),
    "sanction-propose": ("Proposer une amende", "pencil-square"),
    "sanction-close": ("Classer", "archive"),
    "sanction-contest": ("Inscrire un recours", "bank2"),
    "sanction-recovery": ("Recouvrement forcé", "bank"),
}


def next_action(sanction: Sanction, user: User, *, today: date, right_to_err: bool) -> NextAction:
    """What this person should do first on this sanction, or who is expected to."""
    task = _task(sanction, today=today, right_to_err=right_to_err)
    if task is None:
        return NextAction("Procédure close", "Rien à faire pour l’instant", _closing(sanction), None, ())
    over = _over(sanction, today)
    jurist, signs = can_judge(sanction, user), can_sign(sanction, user)
    others = tuple(_other(name, sanction) for name in task.others) if jurist else ()
    if signs if task.by_signatory else jurist:
        return NextAction(over, task.title, task.text, Link(task.label, reverse(task.url, args=[sanction.pk]), task.icon), others)
    who = "Le signataire en est chargé." if task.by_signatory else "Le juriste en est chargé."
    first, *rest = others or [None]
    return NextAction(over, task.title, f"{task.text} {who}", first, tuple(link for link in rest if link))


def _task(sanction: Sanction, *, today: date, right_to_err: bool) -> _Task | None:
    state = SanctionState(sanction.state)
    if state in SanctionState.before_decision() and today > sanction.barred_after:
        return _Task(
            "L’amende est prescrite", "Plus d’un an a passé depuis le constat : aucune amende n’est possible. Classez la procédure.",
            "sanction-close", "Classer la procédure", "archive",
        )  # fmt: skip
    if state in SanctionState.decidable():
        return _decision(sanction, today=today, right_to_err=right_to_err)
    return {
        SanctionState.CONSTAT: _constat,
        SanctionState.OBSERVATIONS_OPEN: _observations,
        SanctionState.FINED: _fined,
        SanctionState.TITLE_ISSUED: _recovery,
        SanctionState.RECOVERY: _recovery,
        SanctionState.APPEAL: _appeal,
    }.get(state, lambda _: None)(sanction)


def _constat(sanction: Sanction) -> _Task:
    repeat = ("sanction-repeat",) if sanction.previous_id else ()
    text = (
        "Un manquement antérieur est trouvé : dites d’abord s’il s’agit d’une récidive, car la lettre annonce le maximum."
        if sanction.previous_id and not sanction.repeated
        else "Elle dit les faits, le texte, le maximum et les droits de la personne. Le mois partira de sa première présentation."
    )
    return _Task(
        "Envoyez la lettre d’observations", text, "sanction-letter", "Préparer la lettre", "envelope-exclamation",
        (*repeat, "sanction-evidence", "sanction-close"),
    )  # fmt: skip


def _observations(sanction: Sanction) -> _Task:
    mend = ("sanction-regularise",) if sanction.is_regularisable else ()
    if sanction.letter_received_on is None:
        return _Task(
            "Inscrivez la première présentation de la lettre", "Le mois des observations part de ce jour, même si la lettre n’est pas retirée.",
            "sanction-presented", "Inscrire la date", "mailbox", ("sanction-observations", *mend, "sanction-evidence", "sanction-close"),
        )  # fmt: skip
    if sanction.hearing_asked and sanction.heard_on is None:
        return _Task(
            "Entendez la personne, qui le demande", "Proposez-lui un rendez-vous avant toute décision (CRPA L. 122-1), puis inscrivez ce qu’elle a dit.",
            "sanction-hearing", "Inscrire l’audition", "people", ("sanction-observations", *mend, "sanction-close"),
        )  # fmt: skip
    return _Task(
        "Attendez les observations", f"Le mois court jusqu’au {sanction.observations_until:%d/%m/%Y}. La procédure passe ensuite d’elle-même « à décider ».",
        "sanction-observations", "Inscrire des observations", "chat-left-text", (*mend, "sanction-hearing", "sanction-evidence", "sanction-close"),
    )  # fmt: skip


def _decision(sanction: Sanction, *, today: date, right_to_err: bool) -> _Task:
    is_mended = sanction.state == SanctionState.REGULARISED
    is_over = sanction.observations_until is not None and today > sanction.observations_until
    late = ("sanction-regularise",) if not is_mended and sanction.is_regularisable else ()
    if sanction.amount:
        return _Task(
            f"L’amende de {euros(sanction.amount)} attend sa signature", "Lisez l’arrêté tel qu’il sera signé. Une amende n’est exécutoire que notifiée.",
            "sanction-sign", "Lire et signer", "pen-fill", ("sanction-propose", "sanction-observations", "sanction-close"), by_signatory=True,
        )  # fmt: skip
    if is_mended and (right_to_err or not is_over):
        first = (
            " C’est une première infraction : une amende demanderait une raison écrite (CRPA L. 123-1)."
            if not sanction.repeated
            else ""
        )
        return _Task(
            "Classez la procédure", f"La situation a été régularisée le {sanction.regularised_on:%d/%m/%Y}.{first}",
            "sanction-close", "Classer", "archive", ("sanction-propose",) if is_over else (),
        )  # fmt: skip
    return _Task(
        "Proposez une amende, ou classez", f"Le maximum est de {euros(sanction.cap)}. Le montant se motive, et se proportionne à la gravité.",
        "sanction-propose", "Proposer une amende", "pencil-square", ("sanction-close", *late, "sanction-observations", "sanction-hearing"),
    )  # fmt: skip


def _fined(sanction: Sanction) -> _Task:
    if sanction.notified_on is None:
        return _Task(
            "Notifiez l’amende", "Seule compte la première présentation de la lettre, ou la remise en main propre.",
            "sanction-notify", "Inscrire la notification", "send-fill",
        )  # fmt: skip
    return _Task(
        "Faites émettre le titre de recette", "Les données du titre sont prêtes, en PDF et en CSV : transmettez-les au service des finances, puis inscrivez le titre.",
        "sanction-title", "Inscrire le titre émis", "receipt", ("sanction-contest",),
    )  # fmt: skip


def _recovery(sanction: Sanction) -> _Task:
    is_forced = sanction.state == SanctionState.RECOVERY
    return _Task(
        "Suivez le recouvrement" if is_forced else "Suivez le paiement",
        "Inscrivez chaque somme que le comptable public annonce ; la dernière clôt la procédure.",
        "sanction-payment", "Inscrire un paiement", "cash-coin", ("sanction-contest",) if is_forced else ("sanction-recovery", "sanction-contest"),
    )  # fmt: skip


def _appeal(sanction: Sanction) -> _Task:
    return _Task(
        "Inscrivez l’issue du recours", f"L’amende est contestée depuis le {sanction.contested_on:%d/%m/%Y}. Elle peut être maintenue, réduite, annulée ou retirée.",
        "sanction-appeal", "Inscrire l’issue", "bank2",
    )  # fmt: skip


def _other(name: str, sanction: Sanction) -> Link:
    label, icon = _OTHERS[name]
    return Link(label, reverse(name, args=[sanction.pk]), icon)


def _over(sanction: Sanction, today: date) -> str:
    if sanction.state not in SanctionState.before_decision():
        return "À faire maintenant"
    if today > sanction.barred_after:
        return f"Prescrite depuis le {sanction.barred_after:%d/%m/%Y}"
    return f"À faire maintenant · amende possible jusqu’au {sanction.barred_after:%d/%m/%Y}"


def _closing(sanction: Sanction) -> str:
    if sanction.state == SanctionState.PAID and sanction.ended_on:
        return f"L’amende de {euros(sanction.due)} est payée depuis le {sanction.ended_on:%d/%m/%Y}."
    return f"{sanction.ending} ({sanction.ended_on:%d/%m/%Y})." if sanction.ended_on else "Aucune action n’est attendue."


@dataclass(frozen=True)
class Step:
    label: str
    on: date | None
    status: str


def steps(sanction: Sanction) -> list[Step]:
    """The five steps of a sanction, done, present or to come."""
    dates = [
        ("Constat", sanction.found_on),
        ("Observations", sanction.letter_sent_on),
        ("Décision", sanction.fined_on or (sanction.ended_on if sanction.state == SanctionState.CLOSED else None)),
        ("Titre", sanction.title_issued_on),
        ("Paiement", sanction.ended_on if sanction.state == SanctionState.PAID else None),
    ]
    return list(_stepped(dates, present=_PRESENT.get(SanctionState(sanction.state), 5)))


_PRESENT = {
    SanctionState.CONSTAT: 0,
    SanctionState.OBSERVATIONS_OPEN: 1,
    SanctionState.REGULARISED: 2,
    SanctionState.TO_DECIDE: 2,
    SanctionState.FINED: 3,
    SanctionState.TITLE_ISSUED: 4,
    SanctionState.RECOVERY: 4,
    SanctionState.APPEAL: 3,
}


def _stepped(dates: list[tuple[str, date | None]], *, present: int) -> Iterator[Step]:
    for place, (label, on) in enumerate(dates):
        status = "present" if place == present else "done" if place < present and on else "to_come"
        yield Step(label, on if status == "done" else None, status)
