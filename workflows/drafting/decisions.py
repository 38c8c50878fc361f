"""Decisions: grant, grant with conditions, refusal, lifting, revocation (CCH L.635-3 to L.635-10, CRPA L.211-2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from documents.content import Block, Content
from inspections.enums import VisitState
from permis.enums import ConditionMode, Ground, Outcome
from permis.models import Application, Decision
from workflows.drafting import parts

TITLES = {
    Outcome.GRANTED: "portant autorisation préalable de mise en location",
    Outcome.CONDITIONAL: "portant autorisation préalable de mise en location assortie de conditions",
    Outcome.REFUSED: "portant refus d’autorisation préalable de mise en location",
}
GROUNDS = {
    Ground.DECENCY: "que le logement ne satisfait pas aux caractéristiques de décence prévues à l’article 6 de la loi n° 89-462 du "
    "6 juillet 1989 et par le décret n° 2002-120 du 30 janvier 2002 ;",
    Ground.HEALTH_SAFETY: "que le logement est susceptible de porter atteinte à la sécurité des occupants et à la salubrité "
    "publique, au sens de l’article L. 635-3 du code de la construction et de l’habitation ;",
    Ground.POLICE_ORDER: "que l’immeuble est frappé par un arrêté de police en vigueur, et que l’article L. 635-9 du code de la "
    "construction et de l’habitation interdit de délivrer l’autorisation ;",
    Ground.COLOCATION_DIGNITY: "que la demande porte sur une colocation à baux multiples, et que l’examen du logement et des "
    "contrats ne garantit pas des conditions d’habitation dignes (article 33 de la loi n° 2024-322 du 9 avril 2024) ;",
}


def decision(
    application: Application,
    decision: Decision,
    *,
    signatory_name: str,
    capacity: str,
    on: date,
    delegation: str = "",
) -> Content:
    """L’arrêté qui accorde, accorde sous conditions ou refuse, tel qu’il serait signé ce jour-là."""
    outcome = Outcome(decision.outcome)
    works = list(decision.works.order_by("position"))
    number = f" n° {decision.order_number}" if decision.order_number else ""
    blocks = [
        Block("paragraph", f"{application.authority.head_title},"),
        *_citations(application, delegation),
        *_considerations(decision),
        Block("enact", "ARRÊTE"),
        *_articles(application, decision, has_works=bool(works)),
    ]
    return parts.content(
        application,
        title=f"Arrêté{number}",
        subtitle=TITLES[outcome],
        on=on,
        blocks=blocks,
        works=[parts.work(work) for work in works],
        works_after=_works_heading(decision) if works else "",
        signature=parts.signature(application.authority, name=signatory_name, capacity=capacity, on=on, delegation=delegation),
        remedies=parts.remedies(application.authority),
        annex=parts.annex(application),
    )


def lifting(application: Application, *, signatory_name: str, capacity: str, on: date) -> Content:
    """L’acte qui lève les conditions."""
    decision = application.decision
    number = f" n° {decision.order_number}" if decision.order_number else ""
    blocks = [
        Block("cite", "le code de la construction et de l’habitation, notamment son article L. 635-3 ;"),
        Block("cite", f"l’arrêté{number} du {parts.day(decision.signed_on)} accordant l’autorisation sous conditions ;"),
        Block("consider", "que les travaux prescrits ont été constatés faits ;"),
        Block("enact", "DÉCIDE"),
        Block("heading", "Article 1 – Levée des conditions"),
        Block("paragraph", f"Les conditions de l’autorisation n° {application.number} sont levées à compter du {parts.day(on)}."),
        Block("heading", "Article 2 – Durée"),
        Block(
            "paragraph",
            f"La durée de l’autorisation n’est pas prolongée : elle reste valable jusqu’au {parts.day(application.valid_until)}. "
            "Le présent acte est joint au bail avec l’autorisation.",
        ),
    ]
    return parts.content(
        application,
        title="Levée des conditions",
        subtitle="d’une autorisation préalable de mise en location",
        on=on,
        recipient=parts.recipient(application),
        blocks=blocks,
        works=[parts.work(work) for work in decision.works.order_by("position")],
        works_after="Article 1 – Levée des conditions",
        signature=parts.signature(application.authority, name=signatory_name, capacity=capacity, on=on),
    )


def revocation(
    application: Application, *, reasons: str, heard_on: date, signatory_name: str, capacity: str, on: date
) -> Content:
    """L’arrêté qui retire une autorisation illégale (CRPA L.242-1)."""
    blocks = [
        Block(
            "cite",
            "le code des relations entre le public et l’administration, notamment ses articles L. 121-1, L. 211-2 et L. 242-1 ;",
        ),
        Block("cite", f"l’invitation à présenter des observations, du {parts.day(heard_on)} ;"),
        *[Block("consider", text) for text in parts.paragraphs(reasons)],
        Block("enact", "ARRÊTE"),
        Block("heading", "Article unique"),
        Block("paragraph", f"L’autorisation n° {application.number} est retirée."),
    ]
    return parts.content(
        application,
        title="Arrêté",
        subtitle="portant retrait d’une autorisation préalable de mise en location",
        on=on,
        recipient=parts.recipient(application),
        blocks=blocks,
        signature=parts.signature(application.authority, name=signatory_name, capacity=capacity, on=on),
        remedies=parts.remedies(application.authority),
    )


def _citations(application: Application, delegation: str) -> Iterator[Block]:
    yield Block(
        "cite",
        "le code de la construction et de l’habitation, notamment ses articles L. 635-1 à L. 635-11 et R. 635-1 à R. 635-5 ;",
    )
    yield Block(
        "cite",
        "le code des relations entre le public et l’administration, notamment ses articles L. 211-2, L. 211-5 et L. 212-1 ;",
    )
    yield Block("cite", "la loi n° 89-462 du 6 juillet 1989 tendant à améliorer les rapports locatifs, notamment son article 6 ;")
    yield Block("cite", "le décret n° 2002-120 du 30 janvier 2002 relatif aux caractéristiques du logement décent ;")
    if (zone := application.zone) is not None:
        yield Block(
            "cite",
            f"la délibération n° {zone.deliberation} du {parts.day(zone.deliberated_on)}, publiée le {parts.day(zone.published_on)}, "
            f"instituant l’autorisation préalable de mise en location dans le périmètre « {zone.name} », en vigueur depuis le "
            f"{parts.day(zone.in_force_on)} ;",
        )
    if delegation:
        yield Block("cite", f"la délégation de signature résultant de {delegation} ;")
    yield Block(
        "cite",
        f"la demande n° {application.number} présentée par {parts.applicant(application)}, reçue le {parts.day(application.received_on)}, "
        f"complète le {parts.day(application.clock_started_on)} ;",
    )
    for visit in application.visits.filter(state=VisitState.DONE).select_related("inspector").order_by("starts_at"):
        moment = application.authority.local(visit.starts_at)
        present = f", en présence de {visit.people_present}" if visit.people_present else ""
        yield Block(
            "cite", f"le rapport de la visite faite le {parts.day(moment.date())} par {visit.inspector.full_name}{present} ;"
        )


def _considerations(decision: Decision) -> Iterator[Block]:
    for text in parts.paragraphs(decision.considerations):
        yield Block("consider", text)
    for ground in decision.grounds:
        yield Block("consider", GROUNDS[Ground(ground)])
    if decision.outcome == Outcome.CONDITIONAL:
        yield Block(
            "consider",
            "que ces désordres peuvent être levés par des travaux ; qu’il y a lieu, dès lors, d’accorder l’autorisation en "
            "l’assortissant de conditions, comme le permet l’article L. 635-3 du code de la construction et de l’habitation ;",
        )
    elif decision.outcome == Outcome.GRANTED:
        yield Block("consider", "que rien, au vu du dossier, ne s’oppose à la mise en location ;")


def _articles(application: Application, decision: Decision, *, has_works: bool) -> Iterator[Block]:
    if decision.outcome == Outcome.REFUSED:
        yield from _refusal(application, has_works=has_works)
    else:
        yield from _grant(application, decision)


def _grant(application: Application, decision: Decision) -> Iterator[Block]:
    conditional = decision.outcome == Outcome.CONDITIONAL
    under = ", sous les conditions de l’article 2" if conditional else ""
    yield Block("heading", "Article 1 – Décision")
    yield Block(
        "paragraph",
        f"L’autorisation préalable de mise en location est accordée à {parts.lessors(application)} pour le logement désigné "
        f"ci-dessus{under}. Les renseignements de la demande sont reproduits en annexe et font corps avec le présent arrêté.",
    )
    number = 2
    if conditional:
        yield Block("heading", _works_heading(decision))
        if decision.mode == ConditionMode.PRIOR:
            yield Block(
                "paragraph", "Aucun bail ne peut être conclu avant la levée des conditions, constatée par écrit et notifiée."
            )
        else:
            yield Block("paragraph", "La mise en location est permise. Les travaux sont faits avant la date portée au tableau.")
        yield Block(
            "paragraph", "Les preuves sont adressées au service, qui les examine et, s’il le faut, fait une contre-visite."
        )
        number = 3
    for title, text in (
        ("Durée", "La présente autorisation devient caduque s’il apparaît qu’elle n’a pas été suivie d’une mise en location dans les "
         "deux ans de sa délivrance (article R. 635-3)."),
        ("Bail", "L’autorisation est annexée au bail (article L. 635-5). Une nouvelle autorisation est nécessaire à chaque nouvelle "
         "mise en location (article L. 635-4)."),
        ("Portée", "L’autorisation n’est pas opposable aux autorités de police chargées de la sécurité et de la salubrité (article "
         "L. 635-9). Elle ne dispense pas le bailleur de délivrer un logement décent."),
        ("Sanctions", "Mettre en location sans autorisation ou malgré un refus expose le bailleur à l’amende prévue à l’article "
         "L. 635-7."),
        ("Transmission", _transmission(conditional)),
    ):  # fmt: skip
        yield Block("heading", f"Article {number} – {title}")
        yield Block("paragraph", text)
        number += 1


def _refusal(application: Application, *, has_works: bool) -> Iterator[Block]:
    yield Block("heading", "Article 1 – Décision")
    yield Block(
        "paragraph",
        f"L’autorisation préalable de mise en location est refusée à {parts.lessors(application)} pour le logement désigné ci-dessus.",
    )
    if has_works:
        yield Block("heading", "Article 2 – Travaux ou aménagements prescrits")
        yield Block(
            "paragraph",
            "Pour satisfaire aux exigences de décence, de sécurité et de salubrité, il convient de faire les travaux du tableau "
            "ci-dessus. Une nouvelle demande peut être déposée à tout moment.",
        )
    yield Block("heading", "Article 3 – Effets")
    yield Block(
        "paragraph",
        "Le logement ne peut pas être mis en location. Le louer malgré ce refus expose le bailleur à l’amende prévue à l’article "
        "L. 635-7. Le bail en cours d’un occupant n’est pas remis en cause (article L. 635-8).",
    )
    yield Block("heading", "Article 4 – Transmission")
    yield Block(
        "paragraph",
        "Le présent arrêté est notifié au demandeur. Il est transmis à la caisse d’allocations familiales, à la caisse de mutualité "
        "sociale agricole et aux services fiscaux (article L. 635-6), ainsi qu’au comité responsable du plan départemental "
        "d’action pour le logement et l’hébergement des personnes défavorisées, et inscrit à l’observatoire des logements "
        "indignes (article L. 635-10).",
    )


def _works_heading(decision: Decision) -> str:
    if decision.outcome == Outcome.REFUSED:
        return "Article 2 – Travaux ou aménagements prescrits"
    if decision.mode == ConditionMode.PRIOR:
        return "Article 2 – Travaux à faire avant la mise en location"
    return "Article 2 – Travaux à faire dans le délai"


def _transmission(conditional: bool) -> str:
    notified = "Le présent arrêté est notifié au demandeur."
    if not conditional:
        return notified
    return (
        f"{notified} Il est transmis au comité responsable du plan départemental d’action pour le logement et l’hébergement des "
        "personnes défavorisées et inscrit à l’observatoire des logements indignes (article L. 635-10)."
    )
