//! What the end of an attempt means: whether it may have been carried out, and
//! whether another one may do better.

use http::StatusCode;

use crate::http::Failure;

/// Whether an attempt that ended so may have been carried out.
pub(crate) fn may_have_taken_effect(ended: Result<StatusCode, Failure>) -> bool {
    match ended.map(|status| status.as_u16()) {
        // The service may have had all of the request before it lost patience.
        Ok(408) => true,
        // What is refused, throttled or sent elsewhere is not carried out.
        Ok(status) => !matches!(status, 300..=499),
        Err(failure) => failure.was_sent(),
    }
}

/// Whether another attempt may do better than one that ended so, and does no harm.
pub(crate) fn is_worth_repeating(ended: Result<StatusCode, Failure>, idempotent: bool) -> bool {
    match ended {
        Ok(status) => is_transient(status, idempotent),
        Err(Failure::Connect) => true,
        Err(Failure::Timeout | Failure::Interrupted) => idempotent,
        // Neither will be better the next time.
        Err(Failure::Tls | Failure::Unbuilt) => false,
    }
}

/// The same of an answer.
pub(crate) fn is_transient(status: StatusCode, idempotent: bool) -> bool {
    match status.as_u16() {
        // Throttled: it was not carried out.
        429 => true,
        408 | 502..=504 => idempotent,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::unnecessary_wraps, reason = "an end of an attempt, as the others")]
    fn status(code: u16) -> Result<StatusCode, Failure> {
        Ok(StatusCode::from_u16(code).unwrap_or_default())
    }

    #[test]
    fn refused_and_unsent_requests_have_not_taken_effect() {
        for ended in [300, 302, 400, 401, 403, 404, 409, 429, 499].map(status) {
            assert!(!may_have_taken_effect(ended), "{ended:?}");
        }
        for failure in [Failure::Tls, Failure::Connect, Failure::Unbuilt] {
            assert!(!may_have_taken_effect(Err(failure)), "{failure:?}");
        }
    }

    #[test]
    fn answers_and_losses_that_leave_doubt_may_have_taken_effect() {
        for ended in [200, 204, 408, 500, 502, 503, 504, 599].map(status) {
            assert!(may_have_taken_effect(ended), "{ended:?}");
        }
        for failure in [Failure::Timeout, Failure::Interrupted] {
            assert!(may_have_taken_effect(Err(failure)), "{failure:?}");
        }
    }

    #[test]
    fn what_may_have_taken_effect_is_repeated_only_where_that_is_harmless() {
        let ends = (100..600).map(status).chain(
            [Failure::Timeout, Failure::Interrupted, Failure::Connect, Failure::Tls].map(Err),
        );
        for ended in ends.filter(|ended| is_worth_repeating(*ended, false)) {
            assert!(!may_have_taken_effect(ended), "{ended:?}");
        }
    }
}
