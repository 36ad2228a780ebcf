"""Checks of the official Python client against a running emulator.

Run by python-sdk.sh, which sets the environment: Huawei's own variables for the
client, and for this file INTEROP_EMULATOR (the emulator's address, for its admin
path) and INTEROP_ERROR_SHAPE (documented, nested or flat).

One line for each check; exit code 1 if one failed.
"""

import json
import logging
import os
import sys
import traceback
import urllib.request
import warnings
from contextlib import contextmanager

from huaweicloudsdkcore.exceptions import exceptions
from huaweicloudsdkdbss.v1 import (
    AuditScopeSwitchRequestNew,
    DbssClient,
    ListAuditInstancesLastRequest,
    ListAuditInstancesRequest,
    ListAuditRuleScopesNewRequest,
    RebootAuditInstanceNewRequest,
    ServerIdBean,
    SetAuditScopeRuleSwitchRequest,
    StartAuditInstanceNewRequest,
    StartAuditInstanceRequest,
    StopAuditInstanceNewRequest,
    StopAuditInstanceRequest,
)
from huaweicloudsdkdbss.v1.region.dbss_region import DbssRegion

# The client warns that the documented path will be taken offline, and logs each lost
# connection.
warnings.simplefilter("ignore", DeprecationWarning)
logging.disable(logging.CRITICAL)

EMULATOR = os.environ["INTEROP_EMULATOR"]
SHAPE = os.environ["INTEROP_ERROR_SHAPE"]
PROJECT = "0123456789abcdef0123456789abcdef"
OTHER_PROJECT = "fedcba9876543210fedcba9876543210"
INSTANCE = "1d07f606-92d2-441c-b05c-dca47e180552"
STOPPED_INSTANCE = "2e18f717-a3e3-452d-a16d-edb58f291663"
UNKNOWN_INSTANCE = "00000000-0000-4000-8000-000000000000"
SCOPES = ["ne-pwZgBxmBODPrxTO7F", "c3VwZXJ1c2VyLWF1ZGl0"]

FORBIDDEN = ("DBSS.10020100", "Failed to authenticate the token in the request")
INTERNAL = ("DBSS.11000000", "Internal system exception. Contact technical support engineers")
INVALID = ("DBSS.10000001", "Enter a valid request message")
INVALID_ID = ("DBSS.10020021", "Invalid request parameter ID.")
CANNOT_START = ("DBSS.10020130", "Failed to start DBSS instance.")
CANNOT_STOP = ("DBSS.10020131", "Failed to stop DBSS instance.")
CANNOT_REBOOT = ("DBSS.10020132", "Restarting DBSS instance failed.")
THROTTLED = ("APIGW.0308", "The throttling threshold has been reached")
NO_SUCH_API = ("APIGW.0101", "The API does not exist or has not been published in the environment.")

passed = 0
failed = []


