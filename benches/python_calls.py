"""Makes calls with Huawei's SDK for Python, one after the other, and prints how
many a second.

usage: python_calls.py COUNT, with HUAWEICLOUD_SDK_REGION_DBSS_CN_NORTH_4 set to
the address of the server.
"""

import sys
import time

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkdbss.v1 import (
    AuditScopeSwitchRequestNew,
    DbssClient,
    SetAuditScopeRuleSwitchRequest,
)
from huaweicloudsdkdbss.v1.region.dbss_region import DbssRegion

# The same as in src/lib.rs.
PROJECT = "0123456789abcdef0123456789abcdef"
INSTANCE = "1d07f606-92d2-441c-b05c-dca47e180552"
SCOPES = ["ne-pwZgBxmBODPrxTO7F", "hb-Wb2YBxmBODPrxTO7L"]


def main():
    count = int(sys.argv[1])
    credentials = BasicCredentials(
        "AKEXAMPLE0123456789A", "skExample0123456789skExample0123456789sk", PROJECT
    )
    client = (
        DbssClient.new_builder()
        .with_credentials(credentials)
        .with_region(DbssRegion.value_of("cn-north-4"))
        .build()
    )
    started = time.perf_counter()
    for _ in range(count):
        request = SetAuditScopeRuleSwitchRequest(
            instance_id=INSTANCE,
            body=AuditScopeSwitchRequestNew(ids=SCOPES, status="OFF"),
        )
        response = client.set_audit_scope_rule_switch(request)
        if response.status != "SUCCESS":
            raise SystemExit(f"the switch failed: {response}")
    print(round(count / (time.perf_counter() - started)))


if __name__ == "__main__":
    main()
