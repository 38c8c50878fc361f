"""The order by which the authority grants, grants under conditions or refuses the permit (checklist of CCH L.635-3, R.635-3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from documents.content import Block, Content, Work
from documents.facts import Case, PrescribedWorks, Ruling, Signatory, VisitMade
from documents.french import day, hour, listing, of_name
from documents.wording.passages import (
    CODE,
    HOUSING,
    RELATIONS,
    applicants,
    cite,
    consider,
    content,
    delegation,
    heading,
    names,
    paragraph,
    reach_of_a_permit,
    works_row,
)
from permis.enums import ConditionMode, Ground, Outcome

_SUBTITLES = {
    Outcome.GRANTED: "portant autorisation préalable de mise en location",
    Outcome.CONDITIONAL: "portant autorisation préalable de mise en location assortie de conditions",
    Outcome.REFUSED: "portant refus de l’autorisation préalable de mise en location",
}
_IN_LAW = {
    Ground.DECENCY: "le logement ne présente pas les caractéristiques de décence exigées par l’article 6 de la loi n° 89-462 "
    "du 6 juillet 1989 et par le décret n° 2002-120 du 30 janvier 2002",
    Ground.HEALTH_SAFETY: "ces désordres sont susceptibles de porter atteinte à la sécurité des occupants et à la salubrité "
    f"publique, au sens de l’article L. 635-3 du {CODE}",
    Ground.COLOCATION_DIGNITY: "la colocation à baux multiples projetée ne garantit pas aux occupants des conditions de vie "
    "dignes, au sens de l’article 33 de la loi n° 2024-322 du 9 avril 2024",
}


class IncompleteDecision(ValueError):
    """A refusal or conditions need a ground and, for each defect, all that the law wants said (CCH L.635-3, CRPA L.211-5)."""


def decision(case: Case, ruling: Ruling, *, signatory: Signatory, on: date) -> Content:
    """Arrêté d’autorisation, d’autorisation sous conditions ou de refus. Raises IncompleteDecision."""
    _require_reasons(ruling)
    title = f"Arrêté n° {ruling.order_number}" if ruling.order_number else "Arrêté"
    frame = content(
        case,
        title=title,
        subtitle=_SUBTITLES[ruling.outcome],
        number=title if ruling.order_number else "",
        on=on,
        signed_by=signatory,
        with_annex=True,
        blocks=[
            paragraph(f"{case.issuer.executive},"),
            *_citations(case, ruling, signatory),
            *_recitals(ruling),
            Block("enact", "ARRÊTE"),
            *_articles(case, ruling),
        ],
    )
    return replace(frame, works=[_row(works, ruling) for works in ruling.works])


def _require_reasons(ruling: Ruling) -> None:
    if ruling.outcome == Outcome.GRANTED:
        return
    if not ruling.grounds:
        raise IncompleteDecision("Choisissez au moins un motif : un refus ou des conditions doivent être motivés.")
    if not ruling.works:
        raise IncompleteDecision("Décrivez au moins un désordre et les travaux prescrits pour y remédier.")
    for rank, works in enumerate(ruling.works, start=1):
        wanted = {
            "le lieu": works.place,
            "le constat": works.finding,
            "la preuve du constat": works.evidence,
            "le fondement juridique": works.basis,
            "les travaux prescrits": works.work,
        }
        if lacking := [label for label, value in wanted.items() if not value.strip()]:
            raise IncompleteDecision(f"Désordre n° {rank} : indiquez {listing(lacking)}.")
    if ruling.outcome == Outcome.CONDITIONAL and ruling.mode is None:
        raise IncompleteDecision("Dites si les travaux précèdent la mise en location ou ont un délai.")
    if ruling.mode == ConditionMode.DEFERRED and any(works.due_on is None for works in ruling.works):
        raise IncompleteDecision("Donnez une date limite à chacun des travaux : la location est permise avant leur fin.")


def _citations(case: Case, ruling: Ruling, signatory: Signatory) -> list[Block]:
    sources = [
        HOUSING,
        f"le {RELATIONS}, notamment ses articles L. 211-2, L. 211-5 et L. 212-1",
        "la loi n° 89-462 du 6 juillet 1989 tendant à améliorer les rapports locatifs, notamment son article 6",
        "le décret n° 2002-120 du 30 janvier 2002 relatif aux caractéristiques du logement décent",
    ]
    if Ground.COLOCATION_DIGNITY in ruling.grounds:
        sources.append("la loi n° 2024-322 du 9 avril 2024, notamment son article 33")
    if case.perimeter is not None:
        zone = case.perimeter
        sources.append(
            f"la délibération n° {zone.deliberation} du {day(zone.deliberated_on)} instituant l’autorisation préalable de mise "
            f"en location dans le périmètre « {zone.name} », en vigueur depuis le {day(zone.in_force_on)}"
        )
    if case.competence:
        sources.append(case.competence)
    sources += delegation(signatory)
    sources.append(f"la demande n° {case.number} présentée par {applicants(case)}, {_received(case)}")
    sources += [_visit(visit) for visit in ruling.visits]
    sources += ruling.sources
    sources += ruling.commitments
    return [cite(source) for source in sources]


def _recitals(ruling: Ruling) -> list[Block]:
    recitals = list(ruling.considerations)
    if ruling.visit_waiver and not ruling.visits:
        recitals.append(f"qu’il a été décidé sans visite du logement, pour la raison suivante : {ruling.visit_waiver}")
    if ruling.outcome == Outcome.GRANTED:
        recitals.append(
            "que l’examen de la demande n’a rien fait apparaître qui s’oppose à la mise en location du logement au regard de "
            f"l’article L. 635-3 du {CODE}"
        )
        return [consider(recital) for recital in recitals]
    recitals.append(
        "que l’instruction a établi les désordres décrits à l’article 2, avec pour chacun le lieu, la preuve et la règle "
        "méconnue ; que cette description fait partie des motifs du présent arrêté"
    )
    if Ground.COLOCATION_DIGNITY in ruling.grounds and ruling.private_areas:
        recitals.append(
            f"que {len(ruling.private_areas)} baux distincts sont projetés, pour des surfaces privatives de "
            f"{listing(ruling.private_areas)} ; que les colocataires partagent {ruling.shared_equipment}"
        )
    recitals += [f"que {_IN_LAW[ground]}" for ground in Ground if ground in ruling.grounds and ground in _IN_LAW]
    if Ground.POLICE_ORDER in ruling.grounds:
        order = f" ({ruling.police_order})" if ruling.police_order else ""
        recitals.append(
            f"que l’immeuble est frappé par un arrêté de police{order} et que l’article L. 635-9 du {CODE} fait alors obstacle "
            "à la délivrance de l’autorisation"
        )
    elif ruling.outcome == Outcome.REFUSED:
        recitals.append(
            "que ces désordres, par leur nature ou leur gravité, ne permettent pas d’accorder l’autorisation, même assortie de "
            "conditions, avant l’exécution des travaux"
        )
    if ruling.outcome == Outcome.CONDITIONAL:
        recitals.append(
            "que ces désordres peuvent être levés par les travaux prescrits ; qu’il y a lieu, dès lors, d’accorder "
            f"l’autorisation en l’assortissant de conditions, comme le permet l’article L. 635-3 du {CODE}"
        )
    return [consider(recital) for recital in recitals]


def _articles(case: Case, ruling: Ruling) -> list[Block]:
    if ruling.outcome == Outcome.GRANTED:
        articles = [("Décision", f"{_granted(case)}. {_REPRODUCED}"), *reach_of_a_permit(), _SANCTIONS]
    elif ruling.outcome == Outcome.CONDITIONAL:
        articles = [
            ("Décision", f"{_granted(case)}, sous les conditions de l’article 2. {_REPRODUCED}"),
            _conditions(ruling),
            ("Levée des conditions", _lifting(ruling)),
            *reach_of_a_permit(),
            _SANCTIONS,
        ]
    else:
        articles = _refusal(case, ruling)
    if ruling.replaces:
        articles.append(("Remplacement", f"{ruling.replaces} Le présent arrêté en tient lieu."))
    articles.append(("Transmission et exécution", _transmission(case, ruling)))
    blocks = []
    for rank, (title, text) in enumerate(articles, start=1):
        blocks += [heading(f"Article {rank} – {title}"), paragraph(text)]
        if title == _works_title(ruling):
            blocks.append(Block("works"))
    return blocks


_SANCTIONS = (
    "Sanctions",
    "Mettre en location sans autorisation ou malgré un refus expose le bailleur à l’amende prévue à l’article L. 635-7.",
)
_REPRODUCED = "Les renseignements de la demande sont reproduits en annexe et font corps avec le présent arrêté."


def _granted(case: Case) -> str:
    return f"L’autorisation préalable de mise en location est accordée à {names(case)} pour le logement désigné ci-dessus"


def _conditions(ruling: Ruling) -> tuple[str, str]:
    if ruling.mode == ConditionMode.PRIOR:
        return _works_title(ruling), (
            "Les travaux du tableau ci-dessous sont exécutés avant la signature du bail. Aucun bail ne peut être conclu avant "
            "la levée des conditions prévue à l’article 3."
        )
    return _works_title(ruling), (
        "Le logement peut être mis en location dès la notification du présent arrêté. Les travaux du tableau ci-dessous sont "
        "exécutés au plus tard à la date fixée pour chacun, que le logement soit loué ou non."
    )


def _lifting(ruling: Ruling) -> str:
    text = (
        "Les preuves des travaux sont adressées au service, en ligne ou par courrier. Le service les examine et, s’il le faut, "
        "fait une contre-visite. La levée des conditions est constatée par écrit et notifiée."
    )
    if ruling.mode == ConditionMode.DEFERRED:
        text += (
            " Si une condition n’est pas remplie à sa date, l’autorisation peut être abrogée après une procédure contradictoire "
            f"(article L. 242-2 du {RELATIONS})."
        )
    return text


def _refusal(case: Case, ruling: Ruling) -> list[tuple[str, str]]:
    return [
        (
            "Décision",
            f"L’autorisation préalable de mise en location demandée par {names(case)} pour le logement désigné ci-dessus est "
            f"refusée. Le logement ne peut pas être mis en location. {_REPRODUCED}",
        ),
        (
            _works_title(ruling),
            "Les travaux ou aménagements du tableau ci-dessous sont prescrits pour satisfaire aux exigences de décence, de "
            f"sécurité et de salubrité (article L. 635-3 du {CODE}).",
        ),
        (
            "Nouvelle demande",
            "Une nouvelle demande peut être déposée à tout moment. Elle est examinée au vu des preuves des travaux prescrits.",
        ),
        (
            "Portée",
            "L’absence d’autorisation est sans effet sur le bail dont bénéficie un locataire (article L. 635-8).",
        ),
        (
            "Sanctions",
            "Mettre en location malgré le présent refus expose le bailleur à une amende de 15 000 euros au plus "
            "(article L. 635-7).",
        ),
    ]


def _transmission(case: Case, ruling: Ruling) -> str:
    sent = f"Le présent arrêté est notifié à {names(case)}."
    if case.agent:
        sent += " Une copie en est adressée au mandataire."
    if ruling.outcome == Outcome.REFUSED:
        sent += (
            " Il est transmis à la caisse d’allocations familiales, à la caisse de mutualité sociale agricole et aux services "
            "fiscaux (article L. 635-6)."
        )
    if ruling.outcome != Outcome.GRANTED:
        sent += (
            " Il est transmis au comité responsable du plan départemental d’action pour le logement et l’hébergement des "
            "personnes défavorisées et inscrit à l’observatoire des logements indignes (article L. 635-10). Des aides aux "
            "travaux peuvent exister : l’Agence nationale de l’habitat et l’agence départementale d’information sur le logement "
            "vous renseignent."
        )
    return f"{sent} Le responsable des services de la collectivité est chargé de son exécution."


def _works_title(ruling: Ruling) -> str:
    if ruling.outcome == Outcome.REFUSED:
        return "Travaux ou aménagements prescrits"
    if ruling.mode == ConditionMode.PRIOR:
        return "Travaux à faire avant la mise en location"
    return "Travaux à faire dans un délai"


def _row(works: PrescribedWorks, ruling: Ruling) -> Work:
    if works.due_on is not None:
        due = f"au plus tard le {day(works.due_on)}"
    elif ruling.mode == ConditionMode.PRIOR:
        due = "avant la signature du bail"
    else:
        due = "avant toute nouvelle demande"
    return works_row(works, due)


def _received(case: Case) -> str:
    if case.complete_on is None or case.complete_on == case.received_on:
        return f"reçue complète le {day(case.received_on)}"
    return f"reçue le {day(case.received_on)} et complétée le {day(case.complete_on)}"


def _visit(visit: VisitMade) -> str:
    present = f", en présence {of_name(visit.people_present)}" if visit.people_present else ""
    report = f"le rapport {visit.report}" if visit.report else "le rapport"
    return (
        f"{report} de la visite faite le {day(visit.starts_at)}, de {hour(visit.starts_at)} à {hour(visit.ends_at)}, par "
        f"{visit.inspector}{present}"
    )
