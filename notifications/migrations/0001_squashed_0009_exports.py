"""Messages, recipients and transmissions."""

import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_file_unusable"),
        ("notifications", "0003_visits"),
        ("notifications", "0004_law"),
        ("notifications", "0005_law"),
        ("notifications", "0006_receipt_words"),
        ("notifications", "0007_law_ends"),
        ("notifications", "0008_transmissions_late"),
        ("notifications", "0009_exports"),
    ]

    initial = True

    dependencies = [
        ("accounts", "0001_squashed_0003_law"),
        ("documents", "0001_squashed_0011_law_ends"),
        ("permis", "0001_squashed_0016_search"),
        ("territories", "0001_squashed_0002_delegation_announced"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("submitted", "Demande enregistrée"),
                            ("receipt", "Dossier complet"),
                            ("pieces_requested", "Pièces demandées"),
                            ("optional_requested", "Pièces facultatives demandées"),
                            ("file_unusable", "Fichier à remplacer"),
                            ("reminder", "Relance"),
                            ("completed", "Dossier complété"),
                            ("out_of_scope", "Hors champ"),
                            ("closed_incomplete", "Classement sans suite"),
                            ("withdrawn", "Retrait de la demande"),
                            ("visit_planned", "Rendez-vous de visite"),
                            ("visit_cancelled", "Visite annulée"),
                            ("visit_moved", "Visite déplacée"),
                            ("visit_reminder", "Rappel de visite"),
                            ("visit_missed", "Visite manquée"),
                            ("occupant_convoked", "Convocation de l’occupant"),
                            ("occupant_moved", "Visite déplacée, à l’occupant"),
                            ("occupant_cancelled", "Visite annulée, à l’occupant"),
                            ("occupant_reminder", "Rappel de visite, à l’occupant"),
                            ("decision_notified", "Décision"),
                            ("decision_available", "Décision à ouvrir en ligne"),
                            ("tacit", "Autorisation tacite"),
                            ("conditions_lifted", "Conditions levées"),
                            ("works_reminder", "Travaux à faire"),
                            ("hearing", "Lettre contradictoire"),
                            ("revoked", "Autorisation retirée"),
                            ("handed_over", "Changement de service"),
                            ("service_wrote", "Message du service"),
                            ("repealed", "Autorisation abrogée"),
                            ("hearing_dropped", "Procédure contradictoire abandonnée"),
                            ("appeal_received", "Recours reçu"),
                            ("appeal_silent", "Recours rejeté par le silence"),
                            ("appeal_rejected", "Recours rejeté"),
                            ("appeal_accepted", "Recours accueilli"),
                            ("appeal_withdrawn", "Désistement reçu"),
                            ("suspended", "Décision suspendue par le juge"),
                            ("suspension_ended", "Fin de la suspension"),
                            ("reopened", "Demande réexaminée"),
                            ("lapsed", "Autorisation caduque"),
                            ("lease_declared", "Bail déclaré"),
                            ("lapse_warning", "Autorisation bientôt caduque"),
                            ("transfer_asked", "Accord demandé pour un transfert"),
                            ("transfer_given_up", "Autorisation transférée, au titulaire initial"),
                            ("transfer_done", "Autorisation transférée"),
                            ("transfer_recorded", "Déclaration de transfert reçue"),
                            ("transfer_refused", "Transfert sans effet"),
                            ("transfer_closed", "Transfert clos, à qui l’a déclaré"),
                            ("transfer_closed_holder", "Transfert clos, au titulaire"),
                            ("declared", "Déclaration enregistrée"),
                            ("declaration_incomplete", "Déclaration à compléter"),
                            ("receipted", "Récépissé de déclaration"),
                            ("expired", "Déclaration à refaire"),
                            ("sanction_letter", "Observations avant amende"),
                            ("sanction_closed", "Procédure de sanction classée"),
                            ("fine_notified", "Amende notifiée"),
                            ("fine_withdrawn", "Amende retirée"),
                            ("sanction_answered", "Observations reçues"),
                            ("sanction_to_decide", "Sanction à décider"),
                            ("sanction_bar", "Amende bientôt prescrite"),
                            ("fine_to_sign", "Amende à signer"),
                            ("fine_to_notify", "Amende à notifier"),
                            ("decision_to_visa", "Projet à viser"),
                            ("decision_to_sign", "Décision à signer"),
                            ("decision_sent_back", "Projet renvoyé"),
                            ("decision_to_notify", "Décision à notifier"),
                            ("tacit_alert", "Permis né du silence"),
                            ("silence_reversed", "Permis né du silence remplacé"),
                            ("deadline_alert", "Échéance proche"),
                            ("access_refused", "Accès refusé"),
                            ("danger_found", "Danger constaté"),
                            ("works_proved", "Preuve de travaux reçue"),
                            ("visit_answered", "Réponse à une convocation"),
                            ("works_overdue", "Travaux en retard"),
                            ("order_found", "Arrêté de police à vérifier"),
                            ("transfer_filed", "Transfert déclaré"),
                            ("works_committed", "Engagement de travaux"),
                            ("date_corrected", "Date corrigée"),
                            ("answer_overdue", "Pièces non reçues"),
                            ("receipt_overdue", "Récépissé en retard"),
                            ("landlord_wrote", "Message du bailleur"),
                            ("opinion_given", "Avis reçu"),
                            ("case_taken_over", "Dossier reçu d’une autre collectivité"),
                            ("opinion_asked", "Avis demandé"),
                            ("opinion_reminded", "Avis attendu"),
                            ("delegation_ending", "Fin d’une délégation"),
                            ("observations_received", "Observations reçues"),
                            ("appeal_filed", "Recours à examiner"),
                            ("appeal_silent_alert", "Rejet né du silence"),
                            ("appeal_withdrawn_service", "Désistement d’un recours"),
                            ("suspended_service", "Décision suspendue, au service"),
                            ("suspension_ended_service", "Fin de la suspension, au service"),
                            ("reasons_asked", "Motifs demandés"),
                            ("reexamine", "Réexamen ordonné par le juge"),
                            ("transmission_slip", "Bordereau de transmission"),
                            ("transmissions_late", "Transmissions en retard"),
                            ("export_ready", "Export prêt"),
                            ("export_failed", "Export en échec"),
                            ("invitation", "Invitation"),
                            ("password_reset", "Mot de passe à choisir"),
                            ("email_confirmation", "Adresse à confirmer"),
                            ("unknown_account", "Compte inconnu"),
                        ],
                        max_length=24,
                        verbose_name="type",
                    ),
                ),
                ("recipient", models.EmailField(max_length=254, verbose_name="destinataire")),
                ("reply_to", models.EmailField(blank=True, max_length=254, verbose_name="réponse à")),
                ("sender_name", models.CharField(max_length=200, verbose_name="expéditeur")),
                ("subject", models.CharField(max_length=250, verbose_name="objet")),
                ("text", models.TextField(verbose_name="texte")),
                ("html", models.TextField(verbose_name="texte mis en forme")),
                ("calendar", models.TextField(blank=True, verbose_name="rendez-vous joint")),
                ("once", models.CharField(blank=True, editable=False, max_length=60, verbose_name="écrit une seule fois pour")),
                (
                    "state",
                    models.CharField(
                        choices=[("to_send", "À envoyer"), ("sent", "Remis au serveur de messagerie"), ("failed", "Échec")],
                        default="to_send",
                        max_length=10,
                        verbose_name="état",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="essais")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="écrit le")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="remis le")),
                ("error", models.CharField(blank=True, max_length=250, verbose_name="erreur")),
                (
                    "acts",
                    models.ManyToManyField(blank=True, related_name="messages", to="documents.act", verbose_name="actes joints"),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="permis.application",
                    ),
                ),
                (
                    "sanction",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="permis.sanction",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "indexes": [
                    models.Index(condition=models.Q(("state", "to_send")), fields=["created_at"], name="message_waiting")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True), ("sent_at__isnull", False), _connector="OR"
                        ),
                        name="sent_message_is_dated",
                        violation_error_message="Un message remis porte sa date.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("application__isnull", True),
                                (
                                    "kind__in",
                                    [
                                        "invitation",
                                        "password_reset",
                                        "email_confirmation",
                                        "unknown_account",
                                        "transmission_slip",
                                        "transmissions_late",
                                        "export_ready",
                                        "export_failed",
                                        "delegation_ending",
                                    ],
                                ),
                                ("sanction__isnull", True),
                            ),
                            models.Q(
                                ("application__isnull", True),
                                (
                                    "kind__in",
                                    [
                                        "sanction_letter",
                                        "sanction_closed",
                                        "fine_notified",
                                        "fine_withdrawn",
                                        "sanction_answered",
                                        "sanction_to_decide",
                                        "sanction_bar",
                                        "fine_to_sign",
                                        "fine_to_notify",
                                    ],
                                ),
                                ("sanction__isnull", False),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "invitation",
                                            "password_reset",
                                            "email_confirmation",
                                            "unknown_account",
                                            "transmission_slip",
                                            "transmissions_late",
                                            "export_ready",
                                            "export_failed",
                                            "delegation_ending",
                                            "sanction_letter",
                                            "sanction_closed",
                                            "fine_notified",
                                            "fine_withdrawn",
                                            "sanction_answered",
                                            "sanction_to_decide",
                                            "sanction_bar",
                                            "fine_to_sign",
                                            "fine_to_notify",
                                        ],
                                    ),
                                    _negated=True,
                                ),
                                ("application__isnull", False),
                                ("sanction__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="message_of_a_case_a_sanction_or_neither",
                        violation_error_message="Un message est écrit pour un dossier, une sanction, un compte ou une collectivité.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("once", ""), _negated=True),
                        fields=("application", "kind", "recipient", "once"),
                        name="message_written_once",
                        violation_error_message="Ce message est déjà écrit.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("once", ""), _negated=True),
                        fields=("sanction", "kind", "recipient", "once"),
                        name="sanction_message_written_once",
                        violation_error_message="Ce message est déjà écrit.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("posted_on", models.DateField(verbose_name="posté le")),
                ("tracking_number", models.CharField(blank=True, max_length=40, verbose_name="numéro de recommandé")),
                ("recorded_at", models.DateTimeField(auto_now_add=True, verbose_name="noté le")),
                (
                    "act",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="posting",
                        to="documents.act",
                        verbose_name="acte",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="par",
                    ),
                ),
            ],
            options={
                "verbose_name": "envoi postal",
                "verbose_name_plural": "envois postaux",
                "indexes": [models.Index(fields=["-posted_on"], name="posting_latest")],
            },
        ),
        migrations.CreateModel(
            name="Recipient",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("caf", "Caisse d’allocations familiales"),
                            ("msa", "Mutualité sociale agricole"),
                            ("tax", "Services fiscaux"),
                            ("pdalhpd", "Comité du plan départemental (PDALHPD)"),
                            ("observatory", "Observatoire des logements indignes"),
                            ("prefecture", "Préfecture, contrôle de légalité"),
                            ("epci", "Intercommunalité délégante"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("name", models.CharField(help_text="Par exemple « CAF de la Gironde ».", max_length=160, verbose_name="nom")),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("email", "Courriel"),
                            ("space", "Espace partenaire"),
                            ("hand", "Envoi par le service"),
                            ("actes", "@CTES"),
                        ],
                        default="email",
                        help_text="Par courriel ou dans l’espace partenaire, le logiciel envoie lui-même et garde la preuve. Autrement, le service envoie, puis enregistre ici la preuve de l’envoi.",
                        max_length=8,
                        verbose_name="moyen d’envoi",
                    ),
                ),
                (
                    "email",
                    models.EmailField(
                        blank=True,
                        help_text="L’adresse de service qui reçoit les bordereaux.",
                        max_length=254,
                        verbose_name="boîte aux lettres",
                    ),
                ),
                (
                    "contact",
                    models.CharField(
                        blank=True, help_text="Nom, service, téléphone.", max_length=200, verbose_name="interlocuteur"
                    ),
                ),
                (
                    "matter",
                    models.CharField(
                        blank=True,
                        default="8.5",
                        help_text="Code de la nomenclature @CTES convenu avec la préfecture : 8.5 habitat, 6.1 police municipale.",
                        max_length=10,
                        verbose_name="matière @CTES",
                    ),
                ),
                ("since", models.DateField(verbose_name="depuis le")),
                (
                    "until",
                    models.DateField(
                        blank=True, help_text="Le dernier jour. Vide : sans limite.", null=True, verbose_name="jusqu’au"
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
            ],
            options={
                "verbose_name": "destinataire",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                        name="recipient_ends_after_its_start",
                        violation_error_message="La fin précède le début.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("means", "email"), _negated=True), models.Q(("email", ""), _negated=True), _connector="OR"
                        ),
                        name="recipient_by_email_has_a_mailbox",
                        violation_error_message="Indiquez la boîte aux lettres qui reçoit les bordereaux.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("means", "actes"), _negated=True), ("kind", "prefecture"), _connector="OR"),
                        name="actes_is_for_the_prefecture",
                        violation_error_message="@CTES ne sert qu’à la préfecture.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until__isnull", True)),
                        fields=("authority", "kind"),
                        name="one_recipient_of_a_kind",
                        violation_error_message="Un destinataire de cette nature est déjà en place : donnez-lui d’abord une fin.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PartnerSeat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="partner_seat",
                        to="accounts.membership",
                        verbose_name="habilitation",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seats",
                        to="notifications.recipient",
                        verbose_name="destinataire",
                    ),
                ),
            ],
            options={
                "verbose_name": "accès partenaire",
                "verbose_name_plural": "accès partenaires",
            },
        ),
        migrations.CreateModel(
            name="Slip",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(verbose_name="année")),
                ("rank", models.PositiveIntegerField(verbose_name="rang")),
                (
                    "means",
                    models.CharField(
                        choices=[
                            ("email", "Courriel"),
                            ("space", "Espace partenaire"),
                            ("hand", "Envoi par le service"),
                            ("actes", "@CTES"),
                        ],
                        max_length=8,
                        verbose_name="moyen",
                    ),
                ),
                ("made_on", models.DateField(verbose_name="établi le")),
                ("pdf", models.BinaryField(verbose_name="bordereau")),
                ("sha256", models.CharField(editable=False, max_length=64, verbose_name="empreinte du bordereau")),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="établi par",
                    ),
                ),
                (
                    "message",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slip",
                        to="notifications.message",
                        verbose_name="message",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slips",
                        to="notifications.recipient",
                        verbose_name="destinataire",
                    ),
                ),
            ],
            options={
                "verbose_name": "bordereau",
                "verbose_name_plural": "bordereaux",
                "constraints": [
                    models.UniqueConstraint(fields=("recipient", "year", "rank"), name="slips_in_order"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("means", "email"), _negated=True), ("message__isnull", False), _connector="OR"
                        ),
                        name="slip_by_email_has_its_message",
                        violation_error_message="Un bordereau envoyé par courriel a son message.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Transmission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("caf", "Caisse d’allocations familiales"),
                            ("msa", "Mutualité sociale agricole"),
                            ("tax", "Services fiscaux"),
                            ("pdalhpd", "Comité du plan départemental (PDALHPD)"),
                            ("observatory", "Observatoire des logements indignes"),
                            ("prefecture", "Préfecture, contrôle de légalité"),
                            ("epci", "Intercommunalité délégante"),
                        ],
                        max_length=12,
                        verbose_name="nature du destinataire",
                    ),
                ),
                (
                    "occasion",
                    models.CharField(
                        choices=[
                            ("deliberation", "Délibération exécutoire"),
                            ("refusal", "Refus"),
                            ("conditional", "Autorisation sous conditions"),
                            ("grant", "Autorisation"),
                            ("silence_reversed", "Autorisation tacite remplacée"),
                            ("lifting", "Conditions levées"),
                            ("repeal", "Autorisation abrogée"),
                            ("revocation", "Autorisation retirée"),
                            ("appeal_accepted", "Recours accueilli, décision remplacée"),
                            ("annulment", "Décision annulée par le juge"),
                            ("transfer", "Autorisation transférée"),
                            ("annual_report", "Rapport annuel"),
                        ],
                        max_length=20,
                        verbose_name="objet",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="année du rapport")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("due", "À envoyer"),
                            ("sent", "Envoyée"),
                            ("acknowledged", "Reçue"),
                            ("corrected", "Remplacée"),
                        ],
                        default="due",
                        max_length=50,
                        protected=True,
                        verbose_name="état",
                    ),
                ),
                ("opened_on", models.DateField(verbose_name="née le")),
                ("due_on", models.DateField(verbose_name="à envoyer avant le")),
                ("payload", models.JSONField(default=dict, verbose_name="données transmises")),
                ("search", models.TextField(default="", editable=False)),
                ("reason", models.CharField(blank=True, max_length=250, verbose_name="raison")),
                (
                    "means",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("email", "Courriel"),
                            ("space", "Espace partenaire"),
                            ("hand", "Envoi par le service"),
                            ("actes", "@CTES"),
                        ],
                        max_length=8,
                        verbose_name="moyen",
                    ),
                ),
                ("sent_on", models.DateField(blank=True, null=True, verbose_name="envoyée le")),
                ("sending_proof", models.CharField(blank=True, max_length=250, verbose_name="preuve de l’envoi")),
                ("acknowledged_on", models.DateField(blank=True, null=True, verbose_name="reçue le")),
                ("acknowledgement", models.CharField(blank=True, max_length=250, verbose_name="preuve de la réception")),
                ("alerted_on", models.DateField(blank=True, null=True, verbose_name="retard signalé le")),
                (
                    "act",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="documents.act",
                        verbose_name="acte transmis",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="permis.application",
                        verbose_name="dossier",
                    ),
                ),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "corrects",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="corrections",
                        to="notifications.transmission",
                        verbose_name="rectifie",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="notifications.recipient",
                        verbose_name="destinataire",
                    ),
                ),
                (
                    "slip",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="notifications.slip",
                        verbose_name="bordereau",
                    ),
                ),
                (
                    "zone",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="territories.zone",
                        verbose_name="périmètre",
                    ),
                ),
            ],
            options={
                "verbose_name": "transmission",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "due")), fields=["authority", "due_on", "id"], name="transmissions_due"
                    ),
                    models.Index(fields=["recipient", "id"], name="transmissions_of_recipient"),
                    models.Index(
                        condition=models.Q(("alerted_on__isnull", True), ("state", "due")),
                        fields=["due_on"],
                        name="transmissions_late",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("application__isnull", True),
                                ("occasion", "deliberation"),
                                ("year__isnull", True),
                                ("zone__isnull", False),
                            ),
                            models.Q(
                                ("application__isnull", True),
                                ("occasion", "annual_report"),
                                ("year__isnull", False),
                                ("zone__isnull", True),
                            ),
                            models.Q(
                                ("application__isnull", False),
                                (
                                    "occasion__in",
                                    [
                                        "refusal",
                                        "conditional",
                                        "grant",
                                        "silence_reversed",
                                        "lifting",
                                        "repeal",
                                        "revocation",
                                        "appeal_accepted",
                                        "annulment",
                                        "transfer",
                                    ],
                                ),
                                ("year__isnull", True),
                                ("zone__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="transmission_of_one_thing",
                        violation_error_message="Une transmission porte sur un dossier, une délibération ou un rapport.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["sent", "acknowledged"]), _negated=True),
                            models.Q(
                                ("recipient__isnull", False),
                                ("sent_on__isnull", False),
                                ("slip__isnull", False),
                                models.Q(("means", ""), _negated=True),
                                models.Q(("sending_proof", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sent_transmission_is_proved",
                        violation_error_message="Une transmission envoyée porte sa date, son moyen, son bordereau et sa preuve.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "acknowledged"), _negated=True),
                            models.Q(
                                ("acknowledged_on__gte", models.F("sent_on")),
                                ("acknowledged_on__isnull", False),
                                models.Q(("acknowledgement", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="acknowledged_transmission_is_dated",
                        violation_error_message="Un accusé de réception porte sa date, au plus tôt celle de l’envoi, et sa preuve.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("corrects__isnull", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                        name="corrective_says_why",
                        violation_error_message="Dites pourquoi la transmission est rectifiée.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", False)),
                        fields=("corrects",),
                        name="corrected_once",
                        violation_error_message="Cette transmission a déjà son rectificatif.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("corrects__isnull", True), ("year__isnull", False)),
                        fields=("authority", "kind", "year"),
                        name="report_transmitted_once",
                        violation_error_message="Ce rapport est déjà à transmettre.",
                    ),
                ],
            },
        ),
    ]
