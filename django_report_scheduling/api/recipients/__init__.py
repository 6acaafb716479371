"""What the people at the addresses have said about receiving reports."""

from __future__ import annotations
