"""Django's PostgreSQL backend, over the embedded server: it starts at the first connection and at no other time."""

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from config.cluster import Cluster


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        Cluster(Path(self.settings_dict["CLUSTER"]), throwaway=self.settings_dict["THROWAWAY"]).use()
        return super().get_connection_params()
