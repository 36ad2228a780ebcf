//! Decides which statuses (429, 503, …) and failures are retried, and which attempts may
//! have taken effect.

use http::StatusCode;

use crate::http::TransportFailureKind;

/// Whether an attempt that ended in this way may have taken effect.
pub(crate) fn may_have_taken_effect(ended: Result<StatusCode, TransportFailureKind>) -> bool {
    match ended.map(|status| status.as_u16()) {
        // The service may have received all of the request before its timeout.
        Ok(408) => true,
        // A request that is refused, throttled or redirected has no effect.
        Ok(status) => !matches!(status, 300..=499),
        Err(failure) => failure.was_sent(),
    }
}

/// Whether an attempt that ended in this way is retried: another one may succeed, and
/// does no harm.
pub(crate) fn is_retryable(
    ended: Result<StatusCode, TransportFailureKind>,
    idempotent: bool,
) -> bool {
    match ended {
        Ok(status) => is_retryable_status(status, idempotent),
        Err(TransportFailureKind::Connect) => true,
        Err(TransportFailureKind::Timeout | TransportFailureKind::Interrupted) => idempotent,
        // Another attempt would fail in the same way.
        Err(TransportFailureKind::Tls | TransportFailureKind::InvalidRequest) => false,
    }
}

/// The same for a response.
pub(crate) fn is_retryable_status(status: StatusCode, idempotent: bool) -> bool {
    match status.as_u16() {
        // Throttled: it had no effect.
        429 => true,
        408 | 502..=504 => idempotent,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[allow(clippy::unnecessary_wraps, reason = "an end of an attempt, as the others")]
    fn status(code: u16) -> Result<StatusCode, TransportFailureKind> {
        Ok(StatusCode::from_u16(code).unwrap_or_default())
    }

    #[test]
    fn reports_no_effect_of_rejected_and_unsent_requests() {
        for ended in [300, 302, 400, 401, 403, 404, 409, 429, 499].map(status) {
            assert!(!may_have_taken_effect(ended), "{ended:?}");
        }
        for failure in [
            TransportFailureKind::Tls,
            TransportFailureKind::Connect,
            TransportFailureKind::InvalidRequest,
        ] {
            assert!(!may_have_taken_effect(Err(failure)), "{failure:?}");
        }
    }

    #[test]
    fn reports_possible_effect_of_successes_and_lost_responses() {
        for ended in [200, 204, 408, 500, 502, 503, 504, 599].map(status) {
            assert!(may_have_taken_effect(ended), "{ended:?}");
        }
        for failure in [TransportFailureKind::Timeout, TransportFailureKind::Interrupted] {
            assert!(may_have_taken_effect(Err(failure)), "{failure:?}");
        }
    }

    #[test]
    fn retries_only_without_possible_effect_unless_idempotent() {
        let ends = (100..600).map(status).chain(
            [
                TransportFailureKind::Timeout,
                TransportFailureKind::Interrupted,
                TransportFailureKind::Connect,
                TransportFailureKind::Tls,
            ]
            .map(Err),
        );
        for ended in ends.filter(|ended| is_retryable(*ended, false)) {
            assert!(!may_have_taken_effect(ended), "{ended:?}");
        }
    }
}
