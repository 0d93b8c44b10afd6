#!/usr/bin/env bash
# Looks for secrets in the files that git has, or would take, and in the history of what is checked out. Nobody is asked
# whether what is found is valid: it works without a network. secrets.sh [FOLDER]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "${1:-$root}"

# Regular expressions of what looks like a secret and is none.
ALLOWED=(
    '^any-string$'     # what an example of an older README sent as its key to a model of one's own, which takes any
    '^YOUR_API_TOKEN$' # stands for the reader's own in the examples of the website
    # the known answer of tests/unit/core/test_tokens.py, derived from a made-up secret
    '^ocrc_rcojeaHi1CDTmZkUiitsjZJmBUwqzE51yTjfk3k4ioU1c3fFD$'
)

files=()
while IFS= read -r -d '' file; do
    if [ -f "$file" ]; then files+=("$file"); fi # not what is deleted but not yet committed
done < <(git ls-files -z --cached --others --exclude-standard)

scan() {
    "$root/.venv/bin/kingfisher" scan "$@" --rules-path "$root/infra/secrets.yaml" --no-validate --no-update-check \
        --redact --quiet "${ALLOWED[@]/#/--skip-regex=}"
}

found=false
scan "${files[@]}" || found=true
scan "$(git rev-parse --absolute-git-dir)" --branch HEAD || found=true # which leaves files out
if $found; then
    echo "secrets: found, see above. Withdraw what is real where it came from, then take it out; what looks like a secret" \
        "and is none is listed in scripts/secrets.sh" >&2
    exit 1
fi
