"""The closed vocabularies of the package: everything a row's state, trigger or policy may be.

Names of plug-ins (report types, formats, channels) are deliberately not here: those sets are open, and a
``choices=`` that lists them would put a host's registry into our migrations.
"""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Frequency(TextChoices):
    """How often a schedule falls due."""

    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    QUARTERLY = "quarterly", _("Quarterly")
    CUSTOM = "custom", _("Custom rule (RFC 5545)")


class Weekday(IntegerChoices):
    """Day of the week, numbered as :meth:`datetime.date.weekday` does."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


class MisfirePolicy(TextChoices):
    """What to do with slots that came due while nothing was running."""

    LATEST = "latest", _("Run the newest missed report")
    ALL = "all", _("Run every missed report, up to a cap")
    SKIP = "skip", _("Skip missed reports")


class ScheduleState(TextChoices):
    """Where a schedule stands; only ``active`` schedules are expanded into reports."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ERRORED = "errored", _("Stopped after errors")
    ENDED = "ended", _("Ended")


class PauseReason(TextChoices):
    """Why the system paused a schedule: the code is its ``state_reason``, the label tells people."""

    ACCOUNT_INACTIVE = "account_inactive", _("The account is inactive.")
    UNKNOWN_REPORT_TYPE = "unknown_report_type", _("This kind of report is not offered any more.")
    OWNER_INACTIVE = "owner_inactive", _("The person who owns the schedule has been deactivated.")
    OWNER_DELETED = "owner_deleted", _("The person who owned the schedule has been deleted.")
    OWNER_WITHOUT_ROLE = "owner_without_role", _("The person who owns the schedule no longer manages the account.")


OWNER_REASONS = (PauseReason.OWNER_INACTIVE, PauseReason.OWNER_DELETED, PauseReason.OWNER_WITHOUT_ROLE)
"""The pauses that end when somebody else takes the schedule over."""


class CancelReason(TextChoices):
    """Why a report was cancelled: the code is its ``status_reason``, the label tells people."""

    BY_HAND = "cancelled_by_hand", _("Somebody cancelled it.")
    SCHEDULE_DELETED = "schedule_deleted", _("The schedule has been deleted.")
    ACCOUNT_DELETED = "account_deleted", _("The account is being deleted.")
    WEBHOOK_DISABLED = "webhook_disabled", _("The webhook has been disabled.")
    WEBHOOK_CHANGED = "webhook_changed", _("The webhook got another URL.")
    WEBHOOK_DELETED = "webhook_deleted", _("The webhook has been deleted.")


class Trigger(TextChoices):
    """What asked for a report."""

    SCHEDULE = "schedule", _("Schedule")
    MANUAL = "manual", _("By hand")
    PREVIEW = "preview", _("Preview")
    BACKFILL = "backfill", _("Backfill")


class ReportStatus(TextChoices):
    """Life of a report: ``pending → queued → running`` and then one of the final states."""

    PENDING = "pending", _("Pending")
    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    SKIPPED = "skipped", _("Skipped")
    MISSED = "missed", _("Missed")
    CANCELLED = "cancelled", _("Cancelled")
    EXPIRED = "expired", _("Expired")


LIVE_REPORT_STATUSES = (ReportStatus.PENDING, ReportStatus.QUEUED, ReportStatus.RUNNING)
"""The states that still owe somebody something; exactly these carry a ``wake_at``."""


class DeliveryStatus(TextChoices):
    """Life of a delivery to one target."""

    PENDING = "pending", _("Pending")
    SENDING = "sending", _("Sending")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    SUPPRESSED = "suppressed", _("Suppressed")
    UNKNOWN = "unknown", _("Unknown")


LIVE_DELIVERY_STATUSES = (DeliveryStatus.PENDING, DeliveryStatus.SENDING)
"""The delivery states that carry a ``wake_at``."""


class DeliveryState(TextChoices):
    """Whether a report reached everyone; follows from its deliveries and is stored nowhere."""

    DELIVERED = "delivered", _("Everyone has it")
    PARTIAL = "partial", _("Some have it")
    UNDELIVERED = "undelivered", _("Nobody has it yet")
    NONE = "none", _("There is nobody to send it to")


