//! The header `Authorization` of a signed request.

use std::collections::HashSet;

use super::ALGORITHM;

/// The parts of the header:
/// `SDK-HMAC-SHA256 Access=…, SignedHeaders=a;b, Signature=…`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Authorization<'a> {
    /// The access key (AK).
    pub(crate) access_key: &'a str,
    /// The names of the headers that are signed, as the client lists them.
    pub(crate) signed_headers: Vec<&'a str>,
    /// The signature, decoded.
    pub(crate) signature: Vec<u8>,
}

/// Why a header is not a valid authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidAuthorization {
    #[error("the algorithm is not SDK-HMAC-SHA256, the only one emulated")]
    Algorithm,
    #[error("Authorization lacks `{0}`")]
    Missing(&'static str),
    #[error(
        "Authorization has a part other than Access, SignedHeaders and Signature, or one of them twice"
    )]
    UnexpectedPart,
    #[error("SignedHeaders lists a header twice")]
    RepeatedHeader,
    #[error("the signature is not hexadecimal")]
    Signature,
}

impl<'a> Authorization<'a> {
    /// Parses the header. Blanks around its parts are ignored.
    pub(crate) fn parse(header: &'a str) -> Result<Self, InvalidAuthorization> {
        let (algorithm, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if algorithm != ALGORITHM {
            return Err(InvalidAuthorization::Algorithm);
        }
        let (mut access, mut signed, mut signature) = (None, None, None);
        for part in rest.split(',') {
            let (name, value) =
                part.trim().split_once('=').ok_or(InvalidAuthorization::UnexpectedPart)?;
            let slot = match name {
                "Access" => &mut access,
                "SignedHeaders" => &mut signed,
                "Signature" => &mut signature,
                _ => return Err(InvalidAuthorization::UnexpectedPart),
            };
            if slot.replace(value.trim()).is_some() {
                return Err(InvalidAuthorization::UnexpectedPart);
            }
        }
        let required = |part: Option<&'a str>, name| {
            part.filter(|part| !part.is_empty()).ok_or(InvalidAuthorization::Missing(name))
        };
        let signed_headers: Vec<_> = required(signed, "SignedHeaders")?.split(';').collect();
        // The canonical request would have its value each time, and be as large as a thousand heads.
        let mut seen = HashSet::new();
        if !signed_headers.iter().all(|name| seen.insert(name.to_ascii_lowercase())) {
            return Err(InvalidAuthorization::RepeatedHeader);
        }
        Ok(Self {
            access_key: required(access, "Access")?,
            signed_headers,
            signature: decode_hex(required(signature, "Signature")?)
                .ok_or(InvalidAuthorization::Signature)?,
        })
    }
}

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| u8::try_from(digit(high)? * 16 + digit(low)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_blanks_around_parts() {
        let parsed = Authorization::parse(
            " SDK-HMAC-SHA256  Access=AK,SignedHeaders=host;x-sdk-date ,  Signature=00fF ",
        );
        let expected = Authorization {
            access_key: "AK",
            signed_headers: vec!["host", "x-sdk-date"],
            signature: vec![0, 255],
        };
        assert_eq!(parsed, Ok(expected));
    }

    #[test]
    fn rejects_malformed_headers() {
        let all = "Access=AK, SignedHeaders=host, Signature=";
        for (header, expected) in [
            (String::new(), InvalidAuthorization::Algorithm),
            (format!("SDK-HMAC-SM3 {all}00"), InvalidAuthorization::Algorithm),
            ("SDK-HMAC-SHA256".into(), InvalidAuthorization::UnexpectedPart),
            ("SDK-HMAC-SHA256 Access=AK".into(), InvalidAuthorization::Missing("SignedHeaders")),
            (format!("SDK-HMAC-SHA256 {all}"), InvalidAuthorization::Missing("Signature")),
            (format!("SDK-HMAC-SHA256 {all}0"), InvalidAuthorization::Signature),
            (format!("SDK-HMAC-SHA256 {all}0g"), InvalidAuthorization::Signature),
            (format!("SDK-HMAC-SHA256 {all}00, Access=AK"), InvalidAuthorization::UnexpectedPart),
            (format!("SDK-HMAC-SHA256 {all}00, Region=x"), InvalidAuthorization::UnexpectedPart),
            (
                "SDK-HMAC-SHA256 Access=AK, SignedHeaders=a;b;A, Signature=00".into(),
                InvalidAuthorization::RepeatedHeader,
            ),
        ] {
            assert_eq!(Authorization::parse(&header), Err(expected), "{header}");
        }
    }
}
