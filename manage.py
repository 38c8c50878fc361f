#!/usr/bin/env python3
"""The one door to every command: makes its environment the first time, with the standard library, then goes on inside it."""

import os
import sys

from config import bootstrap


def main() -> None:
    bootstrap.enter(sys.argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from config.cluster import ClusterError

    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, ClusterError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
