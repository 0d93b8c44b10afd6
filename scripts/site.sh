#!/usr/bin/env bash
# Builds the website into web/dist. Needs Node 20.19 or later; --try goes on without it, and the service has no website.
# PUBLIC_URL=https://... is where it will be, for the sitemap and llms.txt; without it, https://ocr.chat.
# Does nothing when nothing has changed since the last time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../web"

STAMP=dist/.built

say() { printf 'site: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

has_node() {
    command -v npm >/dev/null &&
        node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

# The folder is part of it: what npm installs belongs to one place.
fingerprint() {
    { printf '%s\n' "$PWD" "${PUBLIC_URL:-}"; find . -type f -not -path './node_modules/*' -not -path './dist/*' -not -path './.pages/*' \
        -not -path './tests/*' -not -path './test-results/*' -print0 | sort -z | xargs -0 sha256sum; } | sha256sum
}

if ! has_node; then
    why="the website is built by Node 20.19 or later, which is not here"
    [ "${1:-}" = --try ] || die "$why: install it (https://nodejs.org) and try again"
    say "$why: the service has no website, and all else"
    exit 0
fi
wanted=$(fingerprint)
[ "$(cat "$STAMP" 2>/dev/null)" = "$wanted" ] && exit 0
if [ ! -w "${HOME:-/nonexistent}" ]; then # npm keeps its cache there
    export HOME="$PWD/../.tools/home"
    mkdir -p "$HOME"
fi
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
    say "installing the packages of web/package-lock.json"
    npm ci --silent --no-audit --no-fund || die "could not install the packages: see the lines above"
fi
say "building"
rm -rf dist .pages
npm run --silent build || die "could not build the website: see the lines above"
printf '%s\n' "$wanted" >"$STAMP"
