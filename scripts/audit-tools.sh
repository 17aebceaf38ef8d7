#!/usr/bin/env bash
# usage: scripts/audit-tools.sh
#
# Installs the tools of scripts/audit and scripts/sbom into .venv-audit, separate from the service's packages.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/help.sh"
refuse_arguments "$@"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

./scripts/setup.sh
made_from=$(cksum <scripts/audit-tools.lock)
if [[ $(cat .venv-audit/made-from 2>/dev/null || true) == "$made_from" ]]; then exit 0; fi
export UV_SYSTEM_CERTS=true UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy
if [[ -n ${PIP_INDEX_URL:-} ]]; then export UV_DEFAULT_INDEX=${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}; fi
echo "audit: installing scripts/audit-tools.lock" >&2
.venv/bin/uv venv --quiet --clear --python .venv/bin/python .venv-audit
.venv/bin/uv pip install --quiet --python .venv-audit/bin/python --require-hashes --only-binary=:all: \
    --requirements scripts/audit-tools.lock
echo "$made_from" >.venv-audit/made-from
