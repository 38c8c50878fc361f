from documents.models.acts import Act, ActTemplate
from documents.models.files import Attachment, Blurring, Scan, StoredFile
from documents.models.pieces import CertificateLookUp, Piece
from documents.models.reconciliation import Reconciliation

__all__ = ["Act", "ActTemplate", "Attachment", "Blurring", "CertificateLookUp", "Piece", "Reconciliation", "Scan", "StoredFile"]
