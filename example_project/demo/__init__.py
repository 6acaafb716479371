"""Setting the demo up and running it: users, an account, a log, schedules, and the processes."""

from __future__ import annotations
