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
# Without the paths of the repository's jsconfig.json, which lead to the packages that check the console's types.
bundle() { node_modules/.bin/esbuild "$@" --tsconfig-raw='{}' --bundle --minify --target=es2022 --legal-comments=eof; }
for one in codemirror chart; do
    bundle "$one.mjs" --format=esm --outfile="$pages/$one.js"
done

# Verbatim, so that it can be compared with the package's file.
cp node_modules/acorn/dist/acorn.js "$sandbox/acorn.js"
node inspect.mjs node_modules/node-inspect-extracted/dist/inspect.js >"$sandbox/inspect.js"
for one in acorn node-inspect-extracted; do
    licence "$PWD/node_modules/$one"
done >"$sandbox/LICENSES"

# FormatJS for the sandbox's Intl, with an `Intl` of its own in place of the global one, and the data of its locales.
bundle formatjs.mjs --format=iife --global-name=formatjs --charset=utf8 --inject:./intl_host.mjs \
    --outfile="$sandbox/formatjs.js"
TZ=UTC node intl_data.mjs "$sandbox/intl.json"
for one in $(npm ls --omit=dev --all --parseable | grep /@formatjs/ | LC_ALL=C sort -u); do
    licence "$one" >>"$sandbox/LICENSES"
done
cat unicode.txt >>"$sandbox/LICENSES"

: >"$pages/LICENSES"
for one in $(npm ls --omit=dev --all --parseable | tail -n +2 | LC_ALL=C sort -u); do
    [[ $one == */acorn || $one == */node-inspect-extracted || $one == */@formatjs/* ]] || licence "$one" >>"$pages/LICENSES"
done
