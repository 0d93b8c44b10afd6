#!/usr/bin/env bash
# Builds the zip functions and the layers as `sam build` does, and weighs them. The image of the page reader, which needs
# Docker, is left to `sam build` itself. With --possible it only says by its exit status whether there is the Python for it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Packages are compiled by the Python that Lambda has. A pyenv shim may exist and yet not run.
find_python() {
    local folder
    for folder in "" "${HOME:-/nonexistent}"/.pyenv/versions/3.13.*/bin; do
        "${folder:+$folder/}python3.13" -m pip --version >/dev/null 2>&1 || continue
        export PATH="${folder:+$folder:}$PATH"
        return
    done
    echo "build: no Python 3.13 with pip found, which is what Lambda runs" >&2
    return 1
}

find_python || exit 1
[ "${1:-}" = --possible ] && exit 0
scripts/aws-tools.sh sam
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION="${AWS_DEFAULT_REGION:-us-east-1}"
.tools/aws/bin/sam build --exclude OcrPageFunction >.tools/aws/build.log 2>&1 || {
    tail -20 .tools/aws/build.log >&2
    exit 1
}
.venv/bin/python -m infra.sizes .aws-sam/build
