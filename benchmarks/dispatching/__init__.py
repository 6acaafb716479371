"""How the package dispatches, measured beside what people use today. Run as ``python benchmarks/dispatch.py``."""
