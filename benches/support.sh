# shellcheck shell=bash
# What the scripts beside it share: the programs of this package, built, and the
# server, running under `address` until the script ends. To be sourced.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}

cargo build --quiet --manifest-path "$root/Cargo.toml" --profile bench --package dbss-benches \
    --no-default-features --bin calls --bin server
work=$(mktemp -d)
"$target/release/server" > "$work/port" &
server=$!
trap 'kill "$server"; rm -rf "$work"' EXIT
until [ -s "$work/port" ]; do sleep 0.1; done
# shellcheck disable=SC2034 # the scripts use it
address=http://127.0.0.1:$(cat "$work/port")
