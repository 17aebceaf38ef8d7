#!/usr/bin/env bash
# usage: scripts/docker-secrets.sh
#
# Creates the missing secrets of docker/compose.yaml in docker/secrets, without printing them.
# Existing secrets never change: a database keeps the password that it was created with.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"
refuse_arguments "$@"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly folder=docker/secrets postgres=999:999 service=10001:10001 grafana=472:0
umask 077
mkdir -p "$folder"
chmod 0700 "$folder"

random_bytes() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
random_text() { random_bytes 32 | tr '+/' '-_' | tr -d '='; }
database_url() { echo "postgresql://bateia:$(cat "$folder/database_password")@db/bateia"; }
master_keys() { echo "first:$(random_bytes 32)"; }
signing_keys() { echo "first private $(random_bytes 32) $(date -u +%Y-%m-%dT%H:%M:%SZ)"; }
api_key() { echo "bateia_$(random_text)"; }

# A container sees a file with its owner and mode on the host. Only root can give it to the container's user; files of
# other users stay readable, inside a folder that only their owner can enter.
keep() {
    local path=$folder/$1 owner=$2 make=$3
    if [[ -e $path ]]; then return; fi
    "$make" >"$path.new"
    if [[ $EUID -eq 0 ]]; then
        chown "$owner" "$path.new"
        chmod 0400 "$path.new"
    else
        chmod 0444 "$path.new"
    fi
    sync "$path.new"
    mv "$path.new" "$path"
    echo "docker-secrets: created $path" >&2
}

keep superuser_password "$postgres" random_text
keep database_password "$postgres" random_text
keep database_url "$service" database_url
keep master_keys "$service" master_keys
keep signing_keys "$service" signing_keys
keep api_key "$service" api_key
keep grafana_password "$grafana" random_text
