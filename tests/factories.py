"""Rows for tests: plain by default, and in the state that a trait names."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from accounts.enums import Role
from accounts.models import Membership, User
from documents.enums import ActKind
from documents.models import Act
from notifications.enums import Kind
from notifications.models import Message
from permis import deadlines
from permis.enums import Channel, Housing, Outcome, State
from permis.models import Application, Dwelling, Lessor
from territories.enums import AuthorityKind
from territories.models import Authority, Commune

RECEIVED_ON = date(2026, 11, 2)
PASSWORD = "un-mot-de-passe-de-test"


class CommuneFactory(DjangoModelFactory):
    class Meta:
        model = Commune

    insee = factory.Sequence(lambda n: f"33{n % 1000:03d}")
    name = factory.Sequence(lambda n: f"Saint-Test-{n}")
    department = "33"
    postcodes = ["33920"]


class AuthorityFactory(DjangoModelFactory):
    class Meta:
        model = Authority

    kind = AuthorityKind.EPCI
    name = factory.Sequence(lambda n: f"Communauté de communes {n}")
    kind_label = "Communauté de communes"
    siren = factory.Sequence(lambda n: f"{200000000 + n}")
    department = "33"
    postal_address = "1 place de la Mairie, 33920 Saint-Savin"
    city = "Saint-Savin"
    phone = "05 57 00 00 00"
    email = factory.Sequence(lambda n: f"habitat{n}@collectivite.test")
    head_title = "Le Président de la communauté de communes"
    court_name = "tribunal administratif de Bordeaux"
    court_address = "9 rue Tastet, 33000 Bordeaux"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"personne{n}@exemple.test")
    first_name = "Camille"
    last_name = factory.Sequence(lambda n: f"Durand{n}")
    password = factory.django.Password(PASSWORD)


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    role = Role.OFFICER
    authority = factory.SubFactory(AuthorityFactory)


class DwellingFactory(DjangoModelFactory):
    class Meta:
        model = Dwelling

    address = "12 rue de la Gare"
    postcode = "33920"
    housing = Housing.COLLECTIVE
    construction_year = 1962
    surface = 45
    rooms = 2


class LessorFactory(DjangoModelFactory):
    class Meta:
        model = Lessor

    first_name = "Hélène"
    last_name = "Duprat"
    address = "3 rue Haute"
    postcode = "33920"
    city = "Saint-Savin"
    email = factory.Sequence(lambda n: f"bailleur{n}@exemple.test")
    position = factory.Sequence(lambda n: n)


class ApplicationFactory(DjangoModelFactory):
    """A draft; `filed`, `incomplete`, `complete`, `granted`, `conditional`, `refused`, `tacit` set the state and its dates."""

    class Meta:
        model = Application
        skip_postgeneration_save = True

    class Params:
        running = factory.Trait(clock_started_on=RECEIVED_ON, tacit_on=deadlines.tacit_on(RECEIVED_ON))
        numbered = factory.Trait(
            number=factory.Sequence(lambda n: f"APML 033473 26 {n:05d}"), received_on=RECEIVED_ON, accuracy_declared=True
        )
        delivered = factory.Trait(
            numbered=True,
            running=True,
            signed_on=date(2026, 11, 23),
            notified_on=date(2026, 11, 26),
            valid_until=deadlines.valid_until(date(2026, 11, 26)),
        )
        filed = factory.Trait(numbered=True, running=True, state=State.SUBMITTED)
        incomplete = factory.Trait(numbered=True, state=State.INCOMPLETE, respond_by=date(2026, 12, 7))
        complete = factory.Trait(numbered=True, running=True, state=State.UNDER_REVIEW)
        granted = factory.Trait(delivered=True, state=State.GRANTED, outcome=Outcome.GRANTED)
        conditional = factory.Trait(delivered=True, state=State.GRANTED_CONDITIONAL, outcome=Outcome.CONDITIONAL, mode="prior")
        refused = factory.Trait(delivered=True, state=State.REFUSED, outcome=Outcome.REFUSED, valid_until=None)
        tacit = factory.Trait(
            numbered=True,
            running=True,
            state=State.GRANTED_TACIT,
            valid_until=deadlines.valid_until(deadlines.tacit_on(RECEIVED_ON)),
        )

    authority = factory.SubFactory(AuthorityFactory)
    commune = factory.SubFactory(CommuneFactory)
    applicant = factory.SubFactory(UserFactory)
    channel = Channel.ONLINE
    dwelling = factory.RelatedFactory(DwellingFactory, factory_related_name="application")
    lessor = factory.RelatedFactory(LessorFactory, factory_related_name="application")


class ActFactory(DjangoModelFactory):
    """An act frozen and not rendered yet."""

    class Meta:
        model = Act

    application = factory.SubFactory(ApplicationFactory, filed=True)
    kind = ActKind.REGISTRATION
    fingerprint = "0" * 64
    issued_on = RECEIVED_ON


class MessageFactory(DjangoModelFactory):
    class Meta:
        model = Message

    application = factory.SubFactory(ApplicationFactory, filed=True)
    kind = Kind.SUBMITTED
    recipient = factory.Sequence(lambda n: f"destinataire{n}@exemple.test")
    sender_name = factory.SelfAttribute("application.authority.name")
    subject = "Demande bien reçue"
    text = "Bonjour.\n"
    html = "<p>Bonjour.</p>"
