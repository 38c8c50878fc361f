from pathlib import Path

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection
from django.urls import reverse


@pytest.fixture
def mail_dir(settings, tmp_path) -> Path:
    settings.MAIL_DIR = tmp_path / "courriels"
    settings.EMAIL_FILE_PATH = settings.MAIL_DIR
    return settings.MAIL_DIR


def keep(mail_dir: Path, subject: str) -> None:
    """Keep a mail as the worker of the demo does."""
    mail = EmailMultiAlternatives(
        subject,
        "Votre décision est prête. Lisez-la : https://permis.example.fr/dossiers/1/",
        "mairie@example.fr",
        ["bailleur@demo.test"],
        connection=get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=mail_dir),
    )
    mail.attach_alternative("<p>Votre décision est prête.</p>", "text/html")
    mail.attach("décision.pdf", b"%PDF-1.7 sealed", "application/pdf")
    mail.send()


@pytest.mark.django_db
def test_an_empty_mailbox_says_how_to_fill_it(client, mail_dir):
    page = client.get(reverse("demo-mails")).content.decode()

    assert "Aucun courriel pour l’instant" in page


@pytest.mark.django_db
def test_a_mail_is_listed_read_and_its_act_downloaded(client, mail_dir):
    keep(mail_dir, "Décision n° 12 : à lire")
    (file,) = mail_dir.iterdir()

    listed = client.get(reverse("demo-mails")).content.decode()
    read = client.get(reverse("demo-mail", args=[file.stem])).content.decode()
    downloaded = client.get(reverse("demo-mail-attachment", args=[file.stem, 0]))

    assert "Décision n° 12 : à lire" in listed
    assert reverse("demo-mail", args=[file.stem]) in listed
    assert 'href="https://permis.example.fr/dossiers/1/"' in read
    assert "décision.pdf" in read
    assert downloaded.content == b"%PDF-1.7 sealed"
    assert downloaded["Content-Disposition"].startswith("attachment;")


@pytest.mark.django_db
def test_only_the_mails_of_the_folder_are_read(client, mail_dir):
    keep(mail_dir, "Un seul")
    (file,) = mail_dir.iterdir()

    assert client.get(reverse("demo-mail", args=["secret"])).status_code == 404
    assert client.get(reverse("demo-mail-attachment", args=[file.stem, 7])).status_code == 404
    assert client.get("/demo/courriels/..%2Fsecret/").status_code == 404
