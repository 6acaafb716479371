#!/bin/sh
# Prints the newest Python that the package supports, or says what to install.
for candidate in "$@" python3.13 python3.12 python3.11 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' >/dev/null 2>&1; then
        echo "$candidate"
        exit 0
    fi
done
{
    echo "Python 3.11 or newer is needed and was not found."
    if command -v apt-get >/dev/null 2>&1; then
        echo "Install it with: sudo apt-get install python3.11 python3.11-venv   (Debian 13: python3 python3-venv)"
    elif command -v brew >/dev/null 2>&1; then
        echo "Install it with: brew install python@3.13"
    fi
} >&2
exit 1
