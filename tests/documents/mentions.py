"""What the law, or the service, wants to read in each act."""

from documents.enums import ActKind

SERVICE = ["Service habitat", "2 rue de la Ganne, 33920 Saint-Savin", "05 57 00 00 00", "habitat@latitude-nord-gironde.example"]
SILENCE = [
    "peut donner lieu à une décision implicite d’acceptation",
    "sous réserve que la demande soit complète",
    "article L. 635-4",
    "attestation de cette autorisation (article L. 232-3",
    "article L. 114-5",
    "n’est pas une autorisation",
    "R. 112-5 et R. 112-11-1",
    "entre 6 heures et 21 heures",
]
REMEDIES = [
    "dans les deux mois qui suivent sa notification",
    "recours gracieux auprès du Président de la communauté de communes Latitude Nord Gironde, 2 rue de la Ganne",
    "Le silence gardé pendant deux mois vaut rejet",
    "tribunal administratif de Bordeaux, 9 rue Tastet, CS 21490, 33063 Bordeaux Cedex",
    "Télérecours citoyens, sur www.telerecours.fr",
    "R. 421-7",
]
RIGHTS = [
    "présenter vos observations", "par écrit ou, si vous le demandez, de vive voix", "assister par un conseil",
    "mandataire de votre choix", "L. 121-1 et L. 122-1", "consulter votre dossier au service", "en demander une copie",
]  # fmt: skip
SIGNATURE = [
    "Fait à Saint-Savin, le 10 décembre 2026.",
    "et par délégation",
    "Philippe Castaing",
    "vice-président chargé de l’habitat",
]
ANNEX = [
    "Annexe – Renseignements de la demande",
    "R. 635-3",
    "5 allée des Tilleuls, 33000 Bordeaux",
    "58,4 m²",
    "individuel, gaz",
]
ORDER = [
    "Arrêté",
    "Vu le code de la construction et de l’habitation, notamment ses articles L. 635-1 à L. 635-11",
    "L. 211-2, L. 211-5",
    "la loi n° 89-462 du 6 juillet 1989",
    "le décret n° 2002-120 du 30 janvier 2002",
    "la délibération n° 2024-09-14 du 24 septembre 2024",
    "en vigueur depuis le 1er mai 2025",
    "l’arrêté n° 2026-ADM-031 du 20 avril 2026 donnant délégation de signature",
    "présentée par Mme Hélène Duprat",
    "la visite faite le 3 décembre 2026, de 9 h 30 à 10 h 20, par M. Karim Benali",
    "Considérant",
    "reproduits en annexe",
    "Article 1 – Décision",
]
PERMIT = [
    "dans les deux ans de sa délivrance (article R. 635-3)",
    "annexée au bail",
    "à chaque nouvelle mise en location (article L. 635-4)",
    "n’est pas opposable aux autorités de police",
    "(article L. 635-8)",
    "l’amende prévue à l’article L. 635-7",
]
WORKS = [
    "C07",
    "Chambre 2, mur nord-est",
    "Moisissures sur 1,2 m²",
    "Photographies C07-1 à C07-3",
    "Décret 2002-120, art. 2, 6°",
    "Assainir le mur",
    "Facture et photographie",
]
WATCHED = ["plan départemental", "observatoire des logements indignes (article L. 635-10)"]
DECLARED = [
    "Annexe – Renseignements de la déclaration",
    "R. 634-3",
    "58,4 m²",
    "en reproduit tous les renseignements",
]
ABOUT_DECLARATIONS = {
    ActKind.DECLARATION_RECEIPT, ActKind.TENANT_COPY, ActKind.DECLARATION_INCOMPLETE, ActKind.DECLARATION_EXPIRED,
}  # fmt: skip
MENTIONS = {
    ActKind.REGISTRATION: [
        *SERVICE, "électronique", "reçue le 14 novembre 2026", "R. 112-11-2", "ni un récépissé ni une autorisation",
    ],
    ActKind.RECEIPT: [
        *SERVICE, *SILENCE, *ANNEX, "vaut récépissé", "reçue le 14 novembre 2026", "au plus tard le 14 décembre 2026",
    ],
    ActKind.RECEIPT_AFTER_COMPLETION: [
        *SERVICE,
        *SILENCE,
        *ANNEX,
        "a été reçue le 1er décembre 2026 : votre dossier est complet",
        "remplace toute date annoncée auparavant",
        "au plus tard le 1er janvier 2027",
    ],
    ActKind.MISSING_PIECES: [
        *SERVICE,
        "Diagnostic de performance énergétique (DPE) (loi 89-462, art. 3-3, 1°) : celui que vous avez joint a expiré",
        "État de l’installation de gaz",
        "au plus tard le 16 décembre 2026",
        "décision implicite d’acceptation",
        "ne court qu’à compter de la réception de la dernière pièce manquante (article L. 114-5",
        "aucune date annoncée auparavant ne vaut plus",
        "n’est pas rejetée d’office",
        "Le DPE joint date de 2012.",
    ],
    ActKind.DECISION_GRANTED: [
        *ORDER, *PERMIT, *REMEDIES, *SIGNATURE, *ANNEX, "Arrêté n° 2026-HAB-117", "est accordée à Mme Hélène Duprat",
    ],
    ActKind.DECISION_CONDITIONAL: [
        *ORDER, *PERMIT, *WORKS, *WATCHED, *REMEDIES, *SIGNATURE, *ANNEX,
        "assortie de conditions", "avant la signature du bail", "Aucun bail ne peut être conclu avant la levée", "contre-visite",
        "caractéristiques de décence", "comme le permet l’article L. 635-3",
    ],
    ActKind.DECISION_REFUSED: [
        *ORDER, *WORKS, *WATCHED, *REMEDIES, *SIGNATURE, *ANNEX,
        "est refusée", "caisse d’allocations familiales", "mutualité sociale agricole", "services fiscaux (article L. 635-6)",
        "Travaux ou aménagements prescrits", "avant toute nouvelle demande", "arrêté n° 2026-URB-009", "article L. 635-9",
        "amende de 15 000 euros au plus (article L. 635-7)", "sans effet sur le bail", "Agence nationale de l’habitat",
    ],
    ActKind.LIFTING: [
        *REMEDIES, *SIGNATURE, "sont levées", "du 1er décembre 2026", "Le bail peut être signé",
        "au plus tard le 1er décembre 2028", "tous les travaux prescrits ont été exécutés",
    ],
    ActKind.CLOSURE: [
        *REMEDIES, *SIGNATURE, "L. 114-5, L. 211-2", "est classée sans suite", "une relance a été envoyée le 2 décembre 2026",
        "État de l’installation de gaz", "Une nouvelle demande peut être déposée à tout moment",
    ],
    ActKind.TACIT_ATTESTATION: [
        *ANNEX, "L. 232-3", "reçue le 14 novembre 2026", "au plus tard le 14 décembre 2026", "née le 14 décembre 2026",
        "au plus tard le 14 décembre 2028", "annexée au bail", "(article L. 635-8)", "(article L. 635-9)", "L. 242-1",
    ],
    ActKind.OUT_OF_SCOPE_LETTER: [*SERVICE, "meublé de tourisme", "R. 635-1", "close sans décision", "Aucun délai ne court"],
    ActKind.WITHDRAWAL_ACK: [*SERVICE, "Vous avez retiré le 9 décembre 2026", "aucune autorisation ne peut naître"],
    ActKind.HEARING: [
        *SERVICE, *RIGHTS, "assortie de conditions", "article L. 242-2, 1°", "délai de quinze jours à compter de la",
        "n’a vu aucune entrée d’air", "constatés non faits", "n’est pas une décision",
    ],
    ActKind.HEARING_REVOCATION: [
        *SERVICE, *RIGHTS, "née du silence", "le 1er décembre 2026", "au plus tard le 1er avril 2027 (article L. 242-1", "L. 241-2",
        "délai de vingt et un jours à compter de la", "Article L. 635-9", "arrêté de mise en sécurité", "n’est pas une décision",
    ],
    ActKind.TRANSFER_RECEIPT: [
        *SERVICE, "M. Yanis Acquéreur, 3 rue Neuve", "vente, du 30 novembre 2026", "Le transfert prend effet le 2 décembre 2026",
        "Mme Hélène Duprat", "établi le 5 décembre 2026", "ne fait pas repartir le délai de deux ans", "au plus tard le 1er décembre 2028",
        "(article L. 635-5)",
    ],
    ActKind.WORKS_COMMITMENT: [
        *SERVICE, "Hélène Duprat a écrit", "Poser un extracteur d’air.", "au plus tard le 1er mars 2027", "ne vaut pas autorisation",
    ],
    ActKind.REVOCATION: [
        *REMEDIES, *SIGNATURE, *ANNEX, "L. 121-1, L. 122-1, L. 211-2, L. 211-5 et L. 242-1", "la lettre du 2 décembre 2026",
        "reçue le 3 décembre 2026", "les observations présentées le 5 décembre 2026", "dans les quatre mois",
        "arrêté de mise en sécurité", "est retirée",
    ],
    ActKind.REPEAL: [
        *REMEDIES, *SIGNATURE, "L. 121-1, L. 122-1, L. 211-2, L. 211-5 et L. 242-2, 1°", "la lettre du 2 novembre 2026",
        "n’a présenté aucune observation", "est abrogée à compter de la notification", "non faits", "ne vaut que pour l’avenir",
    ],
    ActKind.APPEAL_RECEIPT: [
        *SERVICE, "contre le refus du 2 novembre 2026", "a été reçu le 9 décembre 2026", "L. 411-2 et L. 411-3",
        "décision implicite de rejet", "au plus tard le 9 février 2027", "article L. 411-7", "au plus tard le 12 avril 2027",
        "tribunal administratif de Bordeaux, 9 rue Tastet", "www.telerecours.fr", "R. 421-7", "dans le mois de votre demande (article L. 232-4)",
        "ne suspend pas la décision",
    ],
    ActKind.APPEAL_REJECTION: [
        *SIGNATURE, "Vu le refus du 2 novembre 2026", "reçu le 20 novembre 2026", "L. 211-2, L. 211-5, L. 411-2", "est rejeté",
        "dans les deux mois qui suivent sa notification", "tribunal administratif de Bordeaux, 9 rue Tastet", "www.telerecours.fr", "R. 421-7",
    ],
    ActKind.APPEAL_ACCEPTANCE: [
        *SIGNATURE, "Vu le retrait de l’autorisation du 2 novembre 2026", "reçu le 20 novembre 2026", "L. 211-5 et L. 411-2",
        "que l’arrêté de mise en sécurité a été levé", "est retiré", "est rendue à son titulaire",
    ],
    ActKind.VISIT_REPORT: [
        "3 décembre 2026, de 9 h 30 à 10 h 20, entre 6 heures et 21 heures", "M. Karim Benali, agent de visite",
        "Mme Hélène Duprat", "a donné son accord", "Cave : clé absente", "2,31 m", "Avis : favorable avec réserves",
        "a signé sur le téléphone", "corrige et remplace le rapport n° 1 du 4 décembre 2026", "Le nom d’une pièce était faux.",
        "Moisissures sur 1,2 m²", "Assainir le mur", "en cours de vérification", "version 2026-11",
    ],
    ActKind.POLICE_NOTE: [
        "Monsieur le Maire", "L. 511-1 et suivants", "L. 511-19", "garde-corps", "Interdire l’accès", "Mme Anne Roy",
        "12 rue de la Gare", "dont le délai continue de courir",
    ],
    ActKind.CONVOCATION: [
        *SERVICE, "le 17 décembre 2026, de 9 h 30 à 10 h 15", "article L. 635-3", "Léa Garnier", "par mandat écrit marché n° 2026-12",
        "avec son accord", "Sonnez au gardien",
    ],
    ActKind.OCCUPANT_CONVOCATION: [
        *SERVICE, "Mme Awa Sow", "17 décembre 2026, de 9 h 30 à 10 h 15", "article L. 635-3", "vous pouvez refuser",
        "seul un juge peut autoriser la visite", "entre 6 heures et 21 heures", "par mandat écrit marché n° 2026-12", "Sonnez au gardien",
    ],
    ActKind.SANCTION_LETTER: [
        *SERVICE, "sans avoir déposé la demande d’autorisation préalable", "Le 2 juin 2026, Karim Benali a constaté",
        "Le bail porte la date du 5 janvier 2026", "L. 635-7, alinéa 1", "15 000 € au plus", "SANC 243301181 24 00003",
        "un mois à compter de la réception", "R. 635-4", "observations orales", "conseil", "mandataire de votre choix", "L. 122-1",
        "communication du dossier", "L. 122-2", "invité à régulariser", "joignez le récépissé", "un an à compter du constat",
        "n’est pas une décision", "M. Paul Dumora", "SANC 243301181 26 00007",
    ],
    ActKind.SANCTION_CLOSURE: [
        *SERVICE, "Elle est classée", "régularisé votre situation le 1er juillet 2026", "Première infraction, régularisée",
        "ne vaut ni autorisation, ni récépissé",
    ],
    ActKind.FINE: [
        *REMEDIES, *SIGNATURE, "L. 635-1 à L. 635-11", "L. 121-1, L. 122-1, L. 122-2, L. 123-1, L. 211-2 et L. 211-5",
        "le constat du 2 juin 2026", "présentée le 10 juin 2026", "jusqu’au 10 juillet 2026", "observations écrites reçues le 20 juin",
        "observations orales présentées le 2 juillet", "nouveau manquement dans les trois ans", "régularisée le 1er juillet 2026",
        "menaçait de s’effondrer", "loué depuis cinq mois", "proportionné à la gravité", "l’arrêté n° 2026-ADM-031 du 20 avril 2026 donnant délégation de signature", "Une amende de 1 500 €", "L. 635-7, alinéa 1",
        "revient à Latitude Nord Gironde (communauté de communes)", "R. 2342-4", "R. 635-5", "notifié à M. Paul Dumora",
    ],
    ActKind.FINE_TITLE: [
        "M. Paul Dumora", "4 cours Vauban, 33390 Blaye", "1 500 €", "Latitude Nord Gironde (communauté de communes)", "R. 2342-4",
        "R. 635-5", "SANC 243301181 26 00007", "du 15 juillet 2026", "20 juillet 2026",
    ],
    ActKind.FINE_WITHDRAWAL: [
        *REMEDIES, *SIGNATURE, "L. 243-4", "l’arrêté du 15 juillet 2026", "Erreur sur la personne", "est retirée", "restituées",
    ],
    ActKind.DECLARATION_RECEIPT: [
        *SERVICE, *DECLARED, "déposée le 14 novembre 2026, pour un bail conclu le 2 novembre 2026. Elle est complète",
        "transmettre au locataire une copie", "c’est à vous de le lui remettre", "versement de l’aide au logement", "n’est pas une autorisation",
    ],
    ActKind.TENANT_COPY: [*SERVICE, *DECLARED, "exemplaire du locataire", "Le propriétaire vous remet cette copie"],
    ActKind.DECLARATION_INCOMPLETE: [
        *SERVICE, "n’est pas complète", "État de l’installation de gaz", "celui que vous avez joint a expiré", "au plus tard le 11 janvier 2027",
        "vous devrez en faire une nouvelle (article R. 634-3", "cachet de la poste fait foi", "Le DPE joint date de 2012.",
    ],
    ActKind.DECLARATION_EXPIRED: [
        *SERVICE, "au plus tard le 9 décembre 2026", "vous devez faire une nouvelle déclaration", "État de l’installation de gaz",
        "L. 634-4", "Le bail du locataire reste valable", "la date de l’envoi compte",
    ],
}  # fmt: skip
