//! What to do about the documented error codes.
//!
//! Source: the error code page of the DBSS API reference and the one of API
//! signing, which documents the gateway's codes.

/// The number in an error code of the gateway, whose codes occur with several prefixes.
fn number_of_gateway(code: &str) -> Option<&str> {
    ["APIGW.", "APIG.", "APIC."].iter().find_map(|prefix| code.strip_prefix(prefix))
}

/// Whether an error code is the gateway's, and not the service's.
pub(crate) fn is_code_of_gateway(code: &str) -> bool {
    number_of_gateway(code).is_some()
}

/// What the documentation advises for a code of the service or the gateway.
pub(super) fn of(code: &str, message: Option<&str>) -> Option<&'static str> {
    let says = |text: &str| message.is_some_and(|m| m.to_ascii_lowercase().contains(text));
    if let Some(number) = number_of_gateway(code) {
        return match number {
            "0101" | "0103" => Some("check the endpoint, the region and the path"),
            "0201" => Some(
                "check the size of the request, and try again later if the service cannot be reached",
            ),
            "0301" if says("forbidden") && says("reach the limit") => Some(
                "the access key is locked after repeated failures: check the secret key and wait five minutes",
            ),
            "0301" if says("expired, signature time") => Some("set the clock of this machine"),
            "0301" if says("aksk signature fail") => {
                Some("check the access key and its secret key")
            }
            "0301" if says("token") => Some("get a new token from IAM"),
            "0301" => Some("check the token, or the access key and its secret key"),
            "0302" => Some("ask for the permission that the operation needs"),
            "0303" => Some("check the app's credentials"),
            "0307" => Some("get a new token from IAM, for the region of the endpoint"),
            "0308" => Some("call less often, and try again later"),
            _ => None,
        };
    }
    match code {
        "DBSS.10000001" | "DBSS.10020021" | "DBSS.10020101" | "DBSS.10020102" => {
            Some("check the parameters of the request")
        }
        "DBSS.10020100" => Some("check the token"),
        "DBSS.10020118" => Some("delete some databases, or buy another instance"),
        "DBSS.10020130" | "DBSS.10020131" | "DBSS.10020132" | "DBSS.100210016"
        | "DBSS.11000000" => Some("contact the administrator of the service"),
        "DBSS.10020140" => Some("check the order id"),
        "DBSS.10021004" => Some("check the path of the ECS"),
        _ => None,
    }
}
