"""The warnings of the simulator in plain French, each with the text it rests on."""

WARNINGS = {
    "access_refused": "L’accès au logement a été refusé : le juge peut autoriser la visite, et le délai court toujours (CCH L. 635-3).",
    "colocation_ground_expired": "Le motif tiré des colocations à baux multiples a pris fin le 9 avril 2029 (loi 2024-322, art. 33).",
    "extra_piece_not_required": "Une pièce qu’aucun texte n’exige a été demandée : elle est facultative et n’arrête pas le délai (CRPA L. 114-5).",
    "fine_barred": "Plus d’un an a passé depuis le constat : aucune amende ne peut plus être prononcée (CCH L. 634-4, L. 635-7).",
    "incomplete_notice_too_late": "La demande de pièces est venue après le dernier jour : l’autorisation était déjà née du silence (CCH L. 635-4).",
    "lapse_soon": "L’autorisation sera caduque dans moins de quatre-vingt-dix jours si aucun bail n’est signé (CCH R. 635-3).",
    "late_declaration": "La déclaration a été faite plus de quinze jours après la conclusion du bail (CCH L. 634-3).",
    "late_refusal": "Un refus a été signé, mais il n’a pas été notifié dans le mois : il est sans effet (CCH L. 635-4, CRPA L. 221-8).",
    "missing_appeal_routes": "La décision ne dit pas les voies et délais de recours : le délai de deux mois ne court pas (CJA R. 421-5).",
    "new_declaration_required": "La déclaration n’a pas été complétée à temps : il faut en faire une nouvelle (CCH R. 634-3).",
    "non_decent_energy": "La classe énergétique ne permet plus de louer ce logement à cette date (loi 89-462, art. 6).",
    "notification_pending": "La décision attend d’être ouverte en ligne : le silence est tenu pendant quinze jours (CRPA R. 112-20).",
    "out_of_scope": "Cette location n’est pas soumise à la procédure (CCH R. 634-1, R. 635-1).",
    "outside_visit_hours": "Une visite se fait entre 6 h et 21 h (CCH L. 635-3).",
    "piece_expired": "Le DPE n’est plus valable le jour du dépôt, ou ne le sera plus le jour prévu du bail (loi 89-462, art. 3-3).",
    "police_order": "Un arrêté de police frappe l’immeuble : seule une décision de refus est possible (CCH L. 635-9).",
    "regularisation_not_open": "Une location malgré un refus notifié ne se régularise pas (CCH R. 635-4).",
    "tacit_revocable": "L’autorisation tacite paraît illégale : elle peut être retirée dans les quatre mois, après une procédure contradictoire (CRPA L. 242-1).",
    "visit_outside_term": "La première visite se fait dans le mois de la décision (CCH L. 635-3).",
    "zone_too_early": "Le périmètre ne peut entrer en vigueur que six mois après la publication de la délibération (CCH L. 634-1, L. 635-1).",
}  # fmt: skip
