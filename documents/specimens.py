"""One act of each kind, about a flat that does not exist: what an authority reads before it changes a template, and the tests."""

from dataclasses import replace
from datetime import date, datetime

from documents.content import Content, Letterhead
from documents.enums import ActKind
from documents.facts import (
    Answered,
    Case,
    Debt,
    Defect,
    Fine,
    Heard,
    Issuer,
    MissingPiece,
    Party,
    Perimeter,
    PoliceNote,
    PrescribedWorks,
    Proceeding,
    Ruling,
    Signatory,
    VisitMade,
    VisitReport,
    VisitToMake,
)
from documents.wording import (
    afterlife,
    appeals,
    convocations,
    decisions,
    declarations,
    hearings,
    letters,
    reports,
    sanctions,
    transfers,
)
from permis.breaches import Breach
from permis.enums import ConditionMode, Ground, Outcome

ISSUER = Issuer(
    letterhead=Letterhead(
        kind_label="Communauté de communes",
        name="Latitude Nord Gironde",
        department="Département de la Gironde",
        service="Service habitat",
        postal_address="2 rue de la Ganne\n33920 Saint-Savin",
        phone="05 57 00 00 00",
        email="habitat@latitude-nord-gironde.example",
    ),
    executive="Le Président de la communauté de communes Latitude Nord Gironde",
    city="Saint-Savin",
    court_name="tribunal administratif de Bordeaux",
    court_address="9 rue Tastet, CS 21490, 33063 Bordeaux Cedex",
)
CASE = Case(
    issuer=ISSUER,
    number="APML 033473 26 00042",
    address="12 rue de la Gare, bâtiment A, 2e étage, porte gauche, 33920 Saint-Savin",
    description="Appartement de 3 pièces, 58,4 m² · lot n° 7 · parcelle AB 214",
    lessors=[Party("Mme Hélène Duprat", "5 allée des Tilleuls, 33000 Bordeaux")],
    recipient=["Mme Hélène Duprat", "5 allée des Tilleuls", "33000 Bordeaux"],
    received_on=date(2026, 11, 14),
    complete_on=date(2026, 11, 14),
    perimeter=Perimeter("Centre-bourg de Saint-Savin", "2024-09-14", date(2024, 9, 24), date(2025, 5, 1)),
    annex=[
        ("Bailleur", [("Nom", "Mme Hélène Duprat"), ("Adresse", "5 allée des Tilleuls, 33000 Bordeaux")]),
        ("Logement", [("Surface habitable", "58,4 m²"), ("Nombre de pièces principales", "3")]),
        ("Équipement", [("Cuisine", "dans le logement"), ("Chauffage", "individuel, gaz")]),
        ("Dossier de diagnostic technique", [("DPE", "classe D, n° 2433E0412076K, établi le 18 mars 2024")]),
    ],
)
SIGNATORY = Signatory("Philippe Castaing", "Le vice-président chargé de l’habitat", "l’arrêté n° 2026-ADM-031 du 20 avril 2026")
WORKS = [
    PrescribedWorks(
        code="C07",
        place="Chambre 2, mur nord-est",
        finding="Moisissures sur 1,2 m², condensation",
        evidence="Photographies C07-1 à C07-3",
        basis="Décret 2002-120, art. 2, 6°",
        work="Assainir le mur ; poser une entrée d’air sur la fenêtre",
        proof="Facture et photographie",
    ),
    PrescribedWorks(
        code="E03",
        place="Salle d’eau",
        finding="Liaison équipotentielle absente",
        evidence="Photographie E03-1",
        basis="Décret 2002-120, art. 2, 5°",
        work="Faire poser la liaison par un électricien",
        proof="Attestation de l’électricien",
        due_on=date(2027, 2, 1),
    ),
]
VISIT = VisitMade(datetime(2026, 12, 3, 9, 30), datetime(2026, 12, 3, 10, 20), "M. Karim Benali", "Mme Hélène Duprat")  # noqa: DTZ001
TODAY = date(2026, 12, 10)
PIECES = [
    MissingPiece("Diagnostic de performance énergétique (DPE)", "loi 89-462, art. 3-3, 1°", "celui que vous avez joint a expiré"),
    MissingPiece("État de l’installation de gaz", "loi 89-462, art. 3-3, 4°"),
]
GRANTED = Ruling(Outcome.GRANTED, visits=[VISIT], order_number="2026-HAB-117")
PRIOR = Ruling(
    Outcome.CONDITIONAL,
    mode=ConditionMode.PRIOR,
    grounds=[Ground.DECENCY, Ground.HEALTH_SAFETY],
    considerations=["que la visite a relevé dans la chambre 2 des moisissures étendues sur 1,2 m²."],
    works=WORKS,
    visits=[VISIT],
    order_number="2026-HAB-117",
)
REFUSED = Ruling(
    Outcome.REFUSED,
    grounds=[Ground.DECENCY, Ground.POLICE_ORDER],
    considerations=["Considérant que le plancher de la chambre 2 menace de s’effondrer ;"],
    works=WORKS,
    visits=[VISIT],
    police_order="arrêté n° 2026-URB-009 du 3 mars 2026",
)
REPORT = VisitReport(
    number=2,
    reason="Le nom d’une pièce était faux.",
    corrects_on=date(2026, 12, 4),
    purpose="Première visite",
    visit=VISIT,
    mandate="agent de visite de la communauté de communes",
    conclusion="Favorable avec réserves",
    grid="2026-11",
    consent=True,
    consent_note="Par téléphone.",
    rooms=[["Chambre 2", "Chambre", "Visitée"], ["Cave", "Immeuble", "Non visitée : clé absente"]],
    rooms_not_visited="Cave : clé absente",
    observations=["Logement propre."],
    defects=[Defect("Chambre 2", "Moisissures sur 1,2 m²", "Réserve", "décret 2002-120, art. 2, 6°", "Assainir le mur", "C07")],
    answers=[("C – Étanchéité", [["C07 – Moisissures", "Chambre 2", "Non conforme", ""], ["C01", "Séjour", "Conforme", ""]])],
    measures=[["Chambre 2", "Hauteur sous plafond", "2,31 m"]],
    photos_left_out=["Photo 2 (C07, Chambre 2) : en cours de vérification, elle reste au dossier."],
    signature="Mme Hélène Duprat a signé sur le téléphone.",
    drawing='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 3"><path d="M1 1L8 2" stroke="#1b2528" fill="none"/></svg>',
)
NOTE = PoliceNote(
    recipient=["Monsieur le Maire", "1 place de l’Église", "33920 Saint-Savin"],
    visit=VISIT,
    facts=["Le garde-corps de l’escalier est descellé."],
    measures=["Interdire l’accès à l’escalier."],
    author="Mme Anne Roy",
    capacity="Responsable, service habitat",
)


