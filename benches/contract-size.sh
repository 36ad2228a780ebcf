#!/usr/bin/env bash
# What the size of a contract costs: for the first 2, 10, 50 and 168 operations of the service, the
# lines that are generated, and the CPU seconds (user + system) to compile the client in debug, its
# dependencies not counted. Beside them progenitor's own part: its lines, and the same client with
# nothing else generated but it and its enums. Best of three each, and the ratios to 2 operations.
#
# usage: benches/contract-size.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export CARGO_INCREMENTAL=0 CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}"

cargo run --quiet --manifest-path "$root/Cargo.toml" --package dbss-benches --bin contract_size -- "$work" > "$work/lines"
cd "$work"
cargo build --quiet --workspace 2> /dev/null

measure() { # package -> CPU seconds on standard output
    for _ in 1 2 3; do
        touch "crates/$1/src/lib.rs"
        ( TIMEFORMAT='%U %S' && { time cargo build --quiet --package "$1" 2> /dev/null; } 2>&1 ) \
            | awk '{ printf "%.1f\n", $1 + $2 }'
    done | sort -g | head -n 1
}

while read -r size own raw; do
    echo "$size $own $raw $(measure "whole-$size") $(measure "progenitor-$size")"
done < lines | awk '
    NR == 1 { for (i = 2; i <= 5; i++) first[i] = $i }
    {
        printf "%4d operations: %6d lines (x%.1f), progenitor %6d lines (x%.1f); ", $1, $2, $2 / first[2], $3, $3 / first[3]
        printf "%.1f CPU s (x%.1f), progenitor alone %.1f CPU s (x%.1f)\n", $4, $4 / first[4], $5, $5 / first[5]
    }'
