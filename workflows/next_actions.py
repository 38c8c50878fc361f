"""The one thing to do now on a case, said with its reason and its consequence; and the others that are possible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import User
from inspections.enums import EntryKind, VisitState
from inspections.models import Entry, Visit
from permis import attached, permissions
from permis.addresses import Certainty
from permis.enums import Channel, ConditionMode, State
from permis.litigation import AppealState
from permis.models import Appeal, Application, OrderMatch
from permis.permissions import can_inspect, can_manage, can_review, can_sign, can_visa
from workflows import completion, conditions, notices, unmet
from workflows.drafting import known


@dataclass(frozen=True)
class Link:
    label: str
    url: str
    icon: str = "arrow-right"


@dataclass(frozen=True)
class NextAction:
    """The dark panel on top of a case: who and until when, what, why, and one button."""

    over: str
    title: str
    text: str
    go: Link | None = None
    others: tuple[Link, ...] = ()
    # Whether the button does it at once, rather than lead to a screen.
    is_done_at_once: bool = False


# For each open task: title, text, address of the screen, label of the button, icon.
_TASKS = {
    "check_pieces": ("Vérifiez les pièces", "Dites si le dossier est complet, ou demandez ce qui manque : le délai court déjà.", "case-check", "Vérifier les pièces", "file-earmark-check"),
    "provide_pieces": ("Attendez les pièces du bailleur", "Le délai n’a pas commencé : il partira de la dernière pièce reçue.", "case-remind", "Relancer le bailleur", "bell"),
    "check_answer": ("Vérifiez les pièces reçues", "Acceptez-les, ou demandez de nouveau celles qui ne conviennent pas : le délai court depuis leur réception.", "case-check", "Vérifier les pièces reçues", "file-earmark-check"),
    "plan_visit": ("Planifiez la visite", "Elle se fait dans le mois, entre 6 h et 21 h. Le bailleur reçoit la convocation aussitôt.", "case-plan-visit", "Planifier la visite", "calendar-plus"),
    "visit_dwelling": ("Faites la visite, puis rendez-en compte", "Le rapport ouvre le projet de décision.", "visit-report", "Rendre compte de la visite", "clipboard-check"),
    "draft_decision": ("Préparez la décision", "Accordez, accordez sous conditions ou refusez. Les constats de la visite sont repris.", "case-draft", "Préparer la décision", "pencil-square"),
    "visa_decision": ("Visez le projet de décision", "Lisez l’acte, puis visez-le ou renvoyez-le au service. Le délai court toujours.", "case-visa", "Lire et viser", "check2-circle"),
    "sign_decision": ("La décision attend sa signature", "Lisez l’acte tel qu’il sera signé. Une décision ne compte que notifiée.", "case-sign", "Lire et signer", "pen-fill"),
    "notify_decision": ("Notifiez la décision", "Seule compte la première présentation de la lettre, ou la remise en main propre.", "case-notify", "Saisir la preuve de notification", "send-fill"),
    "check_works": ("Vérifiez les travaux prescrits", "Constatez-les sur pièces ou par une contre-visite. Quand tous sont faits, les conditions peuvent être levées.", "case-works", "Vérifier les travaux", "tools"),
    "lift_conditions": ("Levez les conditions", "Tous les travaux sont constatés. L’acte de levée est envoyé au bailleur.", "case-lift", "Lever les conditions", "unlock-fill"),
}  # fmt: skip
# What the same tasks are when nobody decides: a receipt within a week, or the list of what is missing (CCH R.634-3).
_DECLARED = {
    "check_pieces": ("Vérifiez la déclaration", "Dans la semaine : délivrez le récépissé, ou demandez ce qui manque. Une déclaration ne s’autorise ni ne se refuse."),
    "provide_pieces": ("Attendez les pièces du bailleur", "Complétée à temps, elle reçoit son récépissé. Sinon elle prend fin d’elle-même, et une nouvelle déclaration est nécessaire."),
    "check_answer": ("Vérifiez les pièces reçues", "Elles sont arrivées à temps. Délivrez le récépissé, ou demandez de nouveau ce qui ne convient pas."),
}  # fmt: skip
_MAY = {
    "check_pieces": can_review,
    "provide_pieces": can_review,
    "check_answer": can_review,
    "plan_visit": can_inspect,
    "visit_dwelling": can_inspect,
    "draft_decision": can_review,
    "visa_decision": can_visa,
    "sign_decision": can_sign,
    "notify_decision": can_review,
    "check_works": can_inspect,
    "lift_conditions": can_sign,
}


def of(case: Application, user: User, *, visits: Sequence[Visit], today: date) -> NextAction:
    """What this person should do first on this case, or who is expected to."""
    nodes = sorted((item.node for item in case.work_items.all()), key=list(_TASKS).index)
    if not nodes:
        if (action := _before_court(case)) is not None:
            return NextAction("Recours en cours", "Le tribunal est saisi", f"{_closing(case)} {_defence(action)}".strip())
        return _late_transmission(case, user, today) or NextAction("Dossier clos", "Rien à faire pour l’instant", _closing(case))
    node = nodes[0]
    title, text, _, _, _ = _TASKS[node]
    if case.is_declaration:
        title, text = _DECLARED[node]
    if (
        node == "visit_dwelling"
        and Entry.objects.filter(visit__in=visits, kind=EntryKind.FINISH, visit__state=VisitState.PLANNED).exists()
    ):
        title, text = (
            "Rapport à terminer",
            "La visite est saisie, mais elle n’est pas close : relisez ce qui est arrivé, puis établissez le rapport.",
        )
    if node == "notify_decision" and notices.waits(case):
        title, text = (
            "La décision attend d’être ouverte en ligne",
            f"Le silence est suspendu jusqu’au {case.held_until:%d/%m/%Y}. Près de l’échéance, doublez par un second moyen : la première notification compte.",
        )
    over = _over(case, today)
    if node == "draft_decision" and can_review(case, user) and (match := _order_to_settle(case)):
        return NextAction(
            over,
            "Dites si l’arrêté de police vise ce logement",
            f"L’{match.order.reference}, encore en vigueur, a été trouvé à cette adresse. S’il vise ce logement, seul un refus est possible (CCH L. 635-9).",
            Link("Lire l’arrêté et répondre", reverse("case-order-match", args=[case.pk, match.pk]), "exclamation-octagon"),
            (_link(node, case, visits), *_reports_to_establish(nodes, visits)),
        )
    if node == "check_works" and (step := unmet.next_step(case, today=today)) is not None:
        return _step(over, step, case, user, visits)
    if not _MAY[node](case, user):
        return NextAction(over, title, f"{text} Cela revient à une autre personne du service.")
    return NextAction(
        over,
        title,
        text,
        _link(node, case, visits),
        (
            *(_link(each, case, visits) for each in nodes[1:] if _MAY[each](case, user)),
            *(beside for each in nodes if _MAY[each](case, user) for beside in _beside(each, case)),
            *_reports_to_establish(nodes, visits),
        ),
    )


def _step(over: str, step: unmet.Step, case: Application, user: User, visits: Sequence[Visit]) -> NextAction:
    """Works that are not done, for who may follow them further; they can still be found done."""
    beside = (_link("check_works", case, visits), *_beside("check_works", case)) if can_inspect(case, user) else ()
    if not step.is_allowed(case, user):
        return NextAction(over, step.title, f"{step.text} Cela revient à une autre personne du service.", None, beside)
    return NextAction(over, step.title, step.text, Link(step.label, step.url, step.icon), beside)


def others(case: Application, user: User) -> list[Link]:
    """What is possible beside the task in hand."""
    found = []
    if can_review(case, user):
        found.append(Link("Attribuer", reverse("case-assign", args=[case.pk]), "person-plus"))
        if case.state in State.open():
            if not case.is_declaration:
                found.append(Link("Arrêté de police", reverse("case-police-order", args=[case.pk]), "exclamation-octagon"))
            found.append(Link("Ajouter une pièce", reverse("case-add-piece", args=[case.pk]), "paperclip"))
            optional = reverse("case-request-optional", args=[case.pk])
            found.append(Link("Demander une pièce facultative", optional, "file-earmark"))
        if case.state in (State.SUBMITTED, State.UNDER_REVIEW):
            found.append(Link("Demander une pièce exigée", reverse("case-request", args=[case.pk]), "file-earmark-plus"))
        if case.state == State.SUBMITTED:
            found.append(Link("Dire hors champ", reverse("case-out-of-scope", args=[case.pk]), "slash-circle"))
        if case.state in State.open():
            found.append(Link("Vérifier le périmètre", reverse("case-zone", args=[case.pk]), "geo-alt"))
        if case.state == State.EXPIRED and case.applicant_id is None:
            found.append(Link("Saisir une nouvelle déclaration", reverse("declare-again", args=[case.pk]), "arrow-repeat"))
        if case.state == State.GRANTED_TACIT and case.signed_on:
            found.append(Link("Saisir une preuve datée à temps", reverse("case-notify", args=[case.pk]), "send-check"))
    if can_review(case, user) and (case.is_in_force or case.state == State.LAPSED):
        found.append(Link("Déclarer le bail", reverse("application-lease", args=[case.pk]), "key"))
    if can_review(case, user) and case.is_in_force:
        found.append(Link("Saisir un transfert", reverse("case-transfer-file", args=[case.pk]), "arrow-left-right"))
    if can_inspect(case, user) and case.state != State.DRAFT:
        found.append(Link("Photos du dossier", reverse("case-photos", args=[case.pk]), "images"))
    if permissions.can_withdraw(case, user) and case.state in State.open():
        found.append(Link("Enregistrer un désistement", reverse("application-withdraw", args=[case.pk]), "box-arrow-left"))
    if can_manage(case, user) and case.state == State.INCOMPLETE and not case.is_declaration:
        found.append(Link("Classer sans suite", reverse("case-close", args=[case.pk]), "archive"))
    if can_manage(case, user) and case.state in (*State.open(), *State.authorising(), State.REFUSED, State.RECEIPTED):
        found.append(Link("Corriger une date", reverse("case-correct-date", args=[case.pk]), "calendar2-week"))
    if permissions.can_hear(case, user) and case.state in State.authorising():
        letter = reverse("case-hearing-revocation", args=[case.pk])
        found.append(Link("Lettre contradictoire avant retrait", letter, "envelope-exclamation"))
    if can_sign(case, user) and case.state in State.authorising():
        found.append(Link("Retirer l’autorisation", reverse("case-revoke", args=[case.pk]), "slash-circle-fill"))
    if permissions.can_judge(case, user) and case.state in State.judged():
        found.append(Link("Inscrire une requête au tribunal", reverse("case-court", args=[case.pk]), "bank"))
    if permissions.can_judge(case, user) and case.state != State.DRAFT:
        found.append(Link("Ouvrir une procédure de sanction", reverse("sanction-open-case", args=[case.pk]), "bank"))
    return found


def for_landlord(case: Application, missing: Sequence[str] = ()) -> NextAction:
    """What the landlord has to do, or may wait for; ``missing`` are the names of required pieces that nobody gave."""
    if case.state == State.DRAFT:
        url = reverse("application-step", args=[case.pk, "adresse"])
        return NextAction(
            "À vous de jouer",
            f"Terminez votre {case.noun}",
            "Vos réponses sont enregistrées à chaque étape.",
            Link("Continuer", url),
        )
    if case.is_declaration:
        return _for_declarant(case)
    if case.state == State.INCOMPLETE:
        url = reverse("application-add-piece", args=[case.pk])
        text = (
            f"Le juge a fixé au {case.reexamine_by:%d/%m/%Y} le terme du réexamen : vos pièces ne le déplacent pas. "
            if case.reexamine_by
            else "Le délai d’un mois commencera le jour où la dernière pièce arrivera. "
        ) + "Ne signez pas de bail avant l’autorisation."
        return NextAction(
            _call(known(case.respond_by), case.authority.today()),
            "Déposez les pièces demandées",
            text,
            Link("Déposer une pièce", url, "upload"),
        )
    if notices.waits(case):
        text = (
            "Ouvrez-la : le jour où vous l’ouvrez est celui de sa notification, et les délais de recours en partent. "
            f"Si personne ne l’ouvre d’ici le {case.held_until:%d/%m/%Y}, elle est réputée notifiée le jour où elle vous a été adressée."
        )
        go = Link("Ouvrir la décision", reverse("application-open-decision", args=[case.pk]), "envelope-open")
        return NextAction("À vous de jouer", "Une décision vous attend", text, go, is_done_at_once=True)
    if case.state == State.SUBMITTED and case.channel == Channel.ONLINE and missing:
        text = (
            f"{', '.join(missing)}. N’attendez pas qu’on vous le demande : le délai d’un mois ne commence qu’avec un dossier complet. "
            "Ne signez pas de bail avant l’autorisation."
        )
        go = Link("Ajouter une pièce", reverse("application-add-piece", args=[case.pk]), "upload")
        return NextAction(
            "À vous de jouer", f"Il manque {'une pièce exigée' if len(missing) == 1 else 'des pièces exigées'}", text, go
        )
    if case.state in State.open():
        text = (
            f"Réponse au plus tard le {case.tacit_on:%d/%m/%Y}. Sans réponse ce jour-là, et si votre dossier est complet, l’autorisation est accordée."
            if case.tacit_on
            else "Le service compétent reçoit votre demande."
        )
        return NextAction("Le service examine votre demande", "Rien à faire pour l’instant", text)
    if case.suspended_on is not None:
        text = f"Le juge des référés a suspendu votre autorisation le {case.suspended_on:%d/%m/%Y}. Un bail signé avant ce jour se déclare encore."
        return NextAction("Votre autorisation est suspendue", "Ne signez aucun bail avant le jugement", text, _next_step(case))
    return NextAction("Votre demande", _landlord_title(case), _closing(case), _proof_to_send(case) or _next_step(case))


def _call(respond_by: date, today: date) -> str:
    """Until when pieces are awaited; a term that has passed closes nothing by itself, and they are still taken."""
    if respond_by < today:
        return f"À vous de jouer, sans attendre · terme passé le {respond_by:%d/%m/%Y}"
    return f"À vous de jouer, avant le {respond_by:%d/%m/%Y}"


def _next_step(case: Application) -> Link | None:
    """Once decided: say that the dwelling is let, or ask again."""
    may_sign = case.state in (State.GRANTED, State.GRANTED_TACIT)
    if may_sign or (case.state == State.GRANTED_CONDITIONAL and case.mode == ConditionMode.DEFERRED):
        return Link("Déclarer le bail", reverse("application-lease", args=[case.pk]), "key")
    if case.state in State.renewable():
        return Link("Déposer une nouvelle demande", reverse("application-resubmit", args=[case.pk]), "arrow-repeat")
    return None


def _for_declarant(case: Application) -> NextAction:
    """What the landlord has to do about a declaration that was filed."""
    if case.respond_by and case.state == State.INCOMPLETE:
        return NextAction(
            _call(case.respond_by, case.authority.today()),
            "Déposez les pièces demandées",
            "Le récépissé vous est délivré ensuite. Passé cette date, il faudra faire une nouvelle déclaration.",
            Link("Déposer une pièce", reverse("application-add-piece", args=[case.pk]), "upload"),
        )
    if case.state in State.open():
        text = (
            f"Le récépissé, ou la liste de ce qui manque, vous est envoyé au plus tard le {case.receipt_due_on:%d/%m/%Y}."
            if case.receipt_due_on
            else "Le service compétent reçoit votre déclaration."
        )
        return NextAction("Le service vérifie votre déclaration", "Rien à faire pour l’instant", text)
    if case.state == State.RECEIPTED:
        text = "Le récépissé et l’exemplaire du locataire sont parmi vos documents. C’est à vous de remettre le second (CCH L. 634-3)."
        return NextAction("Votre déclaration est complète", "Remettez une copie du récépissé à votre locataire", text)
    if case.state == State.EXPIRED:
        text = "Elle n’a pas été complétée à temps. Vos réponses sont reprises : il reste à ajouter ce qui manquait."
        link = Link("Déclarer de nouveau", reverse("declare-again", args=[case.pk]), "arrow-repeat")
        return NextAction("À vous de jouer, sans attendre", "Faites une nouvelle déclaration", text, link)
    return NextAction("Votre déclaration", "Rien à faire pour l’instant", _closing(case))


def _proof_to_send(case: Application) -> Link | None:
    """The first of the prescribed works whose proof is still to come."""
    waiting = [each for each in conditions.of(case) if each.awaits_proof] if case.follows_works else []
    if not waiting:
        return None
    return Link("Envoyer une preuve", reverse("application-prove-work", args=[case.pk, waiting[0].work.pk]), "upload")


def _landlord_title(case: Application) -> str:
    return {
        State.GRANTED: "Joignez l’autorisation à votre bail",
        State.GRANTED_CONDITIONAL: "Faites les travaux demandés, puis déposez vos preuves",
        State.GRANTED_TACIT: "Demandez l’attestation, et joignez-la à votre bail",
        State.REFUSED: "Faites les travaux avant de déposer une nouvelle demande",
        State.USED: "À la prochaine location, déposez une nouvelle demande",
        State.LAPSED: "Avant de louer, déposez une nouvelle demande",
    }.get(State(case.state), "Rien à faire pour l’instant")


def _before_court(case: Application) -> Appeal | None:
    return case.appeals.filter(state=AppealState.BEFORE_COURT).order_by("pk").first()


def _defence(action: Appeal) -> str:
    if action.defence_due_on is None or action.defence_sent_on is not None:
        return "Le jugement est attendu."
    return f"Mémoire en défense attendu pour le {action.defence_due_on:%d/%m/%Y}."


def _late_transmission(case: Application, user: User, today: date) -> NextAction | None:
    """What the law has sent of a case that is over, and was not; for who may send it."""
    if not can_review(case, user):
        return None
    late = attached.of(case.transmissions).late_on(today).select_related("recipient").order_by("due_on", "pk").first()
    if late is None:
        return None
    text = f"{late.recipient_name} : elle devait partir le {late.due_on:%d/%m/%Y}. {_closing(case)}"
    return NextAction("En retard", "Envoyez la transmission obligatoire", text, Link("L’ouvrir", late.get_absolute_url(), "send"))


def _closing(case: Application) -> str:
    if case.state in State.authorising() and case.valid_until:
        return f"L’autorisation est valable jusqu’au {case.valid_until:%d/%m/%Y}, si le logement est loué d’ici là."
    if case.state == State.RECEIPTED:
        return f"Récépissé délivré le {case.receipted_on:%d/%m/%Y}."
    if case.state == State.EXPIRED:
        return f"Déclaration non complétée, close le {case.ended_on:%d/%m/%Y} : une nouvelle est nécessaire (CCH R. 634-3)."
    if case.state == State.USED and case.lease_signed_on:
        return (
            f"L’autorisation a servi au bail signé le {case.lease_signed_on:%d/%m/%Y}. Elle ne vaut pas pour une autre location."
        )
    if case.state == State.REFUSED:
        return f"Refus notifié le {case.notified_on:%d/%m/%Y}. Le logement ne peut pas être mis en location."
    if case.ended_on:
        return f"Dossier clos le {case.ended_on:%d/%m/%Y}."
    return "Aucune action n’est attendue."


def _over(case: Application, today: date) -> str:
    if case.is_declaration and case.receipt_due_on:
        is_late = today > case.receipt_due_on
        return f"{'En retard' if is_late else 'À faire maintenant'} · récépissé dû le {case.receipt_due_on:%d/%m/%Y}"
    if case.tacit_on is None or case.state not in State.clock_running():
        return "À faire maintenant"
    left = (case.tacit_on - today).days
    target = completion.target_on(case, on=today)
    if left < 0 and notices.waits(case):
        return f"Notification en attente, jusqu’au {case.held_until:%d/%m/%Y}"
    if left < 0:
        return "Délai dépassé : l’autorisation naît du silence"
    return f"À faire maintenant · visez une notification le {target:%d/%m/%Y}, dernier jour le {case.tacit_on:%d/%m/%Y}"


def _order_to_settle(case: Application) -> OrderMatch | None:
    """An order that is likely to strike the building, and of which nobody has said anything."""
    likely = attached.of(case.order_matches).to_settle().filter(certainty__gte=Certainty.PROBABLE)
    return likely.select_related("order").order_by("-certainty", "pk").first()


def _link(node: str, case: Application, visits: Sequence[Visit]) -> Link:
    _, _, name, label, icon = _TASKS[node]
    if node == "visit_dwelling":
        planned = [visit for visit in visits if visit.state == VisitState.PLANNED]
        return Link(label, reverse(name, args=[planned[0].pk]) if planned else case.get_absolute_url(), icon)
    return Link(label, reverse(name, args=[case.pk]), icon)


def _reports_to_establish(nodes: Sequence[str], visits: Sequence[Visit]) -> Iterator[Link]:
    """A visit that is done and whose report is not an act yet; ``visits`` come with their reports."""
    if "draft_decision" in nodes:
        for visit in visits:
            if visit.state == VisitState.DONE and not visit.reports.all():
                yield Link("Établir le rapport de visite", reverse("visit-report", args=[visit.pk]), "clipboard-check")


def _beside(node: str, case: Application) -> tuple[Link, ...]:
    if node == "plan_visit":
        return (Link("Décider sans visite", reverse("case-waive-visit", args=[case.pk]), "skip-forward"),)
    if node == "sign_decision":
        return (
            Link("Enregistrer une signature sur papier", reverse("case-sign-outside", args=[case.pk]), "file-earmark-arrow-up"),
        )
    if node == "check_works":
        return (Link("Ordonner une contre-visite", reverse("case-counter-visit", args=[case.pk]), "calendar-plus"),)
    return ()
