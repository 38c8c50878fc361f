"""A seal is appended to what was previewed, and any byte changed afterwards breaks it."""

import random
import stat
from datetime import UTC, datetime, timedelta

import pytest

from documents import rendering, sealing
from documents import specimens as samples


@pytest.fixture(scope="module")
def preview() -> bytes:
    return rendering.render(samples.decide(samples.PRIOR).as_data())


@pytest.fixture(autouse=True)
def _demonstration_key(settings, tmp_path_factory):
    settings.SEAL_PKCS12, settings.SEAL_PASSWORD = "", ""
    settings.DATA_DIR = tmp_path_factory.getbasetemp()
    sealing._signer.cache_clear()
    yield
    sealing._signer.cache_clear()


@pytest.fixture
def sealed(preview) -> bytes:
    return sealing.seal(preview, name="Philippe Castaing, vice-président", reason="Décision signée")


def test_the_previewed_bytes_stay_as_they_are_under_the_seal(preview, sealed):
    assert sealed.startswith(preview)
    assert sealing.is_sealed_version_of(sealed, preview)
    assert not sealing.is_sealed_version_of(preview, preview)
    assert not sealing.is_sealed_version_of(sealed, preview[:-1] + b"x")


def test_a_seal_is_verified_without_network(sealed):
    seal = sealing.verify(sealed)

    assert seal.is_intact
    assert seal.covers_everything
    assert seal.signer == "Certificat de démonstration – sans valeur"
    assert datetime.now(UTC) - seal.sealed_at < timedelta(minutes=5)


def test_an_act_without_seal_has_none(preview):
    assert sealing.verify(preview) is None


@pytest.mark.parametrize("garbage", [b"", b"garbage", b"%PDF-1.7\n%%EOF"])
def test_what_is_not_a_pdf_is_broken(garbage):
    assert sealing.verify(garbage) == sealing.BROKEN


def test_one_byte_changed_in_the_act_breaks_the_seal(preview, sealed):
    drawn = random.Random(2026)

    for place in [0, len(preview) - 1, *drawn.sample(range(len(preview)), 60)]:
        altered = bytearray(sealed)
        altered[place] ^= 1
        seal = sealing.verify(bytes(altered))
        assert seal is None or not (seal.is_intact and seal.covers_everything), f"byte {place}"


def test_what_is_added_after_the_seal_is_not_covered(sealed):
    seal = sealing.verify(sealed + b"\n% ajout\n")

    assert not (seal.is_intact and seal.covers_everything)


def test_the_certificate_of_the_authority_is_used_where_it_is_set(settings, tmp_path, preview):
    settings.SEAL_PASSWORD = "un secret"
    settings.SEAL_PKCS12 = str(tmp_path / "cachet.p12")
    sealing.make_demonstration_certificate(tmp_path / "cachet.p12")

    assert sealing.verify(sealing.seal(preview, name="x", reason="y")).is_intact


@pytest.mark.parametrize("content", [None, b"rien"])
def test_an_unreadable_certificate_names_the_settings(settings, tmp_path, preview, content):
    settings.SEAL_PKCS12 = str(tmp_path / "cachet.p12")
    if content is not None:
        (tmp_path / "cachet.p12").write_bytes(content)

    with pytest.raises(sealing.SealUnavailable, match="SEAL_PKCS12"):
        sealing.seal(preview, name="x", reason="y")


def test_the_key_is_readable_by_its_owner_alone(tmp_path):
    path = tmp_path / "nouveau" / "cachet.p12"

    sealing.make_demonstration_certificate(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
