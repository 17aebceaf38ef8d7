#!/usr/bin/env bash
# Makes the secrets of docker/compose.yaml that are not there yet, in docker/secrets, and shows none of them.
# What exists is never changed: a database keeps the password that it was made with.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly folder=docker/secrets postgres=999:999 service=10001:10001
umask 077
mkdir -p "$folder"
chmod 0700 "$folder"

random_bytes() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
random_text() { random_bytes "$1" | tr '+/' '-_' | tr -d '='; }

# A container sees the file with the owner and the mode that it has here. Only root can give it to the container's
# user; anybody else's files are readable, behind a folder that nobody else can enter.
keep() {
    local name=$1 owner=$2 path=$folder/$1
    if [[ -e $path ]]; then return; fi
    cat >"$path.new"
    if [[ $EUID -eq 0 ]]; then
        chown "$owner" "$path.new"
        chmod 0400 "$path.new"
    else
        chmod 0444 "$path.new"
    fi
    sync "$path.new"
    mv "$path.new" "$path"
    echo "docker-secrets: made $path" >&2
}

random_text 32 | keep superuser_password "$postgres"
random_text 32 | keep database_password "$postgres"
echo "postgresql://bateia:$(cat "$folder/database_password")@db/bateia" | keep database_url "$service"
echo "first:$(random_bytes 32)" | keep master_keys "$service"
random_text 32 | keep api_key "$service"
