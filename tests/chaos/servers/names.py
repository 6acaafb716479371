"""What the receiver of webhooks and the others call things: without the libraries that only the receiver needs."""

from __future__ import annotations

HOST = "hooks.example.com"
AUTHORITY, SECRETS, MESSAGES = "authority.pem", "webhook-secrets.json", "webhooks"
MESSAGE = "webhook message"
BROKEN, BUSY, DROP_BEFORE, DROP_AFTER = "broken", "busy", "drop-before", "drop-after"
WEBHOOK_FAULTS = (BROKEN, BUSY, DROP_BEFORE, DROP_AFTER)
"""What goes wrong with a message: an error, a wish to wait, and silence before or after it was taken."""
