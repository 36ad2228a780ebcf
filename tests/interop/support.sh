# shellcheck shell=bash
# What the scripts beside it and in benches/ share: their tools, our programs, a
# running emulator. To be sourced; the caller has set `name`, which its messages begin
# with.
#
#   INTEROP_CACHE=DIR       install the tools into DIR, not target/interop/NAME
#   INTEROP_REQUIRED=1      a tool that cannot be installed because npm or
#                           python3 is missing is a failure, not a skip
#   DBSS_EMULATOR=PROGRAM   use that emulator instead of building one

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
root=$(cd -- "$here/../.." && pwd)
cache=${INTEROP_CACHE:-$root/target/interop/$name}

# None of these tools needs to report home or to look for a newer self.
export DO_NOT_TRACK=1 SCARF_ANALYTICS=false
export PIP_DISABLE_PIP_VERSION_CHECK=1 NPM_CONFIG_UPDATE_NOTIFIER=false
# Everything here talks to this machine only.
export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost

# fail MESSAGE [LOG]: the check could not do its work.
fail() {
  if [ -n "${2:-}" ] && [ -e "$2" ]; then
    tail -n 40 "$2" | sed 's/^/    /' >&2
  fi
  echo "$name: COULD NOT WORK: $1" >&2
  exit 2
}

# shellcheck source=tests/interop/locks.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/locks.sh"

# skip WHAT_IS_MISSING: ends the script.
skip() {
  if [ "${INTEROP_REQUIRED:-0}" = 1 ]; then
    fail "$1 is missing, and INTEROP_REQUIRED=1"
  fi
  echo "$name: SKIPPED: $1 is missing, so this script has checked NOTHING" >&2
  exit 0
}

# python_tool DIR TOOL: a virtual environment with the locked packages of that tool.
python_tool() {
  command -v python3 >/dev/null || skip python3
  python3 -c 'import ensurepip, venv' 2>/dev/null || skip "python3's venv or pip"
  install_python "$1" "$2" >"$1.log" 2>&1 || fail "pip could not install $2" "$1.log"
}

# npm_tool DIR TOOL: a directory with the locked packages of that tool in node_modules.
npm_tool() {
  command -v npm >/dev/null || skip npm
  install_npm "$1" "$2" >"$1.log" 2>&1 || fail "npm could not install $2" "$1.log"
}

# build_ours CARGO_ARGUMENT...: builds the emulator and `--example NAME`s; sets
# `emulator`, and `built NAME` then says where a program is. The workspace is
# built as one, and an example always with it: then the dependencies have the
# same features as in `cargo test --workspace`, and what that has compiled is used.
build_ours() {
  local log=$cache/build.log
  if ! (cd -- "$root" && cargo build --locked --workspace --message-format=json-render-diagnostics \
    --bin dbss-emulator --example interop_client "$@") >"$cache/build.json" 2>"$log"; then
    fail "cargo could not build our programs" "$log"
  fi
  emulator=${DBSS_EMULATOR:-$(built dbss-emulator)}
}

# build_emulator: the same for scripts that need nothing else.
build_emulator() {
  emulator=${DBSS_EMULATOR:-}
  [ -n "$emulator" ] || build_ours --bin dbss-emulator
}

built() {
  sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' "$cache/build.json" | grep "/$1\$" ||
    fail "cargo did not say where $1 is"
}

# What is to be ended when the script ends.
processes=()

stop_all() {
  local pid
  for pid in ${processes[@]+"${processes[@]}"}; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  processes=()
}
trap stop_all EXIT

# wait_for SECONDS COMMAND...: until the command succeeds.
wait_for() {
  local until=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$until" ] || return 1
    sleep 0.1
  done
}

# start_emulator ARGUMENT...: sets `ready` (its ready line), `endpoint` and
# `emulator_pid`. What it prints is in emulator.out and emulator.err.
start_emulator() {
  : >"$cache/emulator.out"
  "$emulator" --port 0 --ready-json "$@" >"$cache/emulator.out" 2>"$cache/emulator.err" </dev/null &
  emulator_pid=$!
  processes+=("$emulator_pid")
  wait_for 20 grep -q '^{' "$cache/emulator.out" || fail "the emulator does not start" "$cache/emulator.err"
  ready=$(cat "$cache/emulator.out")
  # shellcheck disable=SC2034  # for the scripts that source this
  endpoint=$(ready_field endpoint)
}

# ready_field NAME: a text field of the ready line.
ready_field() {
  sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" <<<"$ready"
}

# stop_emulator: sees it off, and whether it was well until then.
stop_emulator() {
  local status=0
  kill -0 "$emulator_pid" 2>/dev/null || fail "the emulator ended by itself" "$cache/emulator.err"
  kill -TERM "$emulator_pid"
  wait "$emulator_pid" || status=$?
  processes=()
  if grep -n 'panicked at' "$cache/emulator.err" >&2; then
    echo "$name: the emulator panicked (above)" >&2
    exit 1
  fi
  if [ "$status" -ne 0 ]; then
    echo "$name: the emulator ended with code $status when told to stop" >&2
    exit 1
  fi
}

mkdir -p "$cache" || fail "cannot make the directory $cache"
