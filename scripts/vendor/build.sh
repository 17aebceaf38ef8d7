#!/usr/bin/env bash
# usage: scripts/vendor/build.sh
#
# Renews adapters/http/static/vendor and adapters/javascript/confined/vendor from the npm packages that package-lock.json
# pins. Needs npm and the Node 20 whose ICU intl_data.mjs names, and nothing else does: what it makes is committed.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/../help.sh"
refuse_arguments "$@"
cd "$(dirname "${BASH_SOURCE[0]}")"

pages=../../adapters/http/static/vendor
sandbox=../../adapters/javascript/confined/vendor

licence() {
    local name=${1#*node_modules/}
    printf '%s\n\n' "$name $(node -p "require('$1/package.json').version")"
    cat "$1"/LICENSE*
    printf '\n\n'
}

npm ci --silent --ignore-scripts
for one in codemirror chart; do
    node_modules/.bin/esbuild "$one.mjs" --bundle --minify --format=esm --target=es2022 --legal-comments=eof \
        --outfile="$pages/$one.js"
done

# Verbatim, so that it can be compared with the package's file.
cp node_modules/acorn/dist/acorn.js "$sandbox/acorn.js"
licence "$PWD/node_modules/acorn" >"$sandbox/LICENSES"

# FormatJS for the sandbox's Intl, with an `Intl` of its own in place of the global one, and the data of its locales.
node_modules/.bin/esbuild formatjs.mjs --bundle --minify --format=iife --global-name=formatjs --target=es2022 --charset=utf8 \
    --inject:./intl_host.mjs --legal-comments=eof --outfile="$sandbox/formatjs.js"
TZ=UTC node intl_data.mjs "$sandbox/intl.json"
for one in $(npm ls --omit=dev --all --parseable | grep /@formatjs/ | LC_ALL=C sort -u); do
    licence "$one" >>"$sandbox/LICENSES"
done
cat unicode.txt >>"$sandbox/LICENSES"

: >"$pages/LICENSES"
for one in $(npm ls --omit=dev --all --parseable | tail -n +2 | LC_ALL=C sort -u); do
    [[ $one == */acorn || $one == */@formatjs/* ]] || licence "$one" >>"$pages/LICENSES"
done
