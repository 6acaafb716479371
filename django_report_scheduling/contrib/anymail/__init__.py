"""For hosts that send through Anymail: heeds the bounces and complaints that their mail service tells of.

Optional: add ``django_report_scheduling.contrib.anymail`` to ``INSTALLED_APPS`` and set Anymail's tracking webhooks up.
"""

from __future__ import annotations
