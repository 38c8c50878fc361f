"""The seal of an act: a PAdES signature appended to the bytes that were rendered, which it leaves untouched."""

from __future__ import annotations

import contextlib
import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, NoEncryption, pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

FIELD = "Cachet"
DEMONSTRATION_NAME = "Certificat de démonstration – sans valeur"


class SealUnavailable(Exception):
    """The certificate of the authority cannot be read; the message says which setting to check."""


@dataclass(frozen=True)
class Seal:
    """What a verification found: `is_intact` and `covers_everything` together mean that nothing changed since `sealed_at`."""

    is_intact: bool
    covers_everything: bool
    signer: str = ""
    sealed_at: datetime | None = None


BROKEN = Seal(is_intact=False, covers_everything=False)
# An altered file fails to parse in as many ways as there are bytes to alter.
_UNREADABLE = (PdfError, SignatureValidationError, AttributeError, LookupError, OverflowError, TypeError, ValueError)


def seal(pdf: bytes, *, name: str, reason: str) -> bytes:
    """The same bytes followed by a signature with the authority's certificate."""
    out = io.BytesIO()
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD, name=name, reason=reason, subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signers.PdfSigner(metadata, signer=_signer()).sign_pdf(writer, output=out)
    return out.getvalue()


def verify(pdf: bytes) -> Seal | None:
    """The seal of a PDF, or None where there is none. Trust in the certificate is the reader's affair."""
    try:
        return _verify(pdf)
    except _UNREADABLE:
        return BROKEN


def _verify(pdf: bytes) -> Seal | None:
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    if not signatures:
        return None
    signature = signatures[-1]
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, signer_validation_context=context)
    return Seal(
        is_intact=status.intact and status.valid,
        covers_everything=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        signer=signature.signer_cert.subject.native["common_name"],
        sealed_at=signature.self_reported_timestamp,
    )


def is_sealed_version_of(sealed: bytes, preview: bytes) -> bool:
    """A seal is appended: what was previewed is still there, byte for byte."""
    return sealed.startswith(preview) and len(sealed) > len(preview)


def make_demonstration_certificate(path: Path) -> None:
    """A self-signed P-256 certificate that says that it has no value, for the demo and the tests; the first one made stays."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, DEMONSTRATION_NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=True, crl_sign=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may sign their first act at once; a link is refused where a file already is.
    with NamedTemporaryFile(dir=path.parent) as draft, contextlib.suppress(FileExistsError):
        draft.write(pkcs12.serialize_key_and_certificates(b"cachet", key, certificate, None, _encryption()))
        draft.flush()
        os.link(draft.name, path)


def _encryption() -> BestAvailableEncryption | NoEncryption:
    return BestAvailableEncryption(settings.SEAL_PASSWORD.encode()) if settings.SEAL_PASSWORD else NoEncryption()


@cache
def _signer() -> signers.SimpleSigner:
    path = Path(settings.SEAL_PKCS12) if settings.SEAL_PKCS12 else settings.DATA_DIR / "cachet-demonstration.p12"
    if not settings.SEAL_PKCS12 and not path.exists():
        make_demonstration_certificate(path)
    password = settings.SEAL_PASSWORD.encode() if settings.SEAL_PASSWORD else None
    signer = signers.SimpleSigner.load_pkcs12(str(path), passphrase=password)
    if signer is None:
        raise SealUnavailable("Le certificat du cachet est illisible : vérifiez SEAL_PKCS12 et SEAL_PASSWORD.")
    return signer
