"""Logging in to the API with tokens: short-lived access tokens, and refresh tokens that are good once.

The one app that a project replaces when it wants another library, or another way to log in; of its modules only
``signing`` knows Simple JWT.
"""

from __future__ import annotations
