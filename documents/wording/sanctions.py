"""Acts of a sanction: the letter that opens the observations, the fine, its withdrawal, the closure, the sheet of the title."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from documents.content import Block, Content, Table
from documents.facts import Answered, Debt, Fine, Proceeding, Signatory
from documents.french import day
from documents.wording.afterlife import IncompleteAct
from documents.wording.passages import (
    CODE,
    HOUSING,
    RELATIONS,
    cite,
    consider,
    delegation,
    heading,
    item,
    note,
    paragraph,
    remedies_of,
    service_contacts,
    signature,
)
from permis.breaches import Breach
from permis.sanctions import euros, is_regularisable

_BLAMED = {
    Breach.NO_REQUEST: "d’avoir mis ce logement en location sans avoir déposé la demande d’autorisation préalable exigée",
    Breach.DESPITE_REFUSAL: "d’avoir mis ce logement en location malgré le refus d’autorisation qui vous avait été notifié",
    Breach.NO_DECLARATION: "d’avoir mis ce logement en location sans en faire la déclaration exigée",
}
_HELD = {
    Breach.NO_REQUEST: "a mis ce logement en location sans avoir déposé la demande d’autorisation préalable exigée par l’article L. 635-4",
    Breach.DESPITE_REFUSAL: "a mis ce logement en location malgré le refus d’autorisation qui lui avait été notifié",
    Breach.NO_DECLARATION: "a mis ce logement en location sans en faire la déclaration exigée par l’article L. 634-3",
}
_TEXT = {
    Breach.NO_REQUEST: "article L. 635-7, alinéa 1,",
    Breach.DESPITE_REFUSAL: "article L. 635-7, alinéa 2,",
    Breach.NO_DECLARATION: "article L. 634-4",
}
_PROCEDURE = {
    Breach.NO_REQUEST: "R. 635-4",
    Breach.DESPITE_REFUSAL: "R. 635-4",
    Breach.NO_DECLARATION: "R. 634-4",
}


def observations_letter(about: Proceeding, *, on: date) -> Content:
    """La lettre qui dit les faits, le texte et le maximum, et ouvre le mois des observations (R.634-4, R.635-4, L.122-1, L.122-2)."""
    if not about.facts:
        raise IncompleteAct("Dites les faits : la personne doit pouvoir y répondre.")
    raised = [paragraph(f"Ce maximum tient compte d’un précédent manquement : {about.earlier}.")] if about.earlier else []
    return _frame(
        about,
        title="Observations avant amende",
        subtitle="procédure de sanction administrative",
        on=on,
        recipient=about.recipient,
        blocks=[
            paragraph(
                f"La collectivité envisage de prononcer une amende à votre encontre. Il vous est reproché {_BLAMED[about.breach]}. "
                f"Le logement est situé {about.address}."
            ),
            heading("Les faits"),
            paragraph(_finding(about)),
            *[item(fact) for fact in about.facts],
            heading("Le texte et le montant"),
            paragraph(_obligation(about)),
            paragraph(
                f"Ce manquement expose à une amende de {euros(about.cap)} au plus ({_TEXT[about.breach]} du {CODE}), proportionnée à "
                "sa gravité. Elle ne peut plus être prononcée au-delà d’un an à compter du constat."
            ),
            *raised,
            heading("Vos droits"),
            paragraph(
                "Vous pouvez présenter vos observations écrites dans un délai d’un mois à compter de la réception de cette lettre "
                f"(article {_PROCEDURE[about.breach]} du même code). Si vous le demandez, vous serez entendu et présenterez vos "
                "observations orales. Vous pouvez vous faire assister par un conseil ou représenter par un mandataire de votre choix "
                f"(article L. 122-1 du {RELATIONS})."
            ),
            paragraph(
                "Vous pouvez demander communication du dossier qui fonde ces griefs : il vous sera remis ou envoyé (article "
                "L. 122-2 du même code)."
            ),
            *_invitation(about.breach),
            note("Cette lettre n’est pas une décision : aucune amende n’est prononcée à ce jour."),
            *service_contacts(about),
        ],
    )


def fine(about: Proceeding, answered: Answered, ordered: Fine, *, signatory: Signatory, on: date) -> Content:
    """L’arrêté qui prononce l’amende : motivé, proportionné, avec les voies de recours (CRPA L.211-2 ; CCH L.634-4, L.635-7)."""
    if not ordered.reasons:
        raise IncompleteAct("Dites ce qui justifie ce montant : l’amende est motivée et proportionnée.")
    issuer = about.issuer
    return _frame(
        about,
        title="Arrêté",
        subtitle="prononçant une amende administrative",
        on=on,
        signed_by=signatory,
        blocks=[
            paragraph(f"{issuer.executive},"),
            cite(_housing(about.breach)),
            cite(f"le {RELATIONS}, notamment ses articles L. 121-1, L. 122-1, L. 122-2, L. 123-1, L. 211-2 et L. 211-5"),
            cite(
                f"la délibération n° {about.perimeter.deliberation} du {day(about.perimeter.deliberated_on)} et le périmètre "
                f"« {about.perimeter.name} », en vigueur depuis le {day(about.perimeter.in_force_on)}"
            ),
            *([cite(about.competence)] if about.competence else []),
            cite(f"le constat du {day(about.found_on)} établi par {about.found_by} ({about.source})"),
            cite(
                f"la lettre du {day(answered.letter_on)}, présentée le {day(answered.presented_on)}, invitant la personne à présenter "
                f"ses observations jusqu’au {day(answered.until)}, par écrit ou de vive voix, seule ou assistée"
            ),
            cite(_answers(answered)),
            *[cite(source) for source in delegation(signatory)],
            consider(f"que {about.person.name} {_HELD[about.breach]}"),
            *[consider(fact) for fact in about.facts],
            *([consider(f"qu’il s’agit d’un nouveau manquement dans les trois ans : {about.earlier}")] if about.earlier else []),
            *_mended(answered, ordered),
            *[consider(reason) for reason in ordered.reasons],
            consider(
                f"que l’amende encourue est de {euros(about.cap)} au plus et que, au vu de ce qui précède, un montant de "
                f"{euros(ordered.amount)} est proportionné à la gravité du manquement"
            ),
            Block("enact", "ARRÊTE"),
            heading("Article 1 – Amende"),
            paragraph(
                f"Une amende de {euros(ordered.amount)} est prononcée à l’encontre de {about.person.name}, {about.person.address}, "
                f"en application de l’{_TEXT[about.breach]} du {CODE}, pour le logement situé {about.address}."
            ),
            heading("Article 2 – Recouvrement"),
            paragraph(
                f"Le produit de l’amende revient à {_beneficiary(about)}. Il est recouvré par un titre de recette, comme il est dit à "
                f"l’article R. 2342-4 du code général des collectivités territoriales (article {_recovery(about.breach)} du {CODE})."
            ),
            heading("Article 3 – Effets"),
            paragraph(
                "La présente décision est sans effet sur le bail du locataire. Elle ne dispense pas la personne de ses obligations "
                "pour ce logement et pour toute nouvelle mise en location."
            ),
            heading("Article 4 – Exécution"),
            paragraph(
                f"Le présent arrêté est notifié à {about.person.name}. Le responsable des services de la collectivité est chargé de "
                "son exécution."
            ),
        ],
    )


def closure(about: Proceeding, *, reasons: Sequence[str], on: date, regularised_on: date | None = None) -> Content:
    """La lettre qui classe la procédure, sans amende."""
    if not reasons:
        raise IncompleteAct("Dites pourquoi la procédure est classée.")
    mended = (
        [paragraph(f"Vous avez régularisé votre situation le {day(regularised_on)}, dans le mois qui vous était laissé.")]
        if regularised_on
        else []
    )
    return _frame(
        about,
        title="Classement",
        subtitle="de la procédure de sanction administrative",
        on=on,
        recipient=about.recipient,
        blocks=[
            paragraph(
                f"Par la procédure n° {about.number}, il vous était reproché {_BLAMED[about.breach]}. Elle est classée : aucune "
                "amende n’est prononcée pour ces faits."
            ),
            *mended,
            heading("Pourquoi"),
            *[paragraph(reason) for reason in reasons],
            note(
                "Ce classement ne vaut ni autorisation, ni récépissé. Un nouveau manquement dans les trois ans peut porter le maximum "
                "de l’amende à 15 000 €."
                if about.breach == Breach.NO_REQUEST and regularised_on
                else "Ce classement ne vaut ni autorisation, ni récépissé : les obligations de tout bailleur demeurent."
            ),
            *service_contacts(about),
        ],
    )


def withdrawal(
    about: Proceeding, *, fined_on: date, amount: int, reasons: Sequence[str], signatory: Signatory, on: date
) -> Content:
    """Le retrait d’une amende, possible à tout moment (CRPA L.243-4)."""
    if not reasons:
        raise IncompleteAct("Dites pourquoi l’amende est retirée.")
    return _frame(
        about,
        title="Arrêté",
        subtitle="portant retrait d’une amende administrative",
        on=on,
        signed_by=signatory,
        blocks=[
            paragraph(f"{about.issuer.executive},"),
            cite(_housing(about.breach)),
            cite(f"le {RELATIONS}, notamment son article L. 243-4"),
            cite(f"l’arrêté du {day(fined_on)} prononçant une amende de {euros(amount)} à l’encontre de {about.person.name}"),
            *[cite(source) for source in delegation(signatory)],
            *[consider(reason) for reason in reasons],
            Block("enact", "ARRÊTE"),
            heading("Article 1 – Retrait"),
            paragraph(
                f"L’amende de {euros(amount)} prononcée le {day(fined_on)} est retirée. Elle est réputée n’avoir jamais existé."
            ),
            heading("Article 2 – Effets"),
            paragraph("Le titre de recette qui l’aurait suivie est annulé, et les sommes versées sont restituées."),
            heading("Article 3 – Exécution"),
            paragraph(f"Le présent arrêté est notifié à {about.person.name} et transmis au comptable public."),
        ],
    )


def title_sheet(about: Proceeding, debt: Debt, *, on: date) -> Content:
    """Les données du titre de recette : débiteur, montant, bénéficiaire, références (CGCT R.2342-4 ; CCH R.634-5, R.635-5)."""
    return _frame(
        about,
        title="Données du titre de recette",
        subtitle="amende administrative, location de logements",
        on=on,
        recipient=["Service des finances", about.issuer.letterhead.name],
        blocks=[
            paragraph("À l’ordonnateur, pour l’émission du titre de recette qui suit. L’arrêté notifié est joint au titre."),
            Table(
                "table",
                "Données du titre",
                columns=["Donnée", "Valeur"],
                rows=[[label, value] for label, value in title_rows(about, debt)],
                widths=[2, 5],
            ),
            note(
                "Le titre est émis et recouvré comme il est dit à l’article R. 2342-4 du code général des collectivités territoriales. "
                "La contestation de l’amende et celle du titre sont portées devant le tribunal administratif."
            ),
        ],
    )


def title_rows(about: Proceeding, debt: Debt) -> list[tuple[str, str]]:
    """What the sheet and its CSV say, in the same words."""
    return [
        ("Débiteur", about.person.name),
        *([("SIRET du débiteur", about.siret)] if about.siret else []),
        ("Adresse du débiteur", about.person.address),
        ("Montant", euros(debt.amount)),
        ("Bénéficiaire", _beneficiary(about)),
        ("Objet", f"Amende administrative, logement situé {about.address}"),
        ("Fondement", f"CCH, {_TEXT[about.breach].rstrip(',')}"),
        ("Recouvrement", f"CCH {_recovery(about.breach)} ; CGCT R. 2342-4"),
        ("Procédure", about.number),
        ("Arrêté", f"du {day(debt.fined_on)}, signé par {debt.signatory}"),
        ("Notifié le", day(debt.notified_on)),
    ]


def _frame(
    about: Proceeding,
    *,
    title: str,
    subtitle: str,
    on: date,
    blocks: list[Block],
    recipient: list[str] | None = None,
    signed_by: Signatory | None = None,
) -> Content:
    """A letter has a recipient and a date, a decision its signatory and its remedies."""
    issuer = about.issuer
    return Content(
        title=title,
        subtitle=subtitle,
        reference=f"Procédure {about.number}" + (f" · dossier {about.case}" if about.case else ""),
        on=on.isoformat(),
        letterhead=issuer.letterhead,
        subject=[about.address, f"Constat du {day(about.found_on)}"],
        recipient=recipient or [],
        dated="" if signed_by else f"{issuer.city}, le {day(on)}",
        blocks=blocks,
        signature=signature(issuer, signed_by, on=on) if signed_by else None,
        remedies=remedies_of(issuer) if signed_by else [],
    )


def _finding(about: Proceeding) -> str:
    let = f" Le logement est loué depuis le {day(about.let_on)}." if about.let_on else ""
    return f"Le {day(about.found_on)}, {about.found_by} a constaté ce qui suit ({about.source.lower()}).{let}"


def _obligation(about: Proceeding) -> str:
    zone = about.perimeter
    where = (
        f"Ce logement est dans le périmètre « {zone.name} », institué par la délibération n° {zone.deliberation} du "
        f"{day(zone.deliberated_on)}, en vigueur depuis le {day(zone.in_force_on)}."
    )
    if about.breach == Breach.NO_DECLARATION:
        return f"{where} Toute mise en location y est déclarée dans les quinze jours du bail (article L. 634-3 du {CODE})."
    return f"{where} Toute mise en location y demande une autorisation préalable (articles L. 635-3 et L. 635-4 du {CODE})."


def _invitation(breach: Breach) -> list[Block]:
    """What mends the breach, where the text lets it be mended (R.634-4, R.635-4 II)."""
    if not is_regularisable(breach):
        return []
    what = "une déclaration de mise en location" if breach == Breach.NO_DECLARATION else "une demande d’autorisation préalable"
    return [
        heading("Régulariser"),
        paragraph(
            f"Vous êtes invité à régulariser votre situation dans le même délai d’un mois : déposez {what}, et joignez le récépissé à "
            f"vos observations (article {_PROCEDURE[breach]} du {CODE}). Pour une première infraction, la collectivité en tient compte "
            f"(article L. 123-1 du {RELATIONS})."
        ),
    ]


def _answers(answered: Answered) -> str:
    said = [
        f"les observations écrites reçues le {day(answered.observations_on)}" if answered.observations_on else "",
        f"les observations orales présentées le {day(answered.heard_on)}" if answered.heard_on else "",
    ]
    return " et ".join(part for part in said if part) or "l’absence d’observations dans le délai imparti"


def _mended(answered: Answered, ordered: Fine) -> list[Block]:
    if answered.regularised_on is None:
        return []
    receipt = f" ({answered.receipt})" if answered.receipt else ""
    return [
        consider(f"que la situation a été régularisée le {day(answered.regularised_on)}{receipt}"),
        *[consider(reason) for reason in ordered.exception],
    ]


def _housing(breach: Breach) -> str:
    if breach == Breach.NO_DECLARATION:
        return f"le {CODE}, notamment ses articles L. 634-1 à L. 634-5 et R. 634-1 à R. 634-5"
    return HOUSING


def _recovery(breach: Breach) -> str:
    return "R. 634-5" if breach == Breach.NO_DECLARATION else "R. 635-5"


def _beneficiary(about: Proceeding) -> str:
    """The commune where its mayor decides, the intercommunal body where its president does (R.634-5, R.635-5)."""
    head = about.issuer.letterhead
    return f"{head.name} ({head.kind_label.lower()})" if head.kind_label else head.name
