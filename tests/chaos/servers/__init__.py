"""The servers of a run, each started from its binary on a free port, with nothing shared and nothing left behind."""
