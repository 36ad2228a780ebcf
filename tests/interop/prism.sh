#!/usr/bin/env bash
# Prism as a validating proxy between our client and our emulator: it returns
# an error of its own for every request and every response that the contract does
# not describe. The results of the client's calls must be the same as without it.
#
#   bash tests/interop/prism.sh
#
# Prism is installed once from npm into target/interop/prism. See support.sh for
# the environment.
#
# Exit codes: 0 no violation, 1 a violation, 2 it could not do its work.
set -euo pipefail
name=prism
# shellcheck source=tests/interop/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"

# 5.14 is the last version that supports Node.js 18 and 20.
dir=$cache/prism
npm_tool "$dir" prism
build_ours --example interop_client
client=$(built interop_client)

# calls ENDPOINT OUTPUT
calls() {
  DBSS_ENDPOINT=$1 DBSS_TOKEN=$(ready_field token) DBSS_READER_TOKEN=emulator-token-reader \
    DBSS_PROJECT_ID=$(ready_field project_id) "$client" >"$2" 2>&1 ||
    fail "the client ended with code $?" "$2"
}

# proxied OUTPUT: the same through Prism, whose log is in prism.log.
proxied() {
  local port
  # Prism does not take a free port by itself.
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  # The log of an earlier run says that Prism is listening, too.
  : >"$cache/prism.log"
  "$dir/node_modules/.bin/prism" proxy "$root/openapi/dbss.yaml" "$endpoint" --errors \
    --host 127.0.0.1 --port "$port" >"$cache/prism.log" 2>&1 </dev/null &
  processes+=("$!")
  wait_for 60 grep -q 'Prism is listening' "$cache/prism.log" || fail "Prism does not start" "$cache/prism.log"
  calls "http://127.0.0.1:$port" "$1"
  kill "${processes[-1]}"
  wait "${processes[-1]}" 2>/dev/null || true
  unset 'processes[-1]'
}

# Documented responses that the client's calls do not cause by themselves.
faults=(
  --fault 'documented,status=401,operation=SetAuditScopeRuleSwitch'
  --fault 'documented,status=500,operation=SetAuditScopeRuleSwitch'
  --fault 'failed,operation=SetAuditScopeRuleSwitch'
  --fault 'documented,status=500,operation=StopAuditInstance'
  --fault 'failed,operation=StopAuditInstance'
)
for operation in ListAuditInstancesLast ListAuditRuleScopesNew StartAuditInstanceNew RebootAuditInstanceNew StopAuditInstanceNew; do
  faults+=(--fault "documented,status=401,operation=$operation" --fault "documented,status=500,operation=$operation")
done
for operation in StartAuditInstanceNew RebootAuditInstanceNew StopAuditInstanceNew; do
  faults+=(--fault "failed,operation=$operation")
done
# Tasks end at once, so that results do not depend on how long the calls take.
options=(--task-duration 0s "${faults[@]}")

start_emulator "${options[@]}"
calls "$endpoint" "$cache/direct.txt"
stop_emulator
start_emulator "${options[@]}"
proxied "$cache/proxied.txt"
stop_emulator
cat "$cache/direct.txt"
if ! diff "$cache/direct.txt" "$cache/proxied.txt"; then
  sed 's/^/    /' "$cache/prism.log" >&2
  echo "$name: through Prism the calls have other results (above)" >&2
  exit 1
fi

# Control: a response that violates the contract must be detected.
start_emulator --fault '{"kind":"response","status":200,"body":{"status":5},"operation":"SetAuditScopeRuleSwitch"}'
proxied "$cache/control.txt"
stop_emulator
grep -q 'stoplight.io/prism' "$cache/control.txt" ||
  fail "Prism did not detect a response that violates the contract" "$cache/control.txt"
echo "$name: $(wc -l <"$cache/proxied.txt") calls, no violation; a response that violates the contract was detected"
