#!/usr/bin/env bash
# Builds the wheel, installs it in an empty environment and runs the quick-start case from an empty folder.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
.venv/bin/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir "$work" .
PYTHON=${PYTHON:-python3} tools/venv.sh "$work/venv" "the wheel" "$work"/heat2rack-*.whl
mkdir "$work/empty"
cd "$work/empty"
"$work/venv/bin/heat2rack" run 01_quickstart_40mw
test -s results/*/report.html
"$work/venv/bin/python" -c 'import ui.app_path as a; assert a.app_path().is_file(), a.app_path()'
printf 'wheel: runs the quick-start case from an empty folder\n'
