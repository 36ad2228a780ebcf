"""What schemathesis.sh adds to Schemathesis: ids that exist, and two checks.

INTEROP_EMULATOR is the emulator's address, INTEROP_PROJECT its project.
"""

import os
import urllib.request
import zlib

import schemathesis

EMULATOR = os.environ["INTEROP_EMULATOR"]
PROJECT = os.environ["INTEROP_PROJECT"]
INSTANCE = "1d07f606-92d2-441c-b05c-dca47e180552"
STOPPED_INSTANCE = "2e18f717-a3e3-452d-a16d-edb58f291663"
SCOPES = ["ne-pwZgBxmBODPrxTO7F", "c3VwZXJ1c2VyLWF1ZGl0", "bmlnaHRseS1iYXRjaC1q"]


def chosen(value, parts):
    """One in so many values, always the same ones."""
    return zlib.crc32(repr(value).encode()) % parts == 0


def fits(value):
    return isinstance(value, str) and 32 <= len(value) <= 64


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    """Made-up ids get no further than the authorization; most become real ones."""
    if path_parameters:
        if fits(path_parameters.get("project_id")) and not chosen(path_parameters["project_id"], 8):
            path_parameters["project_id"] = PROJECT
        if fits(path_parameters.get("instance_id")) and not chosen(path_parameters["instance_id"], 4):
            path_parameters["instance_id"] = INSTANCE
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    if isinstance(body, dict):
        if fits(body.get("instance_id")) and not chosen(body["instance_id"], 4):
            is_start = context.operation.path.endswith("/start")
            body["instance_id"] = STOPPED_INSTANCE if is_start else INSTANCE
        ids = body.get("ids")
        if isinstance(ids, list) and ids and all(isinstance(each, str) and each for each in ids):
            if not chosen(ids, 4):
                body["ids"] = SCOPES[: 1 + len(ids) % len(SCOPES)]
    return body


@schemathesis.hook
def after_call(context, case, response):
    """What was stopped or started is as before."""
    if response.status_code == 200 and case.operation.label.endswith(("/stop", "/start")):
        request = urllib.request.Request(f"{EMULATOR}/_emulator/state", method="DELETE")
        urllib.request.urlopen(request, timeout=10).close()


@schemathesis.check
def valid_is_not_called_invalid(ctx, response, case):
    """A request of the contract's form is never `Enter a valid request message`."""
    meta = case.meta
    if meta is None or not meta.generation.mode.is_positive or response.status_code != 400:
        return
    assert "DBSS.10000001" not in response.text, f"a valid request is called invalid: {response.text}"


@schemathesis.check
def request_id_is_there(ctx, response, case):
    """Every response has an X-Request-Id, also those of the gateway."""
    assert response.headers.get("x-request-id"), "there is no X-Request-Id"
