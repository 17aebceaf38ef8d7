#!/usr/bin/env bash
# usage: scripts/setup.sh [--dev]
#
# Installs the service's dependencies (with --dev, also those of its checks) into .venv and nowhere else, with one
# exception: with --dev, run by root on Debian, it also installs the Debian packages chromium-headless-shell (unless there
# is a Chromium), pgbouncer and nginx-light if they are missing, because some tests need them.
# It can be run again at any time: a finished setup is skipped, an interrupted one is resumed.
#
# settings (environment variables):
#   PYTHON         Python interpreter for .venv (default: the newest of 3.11 to 3.13 found)
#   PIP_INDEX_URL  package index (default: PyPI)
#   SETUP_TABLES   no: without the library that jobs read and write CSV, Parquet and Arrow with
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    echo "setup: $*" >&2
    exit "${status:-1}"
}

case "$#:${1:-}" in
    0:) if [[ ${SETUP_TABLES:-yes} == no ]]; then lock=requirements-without-tables.lock; else lock=requirements.lock; fi ;;
    1:--dev) lock=requirements-dev.lock ;;
    *) status=2 fail "unknown arguments: $* (allowed: --dev; see --help)" ;;
esac

# A test needs programs of the system: a browser, a pooler, a proxy. The names are Debian's packages.
has_program() {
    local one
    case $1 in
        chromium-headless-shell) set -- chromium-headless-shell chromium chromium-browser google-chrome ;;
        nginx-light) set -- nginx ;;
    esac
    for one in "$@"; do
        if PATH=$PATH:/usr/local/sbin:/usr/sbin command -v "$one" >/dev/null; then return; fi
    done
    return 1
}
missing_programs() {
    local one
    for one in chromium-headless-shell pgbouncer nginx-light; do
        has_program "$one" || echo "$one"
    done
}
offer_programs() {
    local missing
    mapfile -t missing < <(missing_programs)
    if [[ $(id -u) == 0 && $(. /etc/os-release 2>/dev/null && echo "${ID:-}") == debian ]]; then
        echo "setup: installing the Debian packages ${missing[*]} for the tests that need them" >&2
        export DEBIAN_FRONTEND=noninteractive RUNLEVEL=1
        if apt-get update -qq >&2 &&
            apt-get install -qq --yes --no-install-recommends "${missing[@]}" >/dev/null; then return; fi
    fi
    echo "setup: ${missing[*]} not found; the tests that need them will be skipped" >&2
}

# The stamp names all that the environment was made from, its own place included, for it cannot be moved. Checkouts may
# share one: where .venv is a link, that is the place it leads to.
stamp=.venv/setup-stamp unfinished=.venv/setup-unfinished
here=$(cd -P .venv 2>/dev/null && cd .. && pwd -P || pwd -P)
made_from() { echo "$1 $here $(cat scripts/uv-requirement.txt requirements.lock requirements-without-tables.lock requirements-dev.lock | cksum)"; }
is_done() {
    before=$(cat "$stamp" 2>/dev/null || true)
    [[ ! -e $unfinished && -x .venv/bin/python ]] &&
        [[ $before == "$(made_from "$lock")" || $before == "$(made_from requirements-dev.lock)" ]]
}
lacks_programs() { [[ $lock == requirements-dev.lock ]] && [[ -n $(missing_programs) ]]; }
if is_done && ! lacks_programs; then exit 0; fi

suffices() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
makes_venvs() { "$1" -c 'import ensurepip, venv' >/dev/null 2>&1; }

choose_python() {
    local candidate without_venv='' candidates=(python3.13 python3.12 python3.11 python3)
    if [[ -n ${PYTHON:-} ]]; then candidates=("$PYTHON"); fi
    for candidate in "${candidates[@]}"; do
        suffices "$candidate" || continue
        if makes_venvs "$candidate"; then
            echo "$candidate"
            return
        fi
        without_venv=${without_venv:-$candidate}
    done
    if [[ -n $without_venv ]]; then
        fail "$without_venv has no venv module; install it, for instance: apt-get install python3-venv"
    fi
    fail "Python 3.11 or newer is needed${PYTHON:+ ($PYTHON is not)}; for instance: apt-get install python3 python3-venv"
}

usable() {
    [[ ! -e $unfinished && (-z $before || $before == *" $here "*) ]] &&
        suffices .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1
}

for place in . .venv; do
    if [[ -e $place && ! -w $place ]]; then
        fail "$(id -un) cannot write to $(cd "$place" 2>/dev/null && pwd -P || echo "$here/$place")"
    fi
done

# Two setups at once would write over each other: the second waits for the first, where there is a tool for it. Whoever can read
# a file can lock it, so this one lies where no other user comes.
wait_for_turn() {
    local folder=.setup-lock quiet=2 patience=900
    mkdir -p -m 0700 "$folder" && chmod 0700 "$folder" || fail "$here/$folder is not $(id -un)'s: remove it"
    (umask 077 && : >>"$folder/lock")
    exec 9>>"$folder/lock"
    if ! command -v flock >/dev/null || flock -w "$quiet" 9; then return; fi
    echo "setup: waiting up to $patience s for another setup in $here that holds $folder/lock" >&2
    flock -w "$patience" 9 || fail "another setup in $here still holds $folder/lock: stop it and try again"
}
wait_for_turn
# Debian's packages come from elsewhere than Python's, so both are fetched at the same time.
trap wait EXIT
if lacks_programs; then offer_programs & fi
if is_done; then exit 0; fi

if ! usable; then
    python=$(choose_python)
    echo "setup: creating .venv with $("$python" --version)" >&2
    rm -rf .venv
    mkdir .venv
    touch "$unfinished"
    "$python" -m venv .venv
fi

echo "setup: installing $lock" >&2
touch "$unfinished"
rm -f "$stamp"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary=:all: \
    --requirement scripts/uv-requirement.txt
export UV_SYSTEM_CERTS=true UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
# uv does not read where pip was told to find packages.
if [[ -n ${PIP_INDEX_URL:-} ]]; then export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}; fi
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --only-binary=:all: --requirements "$lock"
made_from "$lock" >"$stamp"
rm -f "$unfinished"
