#!/usr/bin/env bash
# Clients keep calling an emulator with random faults: a fault or a rule must explain
# the result of every call, every attempt that the client counts must have reached
# the emulator, the emulator's memory must not grow, and it must not panic.
#
#   bash benches/soak.sh [SECONDS]
#
# SECONDS: default 60. Not part of CI; the long run is
# `bash benches/soak.sh 600`. Needs a /proc (Linux).
#
#   SOAK_CALLERS=N     concurrent callers (16)
#   SOAK_FAULTS=SHARE  share of the requests that a fault hits (0.1)
#   SOAK_SEED=N        seed of the faults (1)
#   SOAK_GROWTH=KIB    growth of resident memory that is tolerated after the
#                      first fifth of the time (4096)
#
# Resident memory is `VmRSS` of the emulator's process, sampled 50 times.
#
# Exit codes: 0 all is well, 1 something was not, 2 it could not do its work.
set -euo pipefail
name=soak
# shellcheck source=tests/interop/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../tests/interop/support.sh"

seconds=${1:-60}
callers=${SOAK_CALLERS:-16}
faults=${SOAK_FAULTS:-0.1}
seed=${SOAK_SEED:-1}
tolerated=${SOAK_GROWTH:-4096}
for number in "$seconds" "$callers" "$seed" "$tolerated"; do
  [[ $number =~ ^[0-9]+$ ]] || fail "not a whole number: $number"
done
if [ "$seconds" -lt 10 ] || [ "$callers" -lt 1 ]; then
  fail "at least 10 seconds and one caller are needed"
fi
[ -r /proc/self/status ] || fail "there is no /proc to read resident memory from"

build_ours --bin soak
client=$(built soak)
instance=1d07f606-92d2-441c-b05c-dca47e180552

# One instance whose scopes are switched, a scope for each caller; and one for
# each caller to stop.
state=$cache/state.yaml
{
  echo 'instances:'
  printf -- '- {id: %s, name: soak, status: ACTIVE, scopes: [' "$instance"
  for ((n = 0; n < callers; n++)); do
    printf '{id: soak-scope-%d, name: scope %d, enabled: false}, ' "$n" "$n"
  done
  echo ']}'
  for ((n = 0; n < callers; n++)); do
    printf -- '- {id: soak-instance-%032d, name: stop %d, status: ACTIVE}\n' "$n" "$n"
  done
} >"$state"

start_emulator --random-faults "$faults" --seed "$seed" --state "$state" --show-secrets
resident() {
  awk '/^VmRSS:/ { print $2 }' "/proc/$emulator_pid/status" 2>/dev/null || true
}

DBSS_ENDPOINT=$endpoint DBSS_TOKEN=$(ready_field token) DBSS_PROJECT_ID=$(ready_field project_id) \
  DBSS_INSTANCE_ID=$instance "$client" "$seconds" "$callers" >"$cache/client.out" 2>&1 </dev/null &
client_pid=$!
processes+=("$client_pid")

samples=$cache/memory.txt
resident >"$samples"
pause=$(awk -v seconds="$seconds" 'BEGIN { print seconds / 50 }')
while kill -0 "$client_pid" 2>/dev/null; do
  sleep "$pause"
  resident >>"$samples"
done
client_status=0
wait "$client_pid" || client_status=$?
processes=("$emulator_pid")
stop_emulator

cat "$cache/client.out"
found=0
complain() {
  echo "$name: $1" >&2
  found=1
}
[ "$client_status" -eq 0 ] || complain "the client ended with code $client_status (above)"

# Both sides must have counted the same. What the emulator writes is one line for
# each request, and nothing else.
attempts=$(sed -n 's/.* attempts=\([0-9]*\)$/\1/p' "$cache/client.out")
requests=$(grep -c ' request_id=' "$cache/emulator.err" || true)
odd=$(grep -vc '^[A-Z]* /[^ ]* \([0-9]*\|cut\) .*request_id=[0-9a-f]*$' "$cache/emulator.err" || true)
echo "requests=$requests, of which with a fault:"
sed -n 's/.* fault=\([a-z-]*\) .*/\1/p' "$cache/emulator.err" | sort | uniq -c
[ "${attempts:-0}" -gt 0 ] || complain "the client made no attempt"
[ "${attempts:-0}" = "$requests" ] || complain "the client counts ${attempts:-no} attempts, the emulator $requests requests"
if [ "$odd" -gt 0 ]; then
  grep -v ' request_id=' "$cache/emulator.err" | head -n 20 >&2 || true
  complain "the emulator wrote $odd lines that are no requests"
fi

read -r first warm highest last < <(awk '
  NF { value[++n] = $1 }
  END {
    warm_up = int(n / 5) + 1
    for (i = 1; i <= n; i++) {
      if (i <= warm_up && value[i] > warm) warm = value[i]
      if (i > warm_up && value[i] > highest) highest = value[i]
    }
    print value[1] + 0, warm + 0, highest + 0, value[n] + 0
  }' "$samples")
echo "resident memory in KiB: $first at the start, at most $warm in the first fifth, at most $highest after it, $last at the end"
[ "$highest" -gt 0 ] || complain "no memory was sampled"
[ $((highest - warm)) -le "$tolerated" ] || complain "memory grew by $((highest - warm)) KiB, more than $tolerated"
[ "$found" -eq 0 ] && echo "$name: $seconds s, $callers callers, faults $faults, seed $seed: all is well"
exit "$found"
