#!/usr/bin/env bash
# Makes sure of Tesseract's language packs: of all, or of those named. Installs what is missing where it may (root, or sudo
# without a password), else says what to run. With --try first, what cannot be installed is no failure: the service
# reads the Latin script, Chinese and Japanese without any pack.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/debian.sh
. scripts/debian.sh

say() { printf 'language packs: %s\n' "$*"; }

fail() {
    if $optional; then
        say "$1; without them only the Latin script, Chinese and Japanese are read"
        exit 0
    fi
    say "$1" >&2
    exit 1
}

optional=false
if [ "${1:-}" = --try ]; then
    optional=true
    shift
fi

found=$(.venv/bin/python -m infra.packs "$@")
[ -n "$found" ] || exit 0
mapfile -t missing <<<"$found"

if [ ${#missing[@]} -le 4 ]; then what="${missing[*]}"; else what="${#missing[@]} packages, some 700 MB in all"; fi
by_hand="run 'sudo apt-get install $([ $# -gt 0 ] && echo "${missing[*]}" || echo tesseract-ocr-all)'"
can_install || fail "not installed: $what; $by_hand"
say "installing $what"
install_packages "${missing[@]}" || fail "could not install $what; $by_hand"
