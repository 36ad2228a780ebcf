#!/usr/bin/env bash
# Compares spec-review's Rust axis with cargo-semver-checks, which does not know
# contracts: it reads the rustdoc of the client that is generated from each.
#
#   bash tests/interop/semver-checks.sh
#
# Each pair is our contract and the contract with one edit. What
# cargo-semver-checks reports as a major change has to be breaking in the review. It
# does not check the types of fields and parameters, so the review may report a
# break where it does not: those pairs are marked, and nothing else may differ. cargo-semver-checks is installed once, at the version below, into
# target/interop/semver-checks, unless it is there already; that takes minutes.
#
#   SEMVER_CHECKS=FILE   use this binary instead
#
# Exit codes: 0 agreement, 1 the two differ, 2 a tool could not work.
set -euo pipefail

version=0.51.0

name=semver-checks
# shellcheck source=tests/interop/support.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"
cd -- "$root"
judge=${SEMVER_CHECKS:-$cache/bin/cargo-semver-checks}
work=$cache/work
mkdir -p "$work"

if [ ! -x "$judge" ]; then
  cargo install cargo-semver-checks --version "$version" --locked --root "$cache" ||
    fail "cargo-semver-checks cannot be installed"
fi
cargo build --quiet --locked -p xtask || fail "xtask does not build"

# rustdoc CONTRACT FILE: the client's rustdoc as JSON.
rustdoc() {
  # The format is not stable; cargo-semver-checks itself asks for it this way.
  DBSS_CONTRACT=$1 RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$cache/target \
    cargo rustdoc --quiet --locked -p dbss-client --lib -- -Z unstable-options --output-format json --cap-lints allow \
    >"$work/rustdoc.log" 2>&1 || fail "no rustdoc for $1" "$work/rustdoc.log"
  cp "$cache/target/doc/dbss_client.json" "$2"
}

base=$root/openapi/dbss.yaml
rustdoc "$base" "$work/base.json"
agreed=0 differed=0

# pair NAME EXPECTED SED: EXPECTED is `same` where both have to agree, and
# `types` where only the review can see the difference.
pair() {
  local pair=$1 expected=$2 edit=$3 head=$work/$1.yaml ours theirs verdict
  sed -E "$edit" "$base" >"$head"
  if cmp -s "$base" "$head"; then fail "the edit $pair changes nothing"; fi
  ours=$(target/debug/xtask diff "$base" "$head" --format json --fail-on never |
    grep -m1 -o '"rust": *"[a-z]*"' | cut -d '"' -f 4) || true
  case $ours in
    breaking) ours=major ;;
    additive | none) ours=fine ;;
    *) fail "the review of $pair came to '$ours'" ;;
  esac
  rustdoc "$head" "$work/head.json"
  if "$judge" semver-checks --baseline-rustdoc "$work/base.json" --current-rustdoc "$work/head.json" \
    --release-type minor >"$work/$pair.log" 2>&1; then
    theirs=fine
  elif grep -q 'semver requires new major version' "$work/$pair.log"; then
    theirs=major
  else
    fail "cargo-semver-checks could not judge $pair" "$work/$pair.log"
  fi
  verdict=agree
  case $expected/$theirs/$ours in
    same/major/major | same/fine/fine | types/fine/major) agreed=$((agreed + 1)) ;;
    *) verdict=DIFFER differed=$((differed + 1)) ;;
  esac
  printf '%-28s review: %-6s cargo-semver-checks: %-6s %s\n' "$pair" "$ours" "$theirs" "$verdict"
}

pair operation-renamed same 's/operationId: StopAuditInstance$/operationId: StopInstance/'
pair schema-renamed same 's/\bAuditScopeStatus\b/ScopeStatus/g'
pair parameter-renamed same 's/\{project_id\}/{tenant_id}/; s/name: project_id$/name: tenant_id/'
pair field-renamed same 's/^( *)(- |)encoded_authorization_message:/\1\2encoded_message:/'
pair request-value-added same 's/enum: \["OFF", "ON"\]/enum: ["OFF", "ON", "PAUSED"]/'
pair response-value-added same 's/enum: \[SUCCESS, FAILED\]/enum: [SUCCESS, FAILED, PARTIAL]/'
pair response-value-renamed same 's/enum: \[SUCCESS, FAILED\]/enum: [SUCCESS, FAILED, DONE]/; s/\bSUCCESS, FAILED, DONE/DONE, FAILED/; s/(status|example): SUCCESS$/\1: DONE/'
pair request-field-added same 's/^( *)instance_id:$/\1reason:\n\1  description: Why.\n\1  type: string\n&/'
pair response-field-added same 's/^( *)encoded_authorization_message:$/&\n\1  description: More.\n\1  type: string\n\1request_id:/'
pair description-changed same 's/Stop an audit instance/Halt an audit instance/'
pair response-field-required types '/^    NestedError:$/,/properties:/ s/^( *)type: object$/&\n\1required: [error_code]/'
pair response-field-type types '/^        encoded_authorization_message:$/,/example/ s/type: string/type: boolean/; s/(example|encoded_authorization_message): XXX$/\1: true/'

printf '%d pairs agree, %d differ\n' "$agreed" "$differed"
[ "$differed" -eq 0 ] || exit 1
