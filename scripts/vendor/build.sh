#!/usr/bin/env bash
# usage: scripts/vendor/build.sh
#
# Renews adapters/http/static/vendor from the npm packages that package-lock.json pins. Needs npm, and nothing else does:
# what it makes is committed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../help.sh"
refuse_arguments "$@"
cd "$(dirname "${BASH_SOURCE[0]}")"

npm ci --silent --ignore-scripts
for one in codemirror chart; do
    node_modules/.bin/esbuild "$one.mjs" --bundle --minify --format=esm --target=es2022 --legal-comments=eof \
        --outfile="../../adapters/http/static/vendor/$one.js"
done

licences=../../adapters/http/static/vendor/LICENSES
: >"$licences"
for one in $(npm ls --omit=dev --all --parseable | tail -n +2 | LC_ALL=C sort -u); do
    name=${one#*node_modules/}
    printf '%s\n\n' "$name $(node -p "require('$one/package.json').version")" >>"$licences"
    cat "$one"/LICENSE* >>"$licences"
    printf '\n\n' >>"$licences"
done
