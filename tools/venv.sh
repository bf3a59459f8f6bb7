#!/usr/bin/env bash
# Usage: PYTHON=python3 tools/venv.sh VENV "what is installed" PIP-ARGUMENTS...
# Makes VENV if it is missing and installs into it, held to requirements.lock.
set -euo pipefail
PYTHON=${PYTHON:-python3}
venv=$1
what=$2
shift 2

stop() { printf 'heat2rack: %s\n' "$1" >&2; exit 1; }

command -v "$PYTHON" >/dev/null || stop "no $PYTHON here. Install Python 3.11 or newer (Debian, Ubuntu: apt install python3)."
"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    stop "needs Python 3.11 or newer; $PYTHON is $("$PYTHON" -V 2>&1 | cut -d' ' -f2). Try: make PYTHON=python3.12 ..."

if [ ! -x "$venv/bin/python" ]; then
    printf 'Making %s\n' "$venv"
    if "$PYTHON" -c 'import ensurepip, venv' 2>/dev/null; then
        "$PYTHON" -m venv "$venv"
    elif "$PYTHON" -c 'import venv, pip' 2>/dev/null; then
        "$PYTHON" -m venv --without-pip "$venv"
    else
        stop "this Python can make no virtual environment. Debian, Ubuntu: apt install python3-venv"
    fi
fi

pip=("$venv/bin/python" -m pip)
"${pip[@]}" --version >/dev/null 2>&1 || pip=("$PYTHON" -m pip --python "$venv/bin/python")
printf 'Installing %s (a few minutes the first time)\n' "$what"
"${pip[@]}" install --disable-pip-version-check --progress-bar off -c requirements.lock "$@" |
    { grep --line-buffered -E '^(Collecting|Building|Installing|Successfully|ERROR)' || true; } | cut -c1-100
