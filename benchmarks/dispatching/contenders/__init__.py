"""What is measured: each module has one ``run``, called in a process of its own; it returns its figures by name."""
