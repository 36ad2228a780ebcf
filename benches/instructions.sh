#!/usr/bin/env bash
# Instructions of one call in each mode, and their ratio to bare reqwest and serde.
#
# The difference between two runs of different lengths, divided by the difference of
# the lengths, so that start-up and connecting do not count. Instructions instead of
# time, because they do not depend on the load of the machine. The server is another
# process, and not counted.
#
# usage: benches/instructions.sh [MODE]...
set -euo pipefail
short=200 long=1200
modes=("$@")
[ $# -gt 0 ] || modes=(raw client client-aksk sign error)

if ! command -v valgrind > /dev/null; then
    echo "valgrind is missing: install it, for instance with \`apt-get install valgrind\`" >&2
    exit 2
fi
# shellcheck source=benches/support.sh
. "$(dirname "$0")/support.sh"

run() { # mode, calls -> instructions
    valgrind --tool=callgrind --callgrind-out-file="$work/$1.$2" \
        "$target/release/calls" "$1" "$address" "$2" > "$work/log" 2>&1 || { cat "$work/log" >&2; exit 2; }
    awk '/^(summary|totals):/ { print $2; exit }' "$work/$1.$2"
}

per_call() { # mode -> instructions of a call
    echo $(( ($(run "$1" $long) - $(run "$1" $short)) / (long - short) ))
}

bare=$(per_call bare)
printf '%-12s %8d\n' bare "$bare"
for mode in "${modes[@]}"; do
    own=$(per_call "$mode")
    awk -v mode="$mode" -v own="$own" -v bare="$bare" \
        'BEGIN { printf "%-12s %8d  %.3f of bare\n", mode, own, own / bare }'
done
