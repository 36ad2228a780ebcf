#!/usr/bin/env bash
# Fuzzes one target, from the cases of this repository and from what earlier runs found.
#
#   bash fuzz/run.sh contract|diff|state_file|request|error_body [SECONDS]
#
# SECONDS is 600 unless given. Needs cargo-fuzz (`cargo install cargo-fuzz --locked`), a C++
# compiler, and a nightly toolchain or, as here, RUSTC_BOOTSTRAP=1 for the stable one.
#
# Exit codes: 0 nothing was found, 1 an input makes the target fail (its path is printed), 2 it
# could not do its work.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."

target=${1:-}
seconds=${2:-600}
seeds=fuzz/seeds/$target
rm -rf "$seeds"
mkdir -p "$seeds" "fuzz/corpus/$target"

# seed: a file with what stands in standard input, under a name that no other seed has.
seed() {
  cat >"$(mktemp "$seeds/XXXXXXXX")"
}

case $target in
  contract)
    for file in openapi/dbss.yaml tests/contracts/*/*.yaml; do seed <"$file"; done
    ;;
  diff)
    for file in tests/contracts/good/*.yaml crates/spec-review/tests/cases/*/base.yaml; do
      { cat "$file" && printf '\n=====\n' && sed 's/string/integer/; s/required: \[.*/required: []/' "$file"; } | seed
    done
    ;;
  state_file)
    seed <crates/dbss-emulator/state.yaml
    seed <tests/interop/python-sdk.state.yaml
    ;;
  request)
    for line in 'POST /v1/0123456789abcdef0123456789abcdef/dbss/audit/instance/stop' \
      'POST /v2/0123456789abcdef0123456789abcdef/audit/1d07f606-92d2-441c-b05c-dca47e180552/rule/scopes/switch' \
      'GET /v2/0123456789abcdef0123456789abcdef/audit/instances?offset=0&limit=1' \
      'GET /v1/0123456789abcdef0123456789abcdef/audit/1d07f606-92d2-441c-b05c-dca47e180552/rule/scopes?limit=2' \
      'POST /v1/0123456789abcdef0123456789abcdef/audit/instance/start' \
      'POST /v1/0123456789abcdef0123456789abcdef/audit/instance/reboot' \
      'POST /v1/0123456789abcdef0123456789abcdef/audit/instance/stop' 'PUT /_emulator/instances' \
      'POST /v3/auth/tokens' 'GET /v3/projects?name=x' 'POST /_emulator/faults' 'DELETE /_emulator/state'; do
      for body in '{"instance_id":"1d07f606-92d2-441c-b05c-dca47e180552"}' '{"ids":["a"],"status":"ON"}' '{"kind":"reset"}'; do
        printf '%s HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: emulator-token\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
          "$line" "${#body}" "$body" | seed
      done
    done
    ;;
  error_body)
    for body in '{"error":{"error_code":"DBSS.10020131","error_msg":"m"}}' '{"error_code":"a","error_msg":"b","details":[{}]}' \
      '{"error_msg":"m","error_code":"APIGW.0301","request_id":"1"}' '{"error":{"code":401,"message":"m","title":"t"}}' \
      '<html><title>502</title></html>'; do
      printf 'd0%s' "$body" | seed
    done
    ;;
  *)
    sed -n '2,11p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac
command -v cargo-fuzz >/dev/null || {
  echo "fuzz: cargo-fuzz is missing: cargo install cargo-fuzz --locked" >&2
  exit 2
}
# What takes a second takes half a minute with the sanitizers, such as generating a client of a
# thousand names.
timeout=60
export RUSTC_BOOTSTRAP=1
cargo fuzz build "$target" || exit 2
cargo fuzz run "$target" "fuzz/corpus/$target" "$seeds" -- -max_total_time="$seconds" -timeout="$timeout" -rss_limit_mb=2048 || exit 1
