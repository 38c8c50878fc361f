"""What the gallery shows of a permit once it exists, from values that no database knows."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from config.demo.example_files import file
from documents.enums import FileState
from permis.enums import LeaseSource, State, TransferCause, TransferState
from permis.models import Application, Commitment, Lease, PrescribedWork, Transfer


def context(case: Application, *, on: date) -> dict[str, Any]:
    permit = Application(pk=1, number=case.number, state=State.GRANTED, valid_until=on + timedelta(days=48), resubmits=case)
    days = {"deed_on": on - timedelta(days=9), "filed_on": on - timedelta(days=4), "answered_on": on}
    transfers = [Transfer(pk=1, cause=TransferCause.SALE, state=state, **days) for state in TransferState]
    work = PrescribedWork(pk=1, place="Séjour", work="Remplacer la prise")
    lease = Lease(signed_on=on - timedelta(days=30), declared_on=on, source=LeaseSource.EVIDENCE, evidence="Copie du bail")
    proof = SimpleNamespace(file=file("facture-electricien.pdf", FileState.PENDING), file_id=1)
    promise = Commitment(text="Remplacer la prise du séjour.", due_on=on + timedelta(days=60), name="Hélène Duprat", made_on=on)
    return {
        "validity": {"case": permit, "leases": [lease], "days_left": 48, "is_near": True, "is_own": True, "may_declare": True},
        "transfers": {
            "case": permit,
            "transfers": [{"transfer": each, "owners": "M. Yanis Morin", "answer": ""} for each in transfers],
            "may_check": True,
        },
        "commitments": {"case": case, "commitments": [promise], "may_commit": True},
        "works_asked": {
            "case": permit,
            "rows": [{"work": work, "pieces": [proof]}, {"work": work, "pieces": []}],
            "may_show": True,
        },
        "followed": {"case": permit, "before": [case], "after": [], "is_own": False, "may_resubmit": True},
    }
