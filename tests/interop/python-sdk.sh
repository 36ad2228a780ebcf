#!/usr/bin/env bash
# The official Python client of DBSS, unmodified, against the emulator: pointed
# there by environment variables alone, it finds its project, lists instances and
# scopes, starts, reboots and stops instances, at the documented path too, switches
# scopes, and gets every error with its code and its message. All of it
# once for each shape that the emulator can give the service's errors.
#
#   bash tests/interop/python-sdk.sh
#
# The client is installed once from PyPI into target/interop/python-sdk. See
# support.sh for the environment.
#
# Exit codes: 0 every check passed, 1 one failed, 2 it could not do its work.
set -euo pipefail
name=python-sdk
# shellcheck source=tests/interop/support.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/support.sh"

venv=$cache/sdk
python_tool "$venv" python-sdk
build_emulator

status=0
for shape in documented nested flat; do
  start_emulator --error-shape "$shape" --state "$here/python-sdk.state.yaml" --show-secrets
  # Nothing of the caller's own configuration: no profile, no other region, no
  # endpoint, no credentials. An empty home has none of the SDK's files.
  mkdir -p "$cache/home"
  env -i PATH="$PATH" HOME="$cache/home" LANG=C.UTF-8 NO_PROXY="$NO_PROXY" PYTHONDONTWRITEBYTECODE=1 \
    HUAWEICLOUD_SDK_AK="$(ready_field access_key)" \
    HUAWEICLOUD_SDK_SK="$(ready_field secret_key)" \
    HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4="$endpoint" \
    HUAWEICLOUD_SDK_IAM_ENDPOINT="$endpoint" \
    INTEROP_EMULATOR="$endpoint" INTEROP_ERROR_SHAPE="$shape" \
    "$venv/bin/python" "$here/python_sdk.py" || status=$?
  stop_emulator
  [ "$status" -le 1 ] || fail "python_sdk.py ended with code $status"
done
[ "$status" -eq 0 ] || echo "$name: FAILED (above)" >&2
exit "$status"
