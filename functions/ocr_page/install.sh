#!/usr/bin/env bash
# Makes the image of the page reader, inside Debian 13, in two stages (functions/ocr_page/Dockerfile):
#
#   install.sh packages SOURCES   the build stage: the Python packages and our code into /var/task
#   install.sh system             the final stage: Python and the language packs, no compiler
#
# SOURCES holds ocr_page and core. Both run without Docker, too, as root of any Debian 13.
set -euo pipefail

TASK=/var/task # where Lambda looks for code, the working folder of the image

install() {
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "$@"
}

packages() {
    local sources=$1
    # pycld2 has no wheel for arm64
    install g++ python3-dev python3-pip
    python3 -m pip install --quiet --root-user-action ignore --no-cache-dir --no-compile \
        --no-deps --target "$TASK" \
        -r "$sources/ocr_page/requirements.txt" "$sources/core"
    cp -r "$sources/ocr_page" "$TASK"
    rm -rf "$TASK/bin" # programs of packages, which nothing runs
    # what is compiled here need not be compiled, nor compared with its source, at each cold start
    python3 -W ignore -m compileall -q --invalidation-mode unchecked-hash "$TASK"
}

system() {
    apt-get -qq update
    # every pack of tesseract-ocr-all, without the program: tesserocr brings its own library
    local packs
    packs=$(apt-cache depends tesseract-ocr-all | awk '$1 == "Depends:" && $2 ~ /^tesseract-ocr-/ { print $2 }')
    # shellcheck disable=SC2086 # one word a pack
    install python3 $packs
    apt-get clean
    rm -rf /var/lib/apt/lists/*
}

"$@"
