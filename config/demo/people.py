"""The people of the demo: one account a role, and a small town where one person holds four."""

# E-mail, role, what the person may try.
ACCOUNTS = [
    ("bailleur@demo.test", "Bailleur", "déposer une demande, suivre les siennes, télécharger une décision"),
    ("agence@demo.test", "Mandataire", "déposer pour des propriétaires"),
    ("instruction@demo.test", "Instruction", "vérifier les pièces, saisir un dossier papier, rédiger une décision"),
    ("visite@demo.test", "Visite", "voir ses visites du jour, saisir un rapport"),
    ("signature@demo.test", "Signature", "relire et signer les décisions"),
    ("responsable@demo.test", "Responsable", "suivre les délais et les chiffres par commune"),
    ("elue@demo.test", "Élue", "lire le tableau de bord de sa commune"),
    ("admin@demo.test", "Administration", "régler les périmètres et les comptes"),
    ("mairie@demo.test", "Mairie, quatre rôles", "tout faire seule dans une petite commune"),
]
