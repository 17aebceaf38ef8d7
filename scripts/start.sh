#!/usr/bin/env bash
# usage: scripts/start.sh [--docker]
#
# Installs missing dependencies and runs the service in the foreground until Ctrl-C, SIGTERM or SIGHUP.
# With --docker, the service runs in containers and nothing is installed on this machine.
#
# settings (environment variables; docs/settings.md lists all of them):
#   BATEIA_HOST      address to listen on, or to publish the container's port at (127.0.0.1)
#   BATEIA_PORT      TCP port (8000)
#   BATEIA_DATA_DIR  data folder of the embedded PostgreSQL (.bateia); ignored by --docker, which uses a volume
#   DATABASE_URL     external PostgreSQL to use instead; ignored by --docker, which has its own
#   BATEIA_IMAGE     with --docker, image to build and run (bateia:dev)
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
    echo "start: $*" >&2
    exit 2
}

in_containers() {
    local compose
    if docker compose version >/dev/null 2>&1; then
        compose=(docker compose)
    elif command -v docker-compose >/dev/null; then
        compose=(docker-compose)
    else
        fail "--docker needs Docker with Compose (docker compose, or docker-compose)"
    fi
    compose+=(--file docker/compose.yaml)
    export API_HOST=${BATEIA_HOST:-127.0.0.1} API_PORT=${BATEIA_PORT:-8000}

    ./scripts/docker-secrets.sh
    # The data stays in its volume. A second signal leaves the stopping to Docker.
    trap 'trap - EXIT INT TERM HUP; "${compose[@]}" down' EXIT
    trap 'exit 0' INT TERM HUP
    DOCKER_BUILDKIT=1 docker build --quiet --tag "${BATEIA_IMAGE:-bateia:dev}" --file docker/Dockerfile . >/dev/null
    if ! "${compose[@]}" up --no-build --detach --wait --wait-timeout 120; then
        "${compose[@]}" logs --tail 20 >&2
        exit 1
    fi
    "${compose[@]}" run --rm --no-deps -T --env "BATEIA_HOST=$API_HOST" --env "BATEIA_PORT=$API_PORT" \
        --env "LANG=${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" \
        api entrypoints.banner "$PWD/examples/bacen" --key-file "$PWD/docker/secrets/api_key"
    "${compose[@]}" logs --follow --since 0s &
    wait $!
}

case "$#:${1:-}" in
    0:)
        ./scripts/setup.sh
        exec .venv/bin/python -m entrypoints.serve
        ;;
    1:--docker) in_containers ;;
    *) fail "unknown arguments: $* (allowed: --docker; settings are environment variables; see --help)" ;;
esac
