#!/usr/bin/env bash
# Adds ten operations of the service, chosen at random, to the contract of a clone, from YAML alone,
# and checks that nothing else is needed: the lint accepts it, `regen` writes what is derived, the
# whole suite is green, and spec-review calls the change one that breaks nobody, on the wire and in
# Rust.
#
#   bash tests/interop/random-operations.sh SEED...
#
# The clone is of the commit that is checked out; what is not committed has no part in it. Each seed
# takes some minutes.
#
# Exit codes: 0 all is as above, 1 something is not, 2 the check could not do its work.
set -euo pipefail

name=random-operations
# shellcheck source=tests/interop/support.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"
[ "$#" -gt 0 ] || fail "give it a seed, or several"
mkdir -p "$cache"
cd -- "$root"
cargo build --quiet --locked -p dbss-tests --example random_operations ||
  fail "the program that chooses operations does not build"

# expect WHAT COMMAND...: runs a command in the clone, whose exit code has to be 0.
expect() {
  local what=$1 log=$cache/$seed-$1.log
  shift
  if ! (cd "$clone" && "$@") >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    echo "$name: seed $seed: $what failed, see $log" >&2
    exit 1
  fi
}

clone=$cache/clone
for seed in "$@"; do
  rm -rf "$clone"
  git clone --quiet --shared . "$clone" || fail "the repository cannot be cloned"
  cargo run --quiet --locked -p dbss-tests --example random_operations -- "$seed" \
    >"$clone/openapi/dbss.yaml" 2>"$cache/chosen" || fail "nothing was chosen" "$cache/chosen"
  echo "seed $seed: $(paste -sd ' ' "$cache/chosen")"
  expect lint cargo xtask lint
  expect regen cargo xtask regen
  # It exits with 1 while the version of the crates is not raised, which is not in YAML: what it
  # found counts.
  report=$cache/$seed-diff.json
  (cd "$clone" && cargo xtask diff HEAD:openapi/dbss.yaml --format json) >"$report" 2>"$report.err" || true
  for verdict in '"wire": "compatible"' '"rust": "additive"' '"required": "minor"'; do
    grep -q "$verdict" "$report" || {
      cat "$report.err" >&2
      echo "$name: seed $seed: spec-review does not say $verdict, see $report" >&2
      exit 1
    }
  done
  expect tests cargo test --workspace --locked --no-fail-fast
  echo "seed $seed: the lint accepts them, all tests pass, and nothing of the Rust API breaks"
done
