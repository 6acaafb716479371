"""A storage that fails, is slow, or runs full, as the orders say.

A full disk leaves half of a file behind, as a real one does.
"""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path
from typing import Any

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from tests.chaos.orders import Orders

PLACE = "storage"
FAILING, SLOW, FULL = "failing", "slow", "full"
FAULTS = (FAILING, SLOW, FULL)
DELAY = 0.7
"""Seconds that a slow storage takes longer."""


class FaultyStorage(FileSystemStorage):
    """Files in a folder.

    :param run: folder of the run.
    """

    def __init__(self, *, run: str, **options: Any) -> None:
        super().__init__(**options)
        self._orders = Orders(Path(run))

    def _save(self, name: str, content: File[bytes]) -> str:
        fault = self._orders.take(PLACE)
        if fault == SLOW:
            time.sleep(DELAY)
        elif fault == FAILING:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        elif fault == FULL:
            super()._save(name, ContentFile(content.read()[: max(1, content.size // 2)]))
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super()._save(name, content)