class Event(TextChoices):
    """What a delivery tells its target about."""

    REPORT_SUCCEEDED = "report.succeeded", _("Report ready")
    REPORT_FAILED = "report.failed", _("Report failed")
    REPORT_SKIPPED = "report.skipped", _("Report skipped")
    SCHEDULE_ERRORED = "schedule.errored", _("Schedule stopped after errors")
    SCHEDULE_PAUSED = "schedule.paused", _("Schedule paused")
    SCHEDULE_REACTIVATED = "schedule.reactivated", _("Schedule goes on after errors")
    WEBHOOK_PING = "webhook.ping", _("Ping of a webhook")
    WEBHOOK_DISABLED = "webhook.disabled", _("Webhook disabled")
    RECIPIENT_CONFIRMATION = "recipient.confirmation", _("Recipient asked to confirm")


WEBHOOK_EVENTS = (
    Event.REPORT_SUCCEEDED,
    Event.REPORT_FAILED,
    Event.REPORT_SKIPPED,
    Event.SCHEDULE_ERRORED,
    Event.SCHEDULE_REACTIVATED,
    Event.WEBHOOK_PING,
)
"""What a webhook can be told. Pings reach it whether or not it asked for them: by answering one it becomes active."""


class WebhookState(TextChoices):
    """Where a webhook stands; events go to ``active`` ones only."""

    PENDING = "pending", _("Waiting for its first answer")
    ACTIVE = "active", _("Active")
    DISABLED = "disabled", _("Disabled")


class WebhookStop(TextChoices):
    """Why a webhook is disabled: the code is its ``state_reason``, the label tells people."""

    FAILURES = "failures", _("Too many deliveries in a row failed.")
    GONE = "gone", _("The receiver answered that it is gone for good (410).")
    BY_HAND = "by_hand", _("Somebody disabled it.")


class ConsentState(TextChoices):
    """What the person at an address, or their mail server, has said about the mails of an account."""

    UNASKED = "unasked", _("Has not been asked")
    ASKED = "asked", _("Has been asked, and has not answered")
    CONFIRMED = "confirmed", _("Wants to receive them")
    UNSUBSCRIBED = "unsubscribed", _("Has unsubscribed")
    BOUNCED = "bounced", _("The mailbox does not exist")
    COMPLAINED = "complained", _("Has reported one as spam")


SUPPRESSED_STATES = (ConsentState.UNSUBSCRIBED, ConsentState.BOUNCED, ConsentState.COMPLAINED)
"""Nothing goes to an address in one of these, whoever lists it, until the person there has confirmed."""


class ErrorCode(TextChoices):
    """Why a report or a delivery did not come to its good end. A fixed set: safe to show, count and alert on."""

    UNKNOWN_REPORT_TYPE = "unknown_report_type", _("Unknown report type")
    UNKNOWN_FORMAT = "unknown_format", _("Unknown format")
    INVALID_PARAMETERS = "invalid_parameters", _("Invalid parameters")
    INVALID_SCHEDULE = "invalid_schedule", _("Invalid schedule")
    QUERY_FAILED = "query_failed", _("Query failed")
    RENDER_FAILED = "render_failed", _("Rendering failed")
    STORAGE_FAILED = "storage_failed", _("Storage failed")
    TIMED_OUT = "timed_out", _("Timed out")
    WORKER_LOST = "worker_lost", _("Worker lost")
    FILE_MISSING = "file_missing", _("File missing")
    RECIPIENT_REFUSED = "recipient_refused", _("Recipient refused by policy")
    CHANNEL_REJECTED = "channel_rejected", _("Rejected by the receiving side")
    CHANNEL_UNAVAILABLE = "channel_unavailable", _("Receiving side unavailable")
    OUTCOME_UNKNOWN = "outcome_unknown", _("Outcome unknown")
    INTERNAL = "internal", _("Internal error")


class Role(TextChoices):
    """What a user or group is to an account, held as an object permission."""

    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    CLIENT = "client", _("Client")
