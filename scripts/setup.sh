#!/usr/bin/env bash
# Makes .venv with exactly the packages of uv.lock. Needs Python 3.11-3.13; PYTHON=... names one.
# Does nothing when nothing has changed since the last time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/debian.sh

UV_VERSION=0.13.8
UV=.tools/uv/bin/uv
STAMP=.venv/.ready

say() { printf 'setup: %s\n' "$*"; }
die() { say "$*" >&2; exit 1; }

# What .venv depends on. The folder is part of it, since the programs in .venv/bin hold its full path.
fingerprint() {
    { printf '%s\n' "$PWD" "${PYTHON:-}" "$UV_VERSION"; cat uv.lock pyproject.toml layers/core/pyproject.toml; } |
        sha256sum
}

# Prints the real path of $1 when it is a Python that the project runs on. A pyenv shim may exist and yet not run.
suitable() {
    "$1" -c 'import sys; v = sys.version_info[:2]; print(sys.executable) if (3, 11) <= v <= (3, 13) else sys.exit(1)' \
        2>/dev/null
}

# The machine's own python3 comes first when it will do: it is the one whose owner keeps it patched, and the suite
# passes on all three versions. After it the version that Lambda runs.
find_python() {
    local candidate
    if [ -n "${PYTHON:-}" ]; then
        suitable "$PYTHON" || die "PYTHON=$PYTHON is not a Python 3.11, 3.12 or 3.13"
        return
    fi
    for candidate in python3 python3.13 python3.12 python3.11 \
        "${HOME:-/nonexistent}"/.pyenv/versions/3.1{3,2,1}.*/bin/python; do
        suitable "$candidate" && return
    done
    die "no Python 3.11, 3.12 or 3.13 found: install one (Debian, Ubuntu: apt-get install python3) or set PYTHON=/path/to/python"
}

# Debian's python3 comes without the means to make a venv or to install anything.
install_venv_package() {
    local package
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    can_install || die "$1 can make no virtual environment: run 'sudo apt-get install $package' and try again"
    say "installing $package"
    install_packages "$package" || die "could not install $package"
}

# pycld2 has wheels for x86-64 only: elsewhere it is compiled.
can_compile() {
    [ "$(uname -m)" = x86_64 ] && return
    command -v g++ >/dev/null && [ -e "$("$1" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h" ]
}

install_compiler() {
    local headers
    headers=$("$1" -c 'import sys; print("python%d.%d-dev" % sys.version_info[:2])')
    can_install || die "pycld2 has no wheel for $(uname -m) and is compiled: run 'sudo apt-get install g++ $headers' and try again"
    say "installing g++ and $headers, since pycld2 has no wheel for $(uname -m)"
    install_packages g++ "$headers" || die "could not install g++ and $headers"
}

install_uv() {
    local python=$1 pip=(-m pip install --quiet --disable-pip-version-check --only-binary :all: "uv==$UV_VERSION")
    [ "$($UV --version 2>/dev/null | cut -d' ' -f2)" = "$UV_VERSION" ] && return
    say "installing uv $UV_VERSION into .tools"
    rm -rf .tools/uv
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # pip leaves a Python that Debian manages alone, but may fill a folder of ours.
        "$python" -m pip --version >/dev/null 2>&1 &&
            PIP_ROOT_USER_ACTION=ignore "$python" "${pip[@]}" --target .tools/uv && return
        install_venv_package "$python"
    fi
    "$python" -m venv .tools/uv
    .tools/uv/bin/python "${pip[@]}" || die "could not install uv: is the package index reachable?"
}

wanted=$(fingerprint)
if [ -x .venv/bin/python ] && [ "$(cat "$STAMP" 2>/dev/null)" = "$wanted" ]; then
    exit 0
fi

python=$(find_python)
if [ ! -w "${HOME:-/nonexistent}" ]; then # pip and uv keep their caches there
    export HOME="$PWD/.tools/home"
    mkdir -p "$HOME"
fi
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then # a company's own authority stands there, not in uv
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS-1}"
fi
install_uv "$python"
can_compile "$python" || install_compiler "$python"
say "installing the packages of uv.lock into .venv, for $python"
rm -f "$STAMP"
# Compiled now: every function's process imports them, and some environments forbid Python to keep what it compiled.
UV_PYTHON=$python UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT=.venv "$UV" sync --frozen --quiet --compile-bytecode ||
    die "could not install the packages: see the lines above"
printf '%s\n' "$wanted" >"$STAMP"
say "ready"