def admin(method, path, body=None):
    """A request to the emulator's admin path."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"{EMULATOR}/_emulator/{path}", data=data, method=method, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return json.load(response)


def fault(**fields):
    admin("POST", "faults", fields)


def advance(seconds):
    admin("POST", "clock", {"advance_ms": seconds * 1000})


def instance(instance_id=INSTANCE):
    return next(each for each in admin("GET", "state")["instances"] if each["id"] == instance_id)


def scopes_on():
    return {scope["id"] for scope in instance()["scopes"] if scope["enabled"]}


def received():
    return admin("GET", "requests")["requests"]


@contextmanager
def environment(**variables):
    """Changes environment variables for a while; None removes one."""
    before = {name: os.environ.get(name) for name in variables}

    def put(values):
        for name, value in values.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    put(variables)
    try:
        yield
    finally:
        put(before)


def client(key=None, secret=None, token=None, project=None):
    """The client as its documents have it: a region, and nothing else in code."""
    variables = {"HUAWEICLOUD_SDK_SECURITY_TOKEN": token, "HUAWEICLOUD_SDK_PROJECT_ID": project}
    if key:
        variables["HUAWEICLOUD_SDK_AK"] = key
    if secret:
        variables["HUAWEICLOUD_SDK_SK"] = secret
    with environment(**variables):
        return DbssClient.new_builder().with_region(DbssRegion.value_of("cn-north-4")).build()


def stop(dbss, instance_id=INSTANCE):
    return dbss.stop_audit_instance(StopAuditInstanceRequest(body=ServerIdBean(instance_id=instance_id)))


def switch(dbss, status="OFF", ids=tuple(SCOPES), instance_id=INSTANCE):
    body = AuditScopeSwitchRequestNew(ids=list(ids), status=status)
    return dbss.set_audit_scope_rule_switch(SetAuditScopeRuleSwitchRequest(instance_id=instance_id, body=body))


def list_instances(dbss, **page):
    return dbss.list_audit_instances_last(ListAuditInstancesLastRequest(**page))


def list_scopes(dbss, instance_id=INSTANCE, **page):
    return dbss.list_audit_rule_scopes_new(ListAuditRuleScopesNewRequest(instance_id=instance_id, **page))


def start_new(dbss, instance_id=STOPPED_INSTANCE):
    return dbss.start_audit_instance_new(StartAuditInstanceNewRequest(body=ServerIdBean(instance_id=instance_id)))


def reboot_new(dbss, instance_id=INSTANCE):
    return dbss.reboot_audit_instance_new(RebootAuditInstanceNewRequest(body=ServerIdBean(instance_id=instance_id)))


def stop_new(dbss, instance_id=INSTANCE):
    return dbss.stop_audit_instance_new(StopAuditInstanceNewRequest(body=ServerIdBean(instance_id=instance_id)))


# The operations, by the names that the contract has for them.
LISTS = {"ListAuditInstancesLast": list_instances, "ListAuditRuleScopesNew": list_scopes}
POSTS = {
    "StopAuditInstance": stop,
    "SetAuditScopeRuleSwitch": switch,
    "StartAuditInstanceNew": start_new,
    "RebootAuditInstanceNew": reboot_new,
    "StopAuditInstanceNew": stop_new,
}
OPERATIONS = POSTS | LISTS


def is_flat(operation):
    """Whether errors of the service have the flat shape."""
    return SHAPE == "flat" or (SHAPE == "documented" and operation != "StopAuditInstance")


def equal(what, found, expected):
    assert found == expected, f"{what} is {found!r}, not {expected!r}"


def expect_error(call, status, code, message):
    """The call fails with this error, and with the request id of the response."""
    try:
        response = call()
    except exceptions.ServiceResponseException as error:
        expected = exceptions.ClientRequestException if status < 500 else exceptions.ServerResponseException
        equal("the exception", type(error), expected)
        equal("status_code", error.status_code, status)
        equal("error_code", error.error_code, code)
        if callable(message):
            assert message(error.error_msg), f"error_msg is {error.error_msg!r}"
        else:
            equal("error_msg", error.error_msg, message)
        last = received()[-1]
        equal("request_id", error.request_id, last["request_id"])
        equal("the status that was recorded", last["status"], status)
        return error
    raise AssertionError(f"no exception, but {response}")


def raises(kind, call):
    try:
        response = call()
    except kind as error:
        return error
    raise AssertionError(f"no {kind.__name__}, but {response}")


def check(title):
    """Runs the function as a check, on a fresh state."""

    def run(function):
        global passed
        admin("DELETE", "faults")
        admin("DELETE", "state")
        try:
            function()
        except Exception as error:  # a failed check does not keep the others from running
            failed.append(title)
            print(f"FAILED  [{SHAPE}] {title}")
            reason = str(error) if isinstance(error, AssertionError) else traceback.format_exc()
            print("        " + (reason or traceback.format_exc()).strip().replace("\n", "\n        "))
        else:
            passed += 1
            print(f"ok      [{SHAPE}] {title}")

    return run


def incorrect(part):
    start = "Incorrect IAM authentication information: "
    return lambda message: message.startswith(start) and part in message


dbss = None


# What works.


@check("finds its project by the region")
def _():
    global dbss
    admin("DELETE", "requests")
    dbss = client()
    equal("project_id", dbss._credentials.project_id, PROJECT)
    asked = [(each["method"], each["path"], each["status"]) for each in received()]
    equal("what was received", asked, [("GET", "/v3/projects?name=cn-north-4", 200)])


if dbss is None:
    print("without a client nothing else can be checked")
    sys.exit(1)


@check("switches scopes off and on again")
def _():
    response = switch(dbss, "OFF")
    equal("the response", (response.status_code, response.status), (200, "SUCCESS"))
    equal("the scopes that are on", scopes_on(), set())
    equal("the response", switch(dbss, "ON", SCOPES[:1]).status, "SUCCESS")
    equal("the scopes that are on", scopes_on(), {SCOPES[0]})


@check("lists instances and scopes, page by page")
def _():
    listed = list_instances(dbss)
    equal("total", listed.total, 2)
    equal("the ids", [each.id for each in listed.instances], [INSTANCE, STOPPED_INSTANCE])
    equal("the names", [each.name for each in listed.instances], ["audit-running", "audit-stopped"])
    equal("the statuses", [each.status for each in listed.instances], ["ACTIVE", "SHUTOFF"])
    equal("the tasks", [each.task for each in listed.instances], ["NO_TASK", "NO_TASK"])
    equal("another field", [each.charge_model for each in listed.instances], ["Demand", "Demand"])
    equal("the second page", [each.id for each in list_instances(dbss, offset="1", limit="1").instances], [STOPPED_INSTANCE])
    equal("a page beyond", list_instances(dbss, offset="2").instances, [])
    listed = list_scopes(dbss)
    equal("total", listed.total, 3)
    equal("the statuses", [each.status for each in listed.scopes], ["ON", "ON", "OFF"])
    equal("all_audit", [each.all_audit for each in listed.scopes], [True, None, None])
    equal("the last page", len(list_scopes(dbss, offset="2", limit="1000").scopes), 1)
    switch(dbss, "OFF")
    equal("the statuses", [each.status for each in list_scopes(dbss).scopes], ["OFF", "OFF", "OFF"])


def listed_state(instance_id):
    found = next(each for each in list_instances(dbss).instances if each.id == instance_id)
    return found.status, found.task


def takes_a_while(call, instance_id, before, task, after):
    """The list shows the task until it has ended, and then the new status."""
    equal("the instance", listed_state(instance_id), (before, "NO_TASK"))
    response = call(dbss, instance_id)
    equal("the response", (response.status_code, response.result), (200, "success"))
    equal("the instance", listed_state(instance_id), (before, task))
    advance(3)
    equal("the instance", listed_state(instance_id), (after, "NO_TASK"))


@check("stops an instance at the documented path, after a delay")
def _():
    takes_a_while(stop, INSTANCE, "ACTIVE", "powering-off", "SHUTOFF")


@check("stops an instance at the current path, starts it again, and reboots it")
def _():
    takes_a_while(stop_new, INSTANCE, "ACTIVE", "powering-off", "SHUTOFF")
    takes_a_while(start_new, INSTANCE, "SHUTOFF", "powering-on", "ACTIVE")
    takes_a_while(reboot_new, INSTANCE, "ACTIVE", "rebooting", "ACTIVE")


@check("works with a temporary key and its security token")
def _():
    temporary = client(
        "INTEROPTEMPORARYAK01", "interop-temporary-secret-key-not-real-01", "interop-security-token-not-real"
    )
    equal("project_id", temporary._credentials.project_id, PROJECT)
    equal("the response", switch(temporary).status, "SUCCESS")


@check("signs ids that have to be encoded")
def _():
    # An error about the instance shows that the signature was accepted.
    for odd in ("with space and ümlaut", "with?&;+=~", "with/slash", "with%2Fescape"):
        expect_error(lambda odd=odd: switch(dbss, instance_id=odd + "-" * 32), 400, *INVALID_ID)


@check("takes a 200 with a failed outcome for a success, as it always does")
def _():
    for operation in POSTS:
        fault(kind="failed", operation=operation)
    equal("status", switch(dbss).status, "FAILED")
    for call in (stop, start_new, reboot_new, stop_new):
        equal("result", call(dbss).result, "failed")


# 400.


@check("400: an instance that cannot be stopped, started or rebooted")
def _():
    expect_error(lambda: stop(dbss, STOPPED_INSTANCE), 400, *CANNOT_STOP)
    expect_error(lambda: reboot_new(dbss, STOPPED_INSTANCE), 400, *CANNOT_REBOOT)
    expect_error(lambda: start_new(dbss, INSTANCE), 400, *CANNOT_START)
    stop(dbss)
    for call, expected in ((stop, CANNOT_STOP), (stop_new, CANNOT_STOP), (reboot_new, CANNOT_REBOOT), (start_new, CANNOT_START)):
        expect_error(lambda call=call: call(dbss, INSTANCE), 400, *expected)


@check("400: an unknown instance, an unknown scope")
def _():
    for call in (stop, start_new, reboot_new, stop_new, list_scopes):
        expect_error(lambda call=call: call(dbss, UNKNOWN_INSTANCE), 400, *INVALID_ID)
    expect_error(lambda: switch(dbss, instance_id=UNKNOWN_INSTANCE), 400, *INVALID_ID)
    expect_error(lambda: switch(dbss, ids=["bm8tc3VjaC1zY29wZQ"]), 400, *INVALID_ID)


@check("400: a page that the contract does not allow")
def _():
    for page in ({"limit": "0"}, {"limit": "1001"}, {"limit": "many"}, {"offset": "-1"}):
        for call in LISTS.values():
            expect_error(lambda call=call, page=page: call(dbss, **page), 400, *INVALID)


@check("400: a body that does not fit")
def _():
    for call in (stop, start_new, reboot_new, stop_new):
        expect_error(lambda call=call: call(dbss, "short"), 400, *INVALID)
    expect_error(lambda: switch(dbss, status="AUS"), 400, *INVALID)
    expect_error(lambda: switch(dbss, ids=[]), 400, *INVALID)
    expect_error(lambda: dbss.stop_audit_instance(StopAuditInstanceRequest()), 400, *INVALID)
    nothing = SetAuditScopeRuleSwitchRequest(instance_id=INSTANCE)
    expect_error(lambda: dbss.set_audit_scope_rule_switch(nothing), 400, *INVALID)


# 401.


@check("401: a wrong signature, with the canonical request of the gateway")
def _():
    wrong = client(secret="not-the-secret-key", project=PROJECT)
    for name, call in OPERATIONS.items():
        method = "GET" if name in LISTS else "POST"
        path = "/v2/" if name in ("SetAuditScopeRuleSwitch", "ListAuditInstancesLast") else "/v1/"
        explained = lambda message, start=f"{method}|{path}{PROJECT}/": (
            incorrect("verify aksk signature fail")(message) and start in message
        )
        expect_error(lambda call=call: call(wrong), 401, "APIGW.0301", explained)
        # A right one in between keeps the key from being locked.
        list_instances(dbss)


@check("401: a wrong signature when it looks for its project")
def _():
    # Of another region, since the client remembers what it found for a key.
    region = {"HUAWEICLOUD_SDK_REGION_DBSS_CN_EAST_3": EMULATOR, "HUAWEICLOUD_SDK_SK": "not-the-secret-key"}
    with environment(**region):
        build = DbssClient.new_builder().with_region(DbssRegion.value_of("cn-east-3")).build
        error = raises(exceptions.SdkException, build)
    assert "APIGW.0301" in str(error.error_msg), error.error_msg
    assert "verify aksk signature fail" in str(error.error_msg), error.error_msg
    switch(dbss)


@check("401: an unknown key")
def _():
    unknown = client(key="INTEROPUNKNOWNAK0001", project=PROJECT)
    for call in OPERATIONS.values():
        expect_error(lambda call=call: call(unknown), 401, "APIGW.0301", incorrect(""))


@check("401: a wrong security token")
def _():
    key = ("INTEROPTEMPORARYAK01", "interop-temporary-secret-key-not-real-01")
    wrong = client(*key, token="not-the-token", project=PROJECT)
    for call in OPERATIONS.values():
        expect_error(lambda call=call: call(wrong), 401, "APIGW.0301", incorrect(""))


@check("401: a key is locked after five wrong signatures, and free after five minutes")
def _():
    key = "INTEROPLOCKEDAK00001"
    right = client(key, "interop-locked-secret-key-not-real-00001", project=PROJECT)
    wrong = client(key, "not-the-secret-key", project=PROJECT)
    for _ in range(5):
        expect_error(lambda: switch(wrong), 401, "APIGW.0301", incorrect("verify aksk signature fail"))
    for call in OPERATIONS.values():
        expect_error(
            lambda call=call: call(right), 401, "APIGW.0301", incorrect("AK access failed to reach the limit")
        )
    advance(5 * 60 + 1)
    equal("the response", switch(right).status, "SUCCESS")


@check("401: the response that the contract documents for a switch")
def _():
    fault(kind="documented", status=401, operation="SetAuditScopeRuleSwitch")
    expect_error(lambda: switch(dbss), 401, *FORBIDDEN)


# 403.


@check("403: a user without the permission")
def _():
    reader = client("INTEROPREADERAK00001", "interop-reader-secret-key-not-real-00001", project=PROJECT)
    for name, call in OPERATIONS.items():
        error = expect_error(lambda call=call: call(reader), 403, *FORBIDDEN)
        equal("whether there is an encoded message", bool(error.encoded_auth_msg), is_flat(name))


@check("403: an unknown project, a project of another region")
def _():
    for project in ("0" * 32, OTHER_PROJECT):
        foreign = client(project=project)
        for call in OPERATIONS.values():
            expect_error(lambda call=call: call(foreign), 403, *FORBIDDEN)


# 404, 429, 500 and worse.


@check("404: paths that the contract does not have")
def _():
    body = ServerIdBean(instance_id=INSTANCE)
    expect_error(lambda: dbss.start_audit_instance(StartAuditInstanceRequest(body=body)), 404, *NO_SUCH_API)
    expect_error(lambda: dbss.list_audit_instances(ListAuditInstancesRequest()), 404, *NO_SUCH_API)


@check("404: the documented path once it is offline, where the current one still works")
def _():
    fault(kind="offline", operation="StopAuditInstance", forever=True)
    for _ in range(2):
        expect_error(lambda: stop(dbss), 404, *NO_SUCH_API)
    equal("the instance", listed_state(INSTANCE), ("ACTIVE", "NO_TASK"))
    equal("the response", stop_new(dbss).result, "success")


@check("429: throttled")
def _():
    for operation, call in OPERATIONS.items():
        fault(kind="throttle", retry_after=1, operation=operation)
        if operation in POSTS:
            expect_error(lambda call=call: call(dbss), 429, *THROTTLED)
        else:
            # Of a GET, this client loses what the service says.
            error = raises(exceptions.ClientRequestException, lambda call=call: call(dbss))
            equal("status_code", error.status_code, 429)
        equal("the faults that wait", admin("GET", "faults")["faults"], [])


@check("500: the response that the contract documents")
def _():
    for operation, call in OPERATIONS.items():
        fault(kind="documented", status=500, operation=operation)
        expect_error(lambda call=call: call(dbss), 500, *INTERNAL)


@check("500: a custom response, in either shape and empty")
def _():
    fields = {"error_code": "DBSS.10020102", "error_msg": "database operation failed"}
    for operation, call in OPERATIONS.items():
        for body in (fields, {"error": fields}):
            fault(kind="response", status=500, body=body, operation=operation)
            expect_error(lambda call=call: call(dbss), 500, *fields.values())
        fault(kind="response", status=503, operation=operation)
        expect_error(lambda call=call: call(dbss), 503, "503", "")


@check("502: a page of HTML")
def _():
    for operation, call in OPERATIONS.items():
        fault(kind="html", status=502, operation=operation)
        expect_error(lambda call=call: call(dbss), 502, "502", lambda text: "<html>" in text)


@check("no response: a connection that is reset")
def _():
    for operation, call in OPERATIONS.items():
        fault(kind="reset", operation=operation)
        raises(exceptions.ConnectionException, lambda call=call: call(dbss))


@check("the call takes effect although its response is lost")
def _():
    fault(kind="reset", operation="SetAuditScopeRuleSwitch", after_effect=True)
    raises(exceptions.ConnectionException, lambda: switch(dbss))
    equal("the scopes that are on", scopes_on(), set())


# Last, since the emulator's clock only goes forward.


@check("401: a clock that is more than 15 minutes off")
def _():
    advance(16 * 60)
    for call in OPERATIONS.values():
        expect_error(lambda call=call: call(dbss), 401, "APIGW.0301", incorrect("signature expired"))


print(f"python-sdk, errors {SHAPE}: {passed} passed, {len(failed)} failed")
sys.exit(1 if failed else 0)
