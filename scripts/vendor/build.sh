#!/usr/bin/env bash
# usage: scripts/vendor/build.sh
#
# Rebuilds adapters/http/static/vendor and adapters/javascript/confined/vendor from the npm packages pinned in
# package-lock.json. Requires npm, and the Node 20 whose ICU intl_data.mjs names; nothing else does, because the output is
# committed.
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
node inspect.mjs node_modules/node-inspect-extracted/dist/inspect.js >"$sandbox/inspect.js"
for one in acorn node-inspect-extracted; do
    licence "$PWD/node_modules/$one"
done >"$sandbox/LICENSES"

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
    [[ $one == */acorn || $one == */node-inspect-extracted || $one == */@formatjs/* ]] || licence "$one" >>"$pages/LICENSES"
done
