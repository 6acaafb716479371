"""In the middle of a run: ``python -m tests.chaos.leave``, inside the chaos host, deletes the endpoints that leave.

What is being sent at that moment cannot be called back, so it writes down which deliveries these are, and when it was.
It may be cut off anywhere, and is then started again.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from pathlib import Path

import django

LEAVING, UNDER_WAY, LEFT = "leaving.json", "leaving-under-way", "left.json"


def main() -> None:
    django.setup()
    from django.conf import settings

    folder: Path = settings.FOLDER
    paths = json.loads((folder / LEAVING).read_text(encoding="ascii"))
    for key in paths:
        _delete(key, folder / UNDER_WAY)
    under_way = folder / UNDER_WAY
    sending = under_way.read_text(encoding="ascii").split() if under_way.exists() else []
    left = {"at": time.time(), "paths": list(paths.values()), "sending": sending}
    (folder / LEFT).write_text(json.dumps(left), encoding="ascii")


def _delete(key: str, under_way: Path) -> None:
    from django.db import transaction

    from django_report_scheduling.models import WebhookEndpoint
    from django_report_scheduling.services.webhooks.endpoints import delete_webhook

    with transaction.atomic():
        endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=key).first()
        if endpoint is None:  # the answer to the commit was lost
            return
        with under_way.open("a", encoding="ascii") as file:
            for delivery in endpoint.deliveries.select_for_update(of=("self",)):
                if delivery.status == "sending":
                    file.write(f"{delivery.pk}\n")
        delete_webhook(webhook_id=key, actor=None, now=dt.datetime.now(dt.UTC))


if __name__ == "__main__":
    main()
