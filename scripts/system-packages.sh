#!/usr/bin/env bash
# Makes sure of the programs that the test suite runs beside Python: the API's examples are for curl and Node, the text
# of searchable PDFs is extracted by poppler, too, and the website is tried in Chromium.
# Installs what is missing where it may (root, or sudo without a password), else says what to install.
set -euo pipefail
# shellcheck source=scripts/debian.sh
. "$(dirname "${BASH_SOURCE[0]}")/debian.sh"

NODE_MAJOR=18 # the first with fetch, which the examples use

say() { printf 'system packages: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

has_curl() { command -v curl >/dev/null; }
has_node() { [ "$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')" -ge "$NODE_MAJOR" ] 2>/dev/null; }

missing=()
has_curl || missing+=(curl)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
has_node || missing+=(nodejs)
command -v chromium >/dev/null || missing+=(chromium)
[ ${#missing[@]} -gt 0 ] || exit 0

by_hand="run 'sudo apt-get install ${missing[*]}' and try again"
can_install || die "missing: ${missing[*]}; $by_hand"
say "installing ${missing[*]}"
install_packages "${missing[@]}" || die "could not install ${missing[*]}; $by_hand"
has_node || die "this system's nodejs is $(node --version 2>/dev/null || echo missing): install Node $NODE_MAJOR or later"
