#!/usr/bin/env bash
# Requests per second of the emulator, in release, against those of Prism's mock
# of the same contract: the same machine, the same requests, the same client, in
# turns.
#
#   bash benches/throughput.sh [SECONDS] [ROUNDS]
#
# SECONDS (10) is how long each measurement lasts, ROUNDS (3) how many there are
# of each. Every request switches an audit scope: the emulator changes its state
# and logs nothing, Prism checks the request and gives the contract's example.
# The load comes from benches/src/bin/load.rs on 16 connections and shares the
# machine with the server, so the ratio counts, not the numbers.
#
#   THROUGHPUT_CONNECTIONS=N   connections (16)
#
# Exit codes: 0 measured, 1 a response was not a 200, 2 it
# could not do its work.
set -euo pipefail
name=throughput
# shellcheck source=tests/interop/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/../tests/interop/support.sh"

seconds=${1:-10}
rounds=${2:-3}
connections=${THROUGHPUT_CONNECTIONS:-16}
# Long enough for a just-in-time compiler.
warm_up=5
for number in "$seconds" "$rounds" "$connections"; do
  [[ $number =~ ^[1-9][0-9]*$ ]] || fail "not a number from 1: $number"
done

INTEROP_REQUIRED=1
dir=$cache/prism
npm_tool "$dir" prism
unset DBSS_EMULATOR
build_ours --release --bin load
load=$(built load)
instance=1d07f606-92d2-441c-b05c-dca47e180552

{
  echo 'instances:'
  printf -- '- {id: %s, name: load, status: ACTIVE, scopes: [' "$instance"
  for ((n = 0; n < connections; n++)); do
    printf '{id: load-scope-%d, name: scope %d, enabled: false}, ' "$n" "$n"
  done
  echo ']}'
} >"$cache/state.yaml"

# measure ADDRESS: requests per second.
measure() {
  DBSS_TOKEN=$token DBSS_PROJECT_ID=$project DBSS_INSTANCE_ID=$instance \
    "$load" "$1" "$connections" "$warm_up" "$seconds"
}

# emulator_round, prism_round: set `rate`. Each starts afresh.
emulator_round() {
  start_emulator --quiet --state "$cache/state.yaml" --show-secrets
  token=$(ready_field token) project=$(ready_field project_id)
  rate=$(measure "${endpoint#http://}") || exit 1
  stop_emulator
}

prism_round() {
  local port log=$cache/prism.log
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  "$dir/node_modules/.bin/prism" mock "$root/openapi/dbss.yaml" --host 127.0.0.1 --port "$port" \
    --verboseLevel error >"$log" 2>&1 </dev/null &
  processes+=("$!")
  wait_for 60 prism_responds "$port" || fail "Prism does not start" "$log"
  rate=$(measure "127.0.0.1:$port") || exit 1
  stop_all
}

prism_responds() {
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

median() {
  printf '%s\n' "$@" | sort -n | sed -n "$((($# + 1) / 2))p"
}

emulators=() prisms=()
for ((round = 1; round <= rounds; round++)); do
  emulator_round
  emulators+=("$rate")
  prism_round
  prisms+=("$rate")
  echo "round $round: emulator ${emulators[-1]}/s, Prism's mock ${prisms[-1]}/s"
done
ours=$(median "${emulators[@]}") theirs=$(median "${prisms[@]}")
[ "$theirs" -gt 0 ] || fail "Prism sent no response" "$cache/prism.log"
awk -v ours="$ours" -v theirs="$theirs" 'BEGIN {
  printf "median: emulator %d/s, Prism'\''s mock %d/s, ratio %.1f\n", ours, theirs, ours / theirs
}'
