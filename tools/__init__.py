"""What make runs: setting the environment up, and every check. Standard library only."""

from __future__ import annotations
