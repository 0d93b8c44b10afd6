#!/usr/bin/env bash
# Installs the named tools at the versions below, each with its packages apart from .venv, whose pins they would break.
# aws-tools.sh sam checkov   leaves .tools/aws/bin/sam and .tools/aws/bin/checkov
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

declare -A PACKAGES=([sam]=aws-sam-cli==1.170.0 [checkov]=checkov==3.3.30)
NEWEST=2026-11-20 # nothing that was published later, so that everybody's packages are the same

export UV_TOOL_DIR=$PWD/.tools/aws UV_TOOL_BIN_DIR=$PWD/.tools/aws/bin UV_PYTHON_DOWNLOADS=never
[ -w "${HOME:-/nonexistent}" ] || export HOME=$PWD/.tools/home
[ -e /etc/ssl/certs/ca-certificates.crt ] && export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS-1}"

for tool in "$@"; do
    package=${PACKAGES[$tool]}
    stamp=.tools/aws/$tool.ready
    [ "$(cat "$stamp" 2>/dev/null)" = "$PWD $package $NEWEST" ] && continue
    printf 'aws-tools: installing %s into .tools\n' "$package"
    .tools/uv/bin/uv tool install --quiet --force --no-config --python .venv/bin/python --exclude-newer "$NEWEST" "$package"
    printf '%s\n' "$PWD $package $NEWEST" >"$stamp"
done
