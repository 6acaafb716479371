"""The world, for all simulations."""

from __future__ import annotations

from tests.simulation.world import connect

__all__ = ["connect"]
