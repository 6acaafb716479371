"""An app whose account lacks the permissions of the roles."""

from __future__ import annotations

from django.apps import AppConfig


class ForgetfulConfig(AppConfig):
    name = "tests.swapped.forgetful"
    label = "forgetful"
