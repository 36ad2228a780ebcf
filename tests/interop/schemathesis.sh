#!/usr/bin/env bash
# Schemathesis generates valid and invalid requests from our contract, and checks the
# emulator's responses against it.
#
#   bash tests/interop/schemathesis.sh
#
# All phases run; the stateful one has nothing to do, since the contract has no
# links. The tool is installed once from PyPI into target/interop/schemathesis.
#
#   SCHEMATHESIS_EXAMPLES=N   examples for each operation when fuzzing (300)
#   SCHEMATHESIS_SEED=N       seed of the requests (1)
#
# See support.sh for the rest of the environment.
#
# Exit codes: 0 no finding, 1 findings, 2 it could not do its work.
set -euo pipefail
name=schemathesis
# shellcheck source=tests/interop/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"

# positive_data_acceptance reports every 400 for a request that conforms to the
# contract. But the service's error code page has more of them: an id of no instance
# is 400 DBSS.10020021, and an instance that cannot be started, stopped or rebooted is 400
# DBSS.10020130 to DBSS.10020132. schemathesis_checks.py has what remains of that check: such a
# request must not be reported as invalid.
excluded=positive_data_acceptance

venv=$cache/schemathesis
python_tool "$venv" schemathesis
build_emulator

# Tasks end at once, and the state is reset by the checks now and then: otherwise all but the
# first requests would meet an instance with a task.
start_emulator --task-duration 0s
status=0
# Its cache of examples and its reports go to the directory that it runs in.
(
  cd -- "$cache"
  INTEROP_EMULATOR=$endpoint INTEROP_PROJECT=$(ready_field project_id) \
    PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$here SCHEMATHESIS_HOOKS=schemathesis_checks \
    "$venv/bin/schemathesis" run "$root/openapi/dbss.yaml" --url "$endpoint" \
    --header "X-Auth-Token: $(ready_field token)" \
    --phases examples,coverage,fuzzing,stateful --mode all --checks all --exclude-checks "$excluded" \
    --max-examples "${SCHEMATHESIS_EXAMPLES:-300}" --seed "${SCHEMATHESIS_SEED:-1}" \
    --generation-database none --continue-on-failure --request-timeout 10 --no-color
) || status=$?

responses=$(grep -c ' request_id=' "$cache/emulator.err" || true)
echo "the emulator sent $responses responses, by status:"
sed -n 's/^[A-Z]* .* \([0-9][0-9][0-9]\)\( [^ ]*\)\? request_id=[0-9a-f]*$/\1/p' "$cache/emulator.err" | sort | uniq -c
stop_emulator
case $status in
  0) echo "$name: no finding" ;;
  1) echo "$name: FINDINGS (above)" >&2 ;;
  *) fail "Schemathesis stopped with code $status" ;;
esac
exit "$status"