TO_MAKE = VisitToMake(
    starts_at=datetime(2026, 12, 17, 9, 30),  # noqa: DTZ001 (already on the authority's clocks)
    ends_at=datetime(2026, 12, 17, 10, 15),  # noqa: DTZ001
    inspector="Léa Garnier",
    mandate="SOLIHA Gironde, par mandat écrit marché n° 2026-12 du 03/03/2026",
    instructions="Sonnez au gardien.",
)

PROCEEDING = Proceeding(
    issuer=ISSUER,
    number="SANC 243301181 26 00007",
    breach=Breach.NO_REQUEST,
    person=Party("M. Paul Dumora", "4 cours Vauban, 33390 Blaye"),
    recipient=["M. Paul Dumora", "4 cours Vauban", "33390 Blaye"],
    address="12 rue de la Gare, 2e étage, 33920 Saint-Savin",
    perimeter=Perimeter("Centre-bourg de Saint-Savin", "2024-09-14", date(2024, 9, 24), date(2025, 5, 1)),
    found_on=date(2026, 6, 2),
    found_by="Karim Benali",
    source="Visite ou constat sur place",
    facts=["Le logement est occupé par un locataire.", "Le bail porte la date du 5 janvier 2026."],
    cap=15000,
    case="APML 033473 26 00042",
    let_on=date(2026, 1, 5),
    earlier="procédure SANC 243301181 24 00003, constat du 4 novembre 2024",
)
ANSWERED = Answered(
    letter_on=date(2026, 6, 3),
    presented_on=date(2026, 6, 10),
    until=date(2026, 7, 10),
    observations_on=date(2026, 6, 20),
    heard_on=date(2026, 7, 2),
    regularised_on=date(2026, 7, 1),
    receipt="demande n° APML 033473 26 00042",
)
FINE = Fine(1500, ["Le logement est loué depuis cinq mois."], ["Le plancher de la chambre menaçait de s’effondrer."])
DEBT = Debt(1500, date(2026, 7, 15), date(2026, 7, 20), "Philippe Castaing, Le vice-président chargé de l’habitat")


