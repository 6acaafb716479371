"""Optional app: access logs of web servers in, three ready report types out."""

from __future__ import annotations
