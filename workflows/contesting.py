"""What the pages of a case show of its appeals and of its adversarial procedures, with what this person may do of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from accounts.models import User
from documents.enums import ActKind
from documents.models import Act, StoredFile
from permis import attached, permissions
from permis.enums import ConditionState, State
from permis.litigation import AppealKind, AppealState, HearingPurpose
from permis.models import Appeal, Application, Decision, Hearing
from permis.models.journal import Event
from workflows import illegality, remedies
from workflows.next_actions import Link

# States in which a landlord may have something to contest, or to answer.
CONTESTED = (State.REFUSED, State.GRANTED_CONDITIONAL, State.CLOSED_INCOMPLETE, State.REVOKED, State.REPEALED)


@dataclass(frozen=True)
class Followed:
    """One appeal as a page tells it."""

    appeal: Appeal
    step: tuple[str, date] | None
    files: list[StoredFile]
    judgment: StoredFile | None
    links: list[Link]


@dataclass(frozen=True)
class Letter:
    """One adversarial letter as a page tells it."""

    hearing: Hearing
    is_heard: bool
    files: list[StoredFile]
    links: list[Link]

    @property
    def is_repeal(self) -> bool:
        return self.hearing.purpose == HearingPurpose.REPEAL


def appeals_for_service(case: Application, user: User, today: date) -> dict[str, Any] | None:
    """What is contested, by whom, until when; the former decisions of the case; the acts whose notification is to be proved."""
    remedy = remedies.of(case, today=today)
    appeals = list(attached.of(case.appeals).order_by("received_on", "pk"))
    former = list(attached.of(case.former_decisions).order_by("replaced_on", "pk"))
    to_notify = _to_notify(case)
    if not (remedy or appeals or former or to_notify):
        return None
    files = _files(case, [sha256 for each in appeals for sha256 in (*each.files, each.judgment_sha256, *_orders(each)) if sha256])
    is_hearing, is_judging = permissions.can_hear(case, user), permissions.can_judge(case, user)
    links = []
    if is_hearing and remedy is not None and remedy.may_appeal:
        links.append(Link("Inscrire un recours reçu", reverse("case-appeal", args=[case.pk]), "envelope-plus"))
    if is_judging and case.state in State.judged():
        links.append(Link("Inscrire une requête au tribunal", reverse("case-court", args=[case.pk]), "bank"))
    return {
        "case": case,
        "remedy": remedy,
        "appeals": [_followed(case, each, user, today, files) for each in appeals],
        "former": _with_acts(case, former),
        "to_notify": to_notify if permissions.can_review(case, user) else [],
        "links": links,
    }


def hearings_for_service(case: Application, user: User, today: date) -> dict[str, Any] | None:
    """The letters, what became of them, and what may follow."""
    opened = list(attached.of(case.hearings).prefetch_related("works").order_by("pk"))
    answers = _answers(case) if opened else {}
    letters = [_letter(case, each, user, today, files=answers.get(each.pk, [])) for each in opened]
    if not letters:
        return None
    standing = [each for each in letters if each.hearing.dropped_on is None]
    is_ready = bool(standing) and all(each.is_heard for each in standing)
    ready = {each.hearing.purpose for each in standing} if is_ready else set()
    links = []
    if permissions.can_sign(case, user):
        if HearingPurpose.REPEAL in ready and case.state == State.GRANTED_CONDITIONAL and _has_undone(standing):
            links.append(Link("Abroger l’autorisation", reverse("case-repeal", args=[case.pk]), "dash-circle"))
        if HearingPurpose.REVOCATION in ready and case.state in State.authorising():
            links.append(Link("Retirer l’autorisation", reverse("case-revoke", args=[case.pk]), "slash-circle"))
    return {"case": case, "letters": letters, "links": links, "is_ready": is_ready, "today": today}


def illegality_for_service(case: Application, user: User, today: date) -> dict[str, Any] | None:
    """« Encore N jours pour retirer » a tacit permit that is illegal."""
    found = illegality.of(case, today=today)
    if found is None:
        return None
    is_opened = attached.of(case.hearings).standing().toward(HearingPurpose.REVOCATION).exists()
    return {
        "case": case,
        "illegality": found,
        "can_write": permissions.can_hear(case, user) and not is_opened and not found.is_over,
    }


def appeals_for_landlord(case: Application, _user: User, today: date) -> dict[str, Any] | None:
    """What they may still do and until when, and where their appeals stand; nothing before a notification."""
    appeals = list(attached.of(case.appeals).administrative().order_by("received_on", "pk"))
    remedy = remedies.of(case, today=today) if case.state in CONTESTED else None
    decide_by = case.reexamine_by if case.state in State.open() else None
    if remedy is None and not appeals and decide_by is None:
        return None
    files = _files(case, [sha256 for each in appeals for sha256 in each.files])
    told = [
        {
            "appeal": each,
            "files": [files[sha256] for sha256 in each.files if sha256 in files],
            "can_ask": _may_ask(each, today),
            "can_withdraw": each.state == AppealState.PENDING,
            "is_open": each.court_until is not None and today <= each.court_until,
        }
        for each in appeals
    ]
    return {"case": case, "remedy": remedy, "appeals": told, "decide_by": decide_by, "today": today}


def hearings_for_landlord(case: Application, _user: User, today: date) -> dict[str, Any] | None:
    """The letters that wait for an answer, as long as the permit they threaten is in force."""
    if case.state not in State.authorising():
        return None
    standing = list(attached.of(case.hearings).standing().order_by("pk"))
    answers = _answers(case) if standing else {}
    letters = [Letter(each, each.is_heard(today), answers.get(each.pk, []), []) for each in standing]
    return {"case": case, "letters": letters, "today": today} if letters else None


def _followed(case: Application, appeal: Appeal, user: User, today: date, files: dict[str, StoredFile]) -> Followed:
    links = []
    if appeal.state in (AppealState.PENDING, AppealState.IMPLICITLY_REJECTED) and permissions.can_sign(case, user):
        links.append(Link("Répondre", reverse("appeal-answer", args=[case.pk, appeal.pk]), "pen"))
    if _may_ask(appeal, today) and permissions.can_hear(case, user):
        links.append(Link("Motifs demandés", reverse("appeal-reasons", args=[case.pk, appeal.pk]), "question-circle"))
    if appeal.state == AppealState.BEFORE_COURT and permissions.can_judge(case, user):
        if appeal.is_suspending:
            links.append(
                Link("Inscrire la fin de la suspension", reverse("court-suspension-end", args=[case.pk, appeal.pk]), "lightning")
            )
        elif appeal.suspended_on is None and case.state in State.judged():
            links.append(Link("Inscrire une suspension", reverse("court-suspension", args=[case.pk, appeal.pk]), "lightning"))
        links.append(Link("Suivre l’affaire", reverse("court-follow", args=[case.pk, appeal.pk]), "folder2-open"))
        links.append(Link("Inscrire le jugement", reverse("court-judgment", args=[case.pk, appeal.pk]), "bank"))
    is_live = appeal.state in (AppealState.PENDING, AppealState.BEFORE_COURT)
    if is_live and permissions.can_hear(case, user) and permissions.can_withdraw_appeal(appeal, user):
        links.append(Link("Inscrire un désistement", reverse("appeal-withdraw", args=[case.pk, appeal.pk]), "box-arrow-left"))
    given = [files[sha256] for sha256 in (*appeal.files, *_orders(appeal)) if sha256 in files]
    return Followed(appeal, appeal.next_step(today), given, files.get(appeal.judgment_sha256), links)


def _orders(appeal: Appeal) -> tuple[str, str]:
    """The hashes of what the judge of urgency ordered; empty where he ordered nothing."""
    return appeal.suspension_sha256, appeal.suspension_end_sha256


def _may_ask(appeal: Appeal, today: date) -> bool:
    """The reasons of a silence are asked for once, while the court may be seized (CRPA L.232-4)."""
    is_silent = appeal.state == AppealState.IMPLICITLY_REJECTED and appeal.reasons_asked_on is None
    return is_silent and (appeal.court_until is None or today <= appeal.court_until)


def _letter(case: Application, hearing: Hearing, user: User, today: date, *, files: list[StoredFile]) -> Letter:
    links = []
    if permissions.can_hear(case, user) and hearing.dropped_on is None and case.state in State.authorising():
        links = [
            Link("Inscrire la suite", reverse("case-hearing-answer", args=[case.pk, hearing.pk]), "pencil"),
            Link("Abandonner", reverse("case-hearing-drop", args=[case.pk, hearing.pk]), "x-lg"),
        ]
    return Letter(hearing, hearing.is_heard(today), files, links)


def _has_undone(letters: Iterable[Letter]) -> bool:
    works = [work for each in letters if each.is_repeal for work in each.hearing.works.all()]
    return any(work.state != ConditionState.MET for work in works)


def _answers(case: Application) -> dict[int, list[StoredFile]]:
    """What was sent with observations online, by the letter they answer; the journal says which files."""
    told = case.journal.filter(event=Event.OBSERVATIONS_RECEIVED, facts__has_key="files").order_by("position")
    sent: dict[int, list[str]] = {}
    for facts in told.values_list("facts", flat=True):
        sent.setdefault(facts["hearing"], []).extend(facts["files"])
    files = _files(case, [sha256 for hashes in sent.values() for sha256 in hashes])
    return {hearing: [files[sha256] for sha256 in hashes if sha256 in files] for hearing, hashes in sent.items()}


def _files(case: Application, hashes: Iterable[str]) -> dict[str, StoredFile]:
    """The files of the case that have these hashes, in one query, or none."""
    wanted = set(hashes)
    if not wanted:
        return {}
    found = case.files.received().filter(sha256__in=wanted).select_related("application").order_by("pk")
    return {file.sha256: file for file in found}


def _with_acts(case: Application, former: list[Decision]) -> list[tuple[Decision, Act | None, int]]:
    """Each former decision, its act, and how many works it prescribed."""
    acts = {act.sha256: act for act in case.acts.filter(sha256__in=[each.act_sha256 for each in former])} if former else {}
    return [(each, acts.get(each.act_sha256), each.works.count()) for each in former]


def _to_notify(case: Application) -> list[Act]:
    """Issued acts that open a period, or a decision taken on appeal, without a proof of their notification yet."""
    if not attached.has(case, "acts"):
        return []
    on_appeal = case.appeals.filter(kind=AppealKind.ADMINISTRATIVE, state=AppealState.ACCEPTED, notified_on__isnull=True)
    proved = set(attached.of(case.notices).exclude(act_sha256="").values_list("act_sha256", flat=True))
    acts = case.acts.issued().exclude(sha256="")
    contestable = acts.filter(kind__in=ActKind.contestable()).exclude(sha256__in=proved)
    return list((contestable | acts.filter(sha256__in=on_appeal.values("act_sha256"))).order_by("pk"))
