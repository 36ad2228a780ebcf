#!/usr/bin/env bash
# Calls per second beside those of Huawei's SDK for Python, each signing with an
# access key, one after the other, to the same server in the same run.
#
# The SDK is installed into a virtual environment under the target directory.
#
# usage: benches/python.sh
set -euo pipefail
calls=1000

# shellcheck source=benches/support.sh
. "$(dirname "$0")/support.sh"
venv=$target/bench-python
if [ ! -e "$venv/ready" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet huaweicloudsdkdbss==3.1.219
    touch "$venv/ready"
fi

python() {
    HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4=$address "$venv/bin/python" "$root/benches/python_calls.py" "$calls"
}
# In turns, and the best of five each, since the machine may have other work.
sdk=0 own=0
for _ in 1 2 3 4 5; do
    now=$(python) && sdk=$((now > sdk ? now : sdk))
    now=$("$target/release/calls" client-aksk "$address" $((calls * 5))) && own=$((now > own ? now : own))
done
awk -v sdk="$sdk" -v own="$own" 'BEGIN {
    printf "huaweicloudsdkdbss %6d calls/s\n", sdk
    printf "dbss-client        %6d calls/s, %.0f times as many\n", own, own / sdk
}'
