"""Communes, authorities, delegations and zones."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import territories.models
import territories.validators


class Migration(migrations.Migration):
    replaces = [("territories", "0001_initial"), ("territories", "0002_delegation_announced")]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("epci", "Intercommunalité"), ("commune", "Commune")], max_length=10, verbose_name="nature"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="nom")),
                (
                    "kind_label",
                    models.CharField(
                        help_text="Par exemple « Communauté de communes » ou « Commune ».",
                        max_length=80,
                        verbose_name="nature en toutes lettres",
                    ),
                ),
                (
                    "siren",
                    models.CharField(
                        max_length=9,
                        unique=True,
                        validators=[django.core.validators.RegexValidator("^\\d{9}\\Z", "Un numéro SIREN a neuf chiffres.")],
                        verbose_name="SIREN",
                    ),
                ),
                (
                    "time_zone",
                    models.CharField(
                        default="Europe/Paris",
                        max_length=40,
                        validators=[territories.validators.validate_time_zone],
                        verbose_name="fuseau horaire",
                    ),
                ),
                (
                    "department",
                    models.CharField(
                        help_text="Code : 33, 2A, 974. Il donne les jours fériés.", max_length=3, verbose_name="département"
                    ),
                ),
                ("department_name", models.CharField(blank=True, max_length=60, verbose_name="nom du département")),
                ("service", models.CharField(default="Service habitat", max_length=120, verbose_name="service instructeur")),
                (
                    "postal_address",
                    models.TextField(help_text="Imprimée sur chaque acte (CRPA R.112-5).", verbose_name="adresse postale"),
                ),
                (
                    "city",
                    models.CharField(help_text="Lieu de signature imprimé sur les actes.", max_length=80, verbose_name="fait à"),
                ),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="téléphone du service")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="courriel du service")),
                ("opening_hours", models.CharField(blank=True, max_length=200, verbose_name="horaires d’accueil")),
                (
                    "head_title",
                    models.CharField(
                        help_text="Par exemple « Le Président de la communauté de communes ».",
                        max_length=120,
                        verbose_name="titre de l’exécutif",
                    ),
                ),
                ("court_name", models.CharField(max_length=120, verbose_name="tribunal compétent")),
                ("court_address", models.CharField(max_length=200, verbose_name="adresse du tribunal")),
                ("logo", models.TextField(blank=True, verbose_name="logo (SVG)")),
            ],
            options={
                "verbose_name": "collectivité",
                "verbose_name_plural": "collectivités",
            },
        ),
        migrations.CreateModel(
            name="Commune",
            fields=[
                (
                    "insee",
                    models.CharField(
                        max_length=5,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:\\d{2}|2[AB])\\d{3}\\Z", "Un code INSEE a cinq caractères, par exemple 33473 ou 2A004."
                            )
                        ],
                        verbose_name="code INSEE",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="nom")),
                ("sort_key", models.CharField(db_index=True, editable=False, max_length=100)),
                ("department", models.CharField(max_length=3, verbose_name="département")),
                ("postcodes", models.JSONField(default=list, verbose_name="codes postaux")),
                ("population", models.PositiveIntegerField(null=True, verbose_name="population")),
                ("epci_siren", models.CharField(blank=True, db_index=True, max_length=9, verbose_name="SIREN de l’EPCI")),
                ("epci_name", models.CharField(blank=True, max_length=200, verbose_name="EPCI")),
            ],
            options={
                "verbose_name": "commune",
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("APML", "Autorisation préalable de mise en location"),
                            ("DML", "Déclaration de mise en location"),
                        ],
                        max_length=4,
                        verbose_name="régime",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="début")),
                (
                    "ends_on",
                    models.DateField(blank=True, help_text="Dernier jour de la délégation.", null=True, verbose_name="fin"),
                ),
                ("deliberation", models.CharField(max_length=80, verbose_name="délibération")),
                ("announced_of", models.DateField(editable=False, null=True, verbose_name="fin annoncée")),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="territories.commune",
                        verbose_name="commune",
                    ),
                ),
                (
                    "delegate",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_held",
                        to="territories.authority",
                        verbose_name="délégataire",
                    ),
                ),
                (
                    "epci",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations_given",
                        to="territories.authority",
                        verbose_name="EPCI",
                    ),
                ),
            ],
            options={
                "verbose_name": "délégation",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("announced_of__isnull", True),
                            ("announced_of__lt", models.F("ends_on")),
                            ("announced_of__gt", models.F("ends_on")),
                            _connector="OR",
                        ),
                        fields=["ends_on"],
                        name="delegation_unannounced",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"),
                        name="delegation_ends_after_its_start",
                        violation_error_message="La fin de la délégation précède son début.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("arrondissement-municipal", "Arrondissement municipal"),
                            ("commune-deleguee", "Commune déléguée"),
                            ("commune-associee", "Commune associée"),
                        ],
                        max_length=30,
                        verbose_name="nature",
                    ),
                ),
                (
                    "insee",
                    models.CharField(
                        max_length=5,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^(?:\\d{2}|2[AB])\\d{3}\\Z", "Un code INSEE a cinq caractères, par exemple 33473 ou 2A004."
                            )
                        ],
                        verbose_name="code INSEE",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="nom")),
                ("sort_key", models.CharField(db_index=True, editable=False, max_length=100)),
                ("postcodes", models.JSONField(default=list, verbose_name="codes postaux")),
                ("population", models.PositiveIntegerField(null=True, verbose_name="population")),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="places", to="territories.commune"
                    ),
                ),
            ],
            options={
                "verbose_name": "lieu",
                "verbose_name_plural": "lieux",
                "constraints": [models.UniqueConstraint(fields=("insee", "kind"), name="place_once")],
            },
        ),
        migrations.CreateModel(
            name="Zone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "regime",
                    models.CharField(
                        choices=[
                            ("APML", "Autorisation préalable de mise en location"),
                            ("DML", "Déclaration de mise en location"),
                        ],
                        default="APML",
                        max_length=4,
                        verbose_name="régime",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="nom du périmètre")),
                ("deliberation", models.CharField(max_length=80, verbose_name="délibération n°")),
                ("deliberated_on", models.DateField(verbose_name="délibération du")),
                ("published_on", models.DateField(verbose_name="publiée le")),
                (
                    "in_force_on",
                    models.DateField(help_text="Six mois au moins après la publication.", verbose_name="entrée en vigueur le"),
                ),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="fin")),
                ("url", models.URLField(blank=True, verbose_name="adresse de la délibération")),
                ("categories", models.JSONField(blank=True, default=dict, verbose_name="logements visés")),
                (
                    "geometry",
                    models.JSONField(
                        blank=True,
                        null=True,
                        validators=[territories.validators.validate_geometry],
                        verbose_name="périmètre (GeoJSON)",
                    ),
                ),
                ("streets", models.JSONField(blank=True, default=list, verbose_name="rues")),
                (
                    "authority",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zones",
                        to="territories.authority",
                        verbose_name="collectivité",
                    ),
                ),
                (
                    "commune",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="zones",
                        to="territories.commune",
                        verbose_name="commune",
                    ),
                ),
            ],
            options={
                "verbose_name": "périmètre",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("in_force_on__gte", territories.models.SixMonthsAfter("published_on"))),
                        name="zone_in_force_six_months_after_publication",
                        violation_error_message="L’entrée en vigueur doit suivre la publication d’au moins six mois (CCH L. 635-1).",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("published_on__gte", models.F("deliberated_on"))),
                        name="zone_published_after_deliberation",
                        violation_error_message="La publication ne peut pas précéder la délibération.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("in_force_on")), _connector="OR"),
                        name="zone_ends_after_its_start",
                        violation_error_message="La fin du périmètre précède son entrée en vigueur.",
                    ),
                ],
            },
        ),
    ]
