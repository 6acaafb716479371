"""The settings of the package: one typed class, read live.

Each key of ``settings.REPORT_SCHEDULING`` is an attribute here, with its type and default. Values are looked up at
each access and never cached, so ``override_settings`` just works.
"""

from __future__ import annotations

import datetime as dt
import warnings
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.conf import settings as django_settings

SETTINGS_NAME: Final = "REPORT_SCHEDULING"

DEFAULT_RENDERERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "pdf": {"BACKEND": "django_report_scheduling.rendering.pdf.PdfRenderer"},
    "html": {"BACKEND": "django_report_scheduling.rendering.html.HtmlRenderer"},
    "xlsx": {"BACKEND": "django_report_scheduling.rendering.xlsx.XlsxRenderer"},
    "csv": {"BACKEND": "django_report_scheduling.rendering.csv.CsvRenderer"},
    "json": {"BACKEND": "django_report_scheduling.rendering.json.JsonRenderer"},
}
DEFAULT_CHANNELS: Final[Mapping[str, Mapping[str, Any]]] = {
    "email": {"BACKEND": "django_report_scheduling.delivery.email.EmailChannel"},
    "webhook": {"BACKEND": "django_report_scheduling.delivery.webhook.channel.WebhookChannel"},
}


class Settings:
    """Typed view of ``settings.REPORT_SCHEDULING``."""

    MAX_SCHEDULES_PER_ACCOUNT: int = 10
    """How many schedules that have not ended an account may have."""
    TICK_SCHEDULE: float | dt.timedelta | Any = 30
    """Seconds between two ticks, or any schedule object of Celery (``crontab``, ``solar`` …)."""
    RETRY_DELAYS: Sequence[int] = (60, 300, 900)
    """Seconds to wait before each retry of a failed report; their number is the number of retries."""
    MAX_CONSECUTIVE_FAILURES: int = 3
    """Failed reports in a row after which a schedule is stopped."""
    SOFT_TIME_LIMIT: int = 300
    """Seconds after which a report is told to stop."""
    TIME_LIMIT: int = 360
    """Seconds after which the process of a report is killed."""
    LEASE: int = 120
    """Seconds for which a worker holds a report before it counts as lost; renewed while it works."""
    LEASE_RENEWAL: int = 30
    """Seconds between two renewals of the lease."""
    MAX_RESCUES: int = 3
    """How often a report whose worker vanished is started again."""
    MESSAGE_TIMEOUT: int = 600
    """Seconds after which a message that nobody took is late; it is sent again once newer ones have overtaken it."""
    TICK_BATCH_SIZE: int = 1000
    """Rows per transaction of a tick."""
    MAX_QUEUED: int = 10_000
    """Reports, and likewise deliveries, that may wait in the broker; above it the tick publishes no more."""
    MAX_CONCURRENT_PER_ACCOUNT: int | None = 10
    """Reports of one account that may be with the broker and the workers at once; ``None`` for no limit."""
    MAX_DELIVERIES_PER_ACCOUNT: int | None = 1000
    """Deliveries of one account that may be with the broker and the workers at once; ``None`` for no limit."""
    MAX_CATCH_UP: int = 10
    """Missed slots that the misfire policy ``all`` makes up for."""
    RETENTION: dt.timedelta = dt.timedelta(days=90)
    """How long files and rows are kept after a report finished."""
    DOWNLOAD_URL_EXPIRY: dt.timedelta = dt.timedelta(hours=1)
    """Life of a signed download URL; at least a second, at most seven days."""
    STORAGE: str = "default"
    """Alias in ``STORAGES`` under which report files are kept; use a private one."""
    EMAIL_ATTACHMENT_LIMIT: int = 10_000_000
    """Bytes of attachments above which a mail carries a link instead."""
    DELIVERY_RETRY_DELAYS: Sequence[int] = (60, 300, 900)
    """Seconds to wait before each retry of a failed delivery."""
    WEBHOOK_TIMEOUT: int = 30
    """Seconds that one attempt at a webhook may take altogether, from looking its name up to the end of its answer;
    never more than half of ``LEASE``."""
    WEBHOOK_RETRY_DELAYS: Sequence[int] = (1, 10, 60)
    """Seconds to wait before each retry of a failed webhook."""
    WEBHOOK_MAX_CONSECUTIVE_FAILURES: int = 10
    """Webhooks in a row that failed for good after which their endpoint is disabled."""
    WEBHOOK_MAX_CONCURRENT_PER_ACCOUNT: int | None = 1
    """Webhooks of one account that may be with the broker and the workers at once, fewer than there are processes to
    deliver; ``None`` for no limit."""
    WEBHOOK_MAX_PER_ACCOUNT: int = 10
    """How many webhook endpoints an account may have, disabled ones included."""
    MAX_CALENDAR_FEEDS_PER_USER: int = 20
    """How many calendar feeds one person may have."""
    BASE_URL: str = ""
    """Scheme and host of this site for links in mails and for calendars, e.g. ``https://reports.example.com``."""
    RENDERERS: Mapping[str, Mapping[str, Any]] = DEFAULT_RENDERERS
    """Format → ``{"BACKEND": dotted path, "OPTIONS": {...}}``."""
    CHANNELS: Mapping[str, Mapping[str, Any]] = DEFAULT_CHANNELS
    """Channel → ``{"BACKEND": dotted path, "OPTIONS": {...}}``."""
    RECIPIENT_POLICY: str = "django_report_scheduling.access.recipients.default_recipient_policy"
    """Dotted path of the function that says which addresses may receive an account's reports."""
    EXTERNAL_RECIPIENTS: str = "refuse"
    """What becomes of addresses that the policy does not allow: ``refuse``, or ``confirm``, which lets them receive
    reports once the person there has followed a link and agreed."""
    SECRET_KEYS: Sequence[str] = ()
    """Keys that seal secrets in the database, newest first; older ones only open. At least 32 characters each."""
    QUEUES: Mapping[str, str] = {}
    """Task name → queue; a task that is not named goes to Celery's default queue."""

    def __getattribute__(self, name: str) -> Any:
        if name.isupper():
            configured = getattr(django_settings, SETTINGS_NAME, None) or {}
            if name in configured:
                return configured[name]
        return super().__getattribute__(name)


KNOWN_SETTINGS: Final = frozenset(name for name in Settings.__annotations__ if name.isupper())
"""Every key that ``REPORT_SCHEDULING`` may have."""

conf = Settings()


def host_setting(name: str) -> Any:
    """Return one of Django's own settings, ``None`` where it has none, and never a warning.

    Of a deprecated setting the host was told when Django loaded it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        return getattr(django_settings, name, None)
