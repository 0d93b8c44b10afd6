# shellcheck shell=bash
# Sourced by the scripts beside it: installing packages where that is allowed.

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

can_install() { { command -v apt-get && as_root true; } >/dev/null 2>&1; }

# Says something only when it fails.
install_packages() {
    local output
    output=$({ as_root apt-get -qq update && as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq install -y --no-install-recommends "$@"; } 2>&1) || { printf '%s\n' "$output" >&2; return 1; }
}
