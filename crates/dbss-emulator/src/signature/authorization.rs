//! The header `Authorization` of a signed request.

use super::ALGORITHM;

/// What the header says:
/// `SDK-HMAC-SHA256 Access=…, SignedHeaders=a;b, Signature=…`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Authorization<'a> {
    /// The access key, AK.
    pub(crate) access_key: &'a str,
    /// The names of the headers that are signed, as the client lists them.
    pub(crate) signed_headers: Vec<&'a str>,
    /// The signature, decoded.
    pub(crate) signature: Vec<u8>,
}

/// Why a header is no authorization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Malformed {
    #[error("the algorithm is not SDK-HMAC-SHA256, the only one emulated")]
    Algorithm,
    #[error("Authorization lacks `{0}`")]
    Missing(&'static str),
    #[error(
        "Authorization has a part that is none of Access, SignedHeaders, Signature, or one twice"
    )]
    Part,
    #[error("the signature is not hexadecimal")]
    Signature,
}

impl<'a> Authorization<'a> {
    /// Reads the header. Blanks around its parts do not matter.
    pub(crate) fn read(header: &'a str) -> Result<Self, Malformed> {
        let (algorithm, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        if algorithm != ALGORITHM {
            return Err(Malformed::Algorithm);
        }
        let (mut access, mut signed, mut signature) = (None, None, None);
        for part in rest.split(',') {
            let (name, value) = part.trim().split_once('=').ok_or(Malformed::Part)?;
            let place = match name {
                "Access" => &mut access,
                "SignedHeaders" => &mut signed,
                "Signature" => &mut signature,
                _ => return Err(Malformed::Part),
            };
            if place.replace(value.trim()).is_some() {
                return Err(Malformed::Part);
            }
        }
        let filled = |part: Option<&'a str>, name| {
            part.filter(|part| !part.is_empty()).ok_or(Malformed::Missing(name))
        };
        Ok(Self {
            access_key: filled(access, "Access")?,
            signed_headers: filled(signed, "SignedHeaders")?.split(';').collect(),
            signature: unhex(filled(signature, "Signature")?).ok_or(Malformed::Signature)?,
        })
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
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
    fn blanks_do_not_matter() {
        let read = Authorization::read(
            " SDK-HMAC-SHA256  Access=AK,SignedHeaders=host;x-sdk-date ,  Signature=00fF ",
        );
        let expected = Authorization {
            access_key: "AK",
            signed_headers: vec!["host", "x-sdk-date"],
            signature: vec![0, 255],
        };
        assert_eq!(read, Ok(expected));
    }

    #[test]
    fn what_does_not_fit_is_told_apart() {
        let all = "Access=AK, SignedHeaders=host, Signature=";
        for (header, expected) in [
            (String::new(), Malformed::Algorithm),
            (format!("SDK-HMAC-SM3 {all}00"), Malformed::Algorithm),
            ("SDK-HMAC-SHA256".into(), Malformed::Part),
            ("SDK-HMAC-SHA256 Access=AK".into(), Malformed::Missing("SignedHeaders")),
            (format!("SDK-HMAC-SHA256 {all}"), Malformed::Missing("Signature")),
            (format!("SDK-HMAC-SHA256 {all}0"), Malformed::Signature),
            (format!("SDK-HMAC-SHA256 {all}0g"), Malformed::Signature),
            (format!("SDK-HMAC-SHA256 {all}00, Access=AK"), Malformed::Part),
            (format!("SDK-HMAC-SHA256 {all}00, Region=x"), Malformed::Part),
        ] {
            assert_eq!(Authorization::read(&header), Err(expected), "{header}");
        }
    }
}