DECLARED = replace(CASE, number="DML 033123 26 00007", noun="déclaration", lease_signed_on=date(2026, 11, 2))


def decide(ruling: Ruling, case: Case = CASE) -> Content:
    return decisions.decision(case, ruling, signatory=SIGNATORY, on=TODAY)


def contents() -> dict[ActKind, Content]:
    """One content of each kind."""
    return {
        ActKind.REGISTRATION: letters.registration(CASE, on=date(2026, 11, 14), acknowledged_by=date(2026, 11, 30)),
        ActKind.RECEIPT: letters.receipt(CASE, on=date(2026, 11, 16), tacit_on=date(2026, 12, 14)),
        ActKind.RECEIPT_AFTER_COMPLETION: letters.receipt_after_completion(
            CASE, on=date(2026, 12, 1), completed_on=date(2026, 12, 1), tacit_on=date(2027, 1, 1)
        ),
        ActKind.MISSING_PIECES: letters.missing_pieces(
            CASE, on=date(2026, 11, 16), pieces=PIECES, respond_by=date(2026, 12, 16), message="Le DPE joint date de 2012."
        ),
        ActKind.DECISION_GRANTED: decide(GRANTED),
        ActKind.DECISION_CONDITIONAL: decide(PRIOR),
        ActKind.DECISION_REFUSED: decide(REFUSED),
        ActKind.LIFTING: afterlife.lifting(
            CASE, signatory=SIGNATORY, on=TODAY, granted_on=date(2026, 12, 1), valid_until=date(2028, 12, 1), works=WORKS
        ),
        ActKind.CLOSURE: afterlife.closure(
            CASE,
            signatory=SIGNATORY,
            on=TODAY,
            pieces=PIECES,
            requested_on=date(2026, 11, 16),
            respond_by=date(2026, 12, 1),
            reminded_on=date(2026, 12, 2),
        ),
        ActKind.TACIT_ATTESTATION: afterlife.tacit_attestation(
            CASE,
            on=date(2026, 12, 20),
            clock_started_on=date(2026, 11, 14),
            tacit_on=date(2026, 12, 14),
            valid_until=date(2028, 12, 14),
        ),
        ActKind.OUT_OF_SCOPE_LETTER: letters.out_of_scope(
            CASE, on=TODAY, reason="Le logement est loué comme meublé de tourisme, et non comme résidence principale."
        ),
        ActKind.WITHDRAWAL_ACK: letters.withdrawal(CASE, on=TODAY, withdrawn_on=date(2026, 12, 9)),
        ActKind.HEARING: hearings.before_repeal(
            CASE,
            on=TODAY,
            granted_on=date(2026, 12, 1),
            reasons=["La contre-visite du 8 février 2027 n’a vu aucune entrée d’air."],
            works=WORKS,
        ),
        ActKind.HEARING_REVOCATION: hearings.before_revocation(
            CASE,
            on=TODAY,
            taken_on=date(2026, 12, 1),
            withdrawable_until=date(2027, 4, 1),
            reasons=["L’immeuble est frappé par un arrêté de mise en sécurité."],
            texts=["Article L. 635-9 du code de la construction et de l’habitation"],
            days=21,
            tacit=True,
        ),
        ActKind.TRANSFER_RECEIPT: transfers.transfer_receipt(
            CASE,
            on=TODAY,
            former=CASE.lessors,
            new=[Party("M. Yanis Acquéreur", "3 rue Neuve, 33000 Bordeaux")],
            cause="vente",
            deed_on=date(2026, 11, 30),
            filed_on=date(2026, 12, 2),
            agreed_on=date(2026, 12, 5),
            valid_until=date(2028, 12, 1),
        ),
        ActKind.WORKS_COMMITMENT: transfers.works_commitment(
            CASE, on=TODAY, name="Hélène Duprat", paragraphs=["Poser un extracteur d’air."], due_on=date(2027, 3, 1)
        ),
        ActKind.REVOCATION: afterlife.revocation(
            CASE,
            signatory=SIGNATORY,
            on=TODAY,
            reasons=["que l’immeuble est frappé par un arrêté de mise en sécurité (article L. 635-9)"],
            taken_on=date(2026, 12, 1),
            heard=Heard(date(2026, 12, 2), received_on=date(2026, 12, 3), observations_on=date(2026, 12, 5)),
        ),
        ActKind.REPEAL: afterlife.repeal(
            CASE,
            signatory=SIGNATORY,
            on=TODAY,
            reasons=["que la contre-visite n’a vu aucune entrée d’air"],
            granted_on=date(2026, 9, 1),
            heard=Heard(date(2026, 11, 2), received_on=date(2026, 11, 4)),
            works=WORKS,
        ),
        ActKind.APPEAL_RECEIPT: appeals.receipt(
            CASE,
            on=TODAY,
            against="le refus du 2 novembre 2026",
            received_on=date(2026, 12, 9),
            implicit_rejection_on=date(2027, 2, 9),
            court_until=date(2027, 4, 12),
        ),
        ActKind.APPEAL_REJECTION: appeals.rejection(
            CASE,
            signatory=SIGNATORY,
            on=TODAY,
            against="le refus du 2 novembre 2026",
            received_on=date(2026, 11, 20),
            reasons=["que les travaux prescrits ne sont pas faits"],
        ),
        ActKind.APPEAL_ACCEPTANCE: appeals.acceptance(
            CASE,
            signatory=SIGNATORY,
            on=TODAY,
            against="le retrait de l’autorisation du 2 novembre 2026",
            received_on=date(2026, 11, 20),
            reasons=["que l’arrêté de mise en sécurité a été levé"],
            effect="L’autorisation est rendue à son titulaire. Elle reste valable jusqu’au 1er décembre 2028.",
        ),
        ActKind.VISIT_REPORT: reports.visit_report(CASE, REPORT, on=TODAY),
        ActKind.POLICE_NOTE: reports.police_note(CASE, NOTE, on=TODAY),
        ActKind.CONVOCATION: convocations.to_landlord(CASE, TO_MAKE, on=TODAY),
        ActKind.OCCUPANT_CONVOCATION: convocations.to_occupant(
            CASE, TO_MAKE, recipient=["Mme Awa Sow", "12 rue de la Gare", "33920 Saint-Savin"], on=TODAY
        ),
        ActKind.SANCTION_LETTER: sanctions.observations_letter(PROCEEDING, on=date(2026, 6, 3)),
        ActKind.SANCTION_CLOSURE: sanctions.closure(
            PROCEEDING, reasons=["Première infraction, régularisée."], regularised_on=date(2026, 7, 1), on=date(2026, 7, 15)
        ),
        ActKind.FINE: sanctions.fine(PROCEEDING, ANSWERED, FINE, signatory=SIGNATORY, on=TODAY),
        ActKind.FINE_TITLE: sanctions.title_sheet(PROCEEDING, DEBT, on=date(2026, 7, 20)),
        ActKind.FINE_WITHDRAWAL: sanctions.withdrawal(
            PROCEEDING,
            fined_on=date(2026, 7, 15),
            amount=1500,
            reasons=["Erreur sur la personne."],
            signatory=SIGNATORY,
            on=TODAY,
        ),
        ActKind.DECLARATION_RECEIPT: declarations.receipt(DECLARED, on=TODAY),
        ActKind.TENANT_COPY: declarations.tenant_copy(DECLARED, on=TODAY),
        ActKind.DECLARATION_INCOMPLETE: declarations.missing_pieces(
            DECLARED, on=TODAY, pieces=PIECES, respond_by=date(2027, 1, 11), message="Le DPE joint date de 2012."
        ),
        ActKind.DECLARATION_EXPIRED: declarations.expiry(DECLARED, on=TODAY, pieces=PIECES, respond_by=date(2026, 12, 9)),
    }
