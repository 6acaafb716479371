"""Everything around the engine is killed, cut and filled up while it works; afterwards every promise is counted.

As a Django app it is part of the host that the processes under attack run: it brings the report types, and the lines
at which a process can be told to die.
"""
