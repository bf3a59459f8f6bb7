#!/usr/bin/env bash
# Resolves the newest allowed releases in a fresh environment and pins them: package==version lines only.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check ".[test]"
"$work/venv/bin/python" -m pip freeze --exclude heat2rack --exclude pip | grep -E '^[A-Za-z0-9_.-]+==' | sort -f > requirements.lock
printf 'requirements.lock: %s packages\n' "$(wc -l < requirements.lock)"
