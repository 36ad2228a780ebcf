//! What is wrong with a certificate, and with which one of its chain, in words.

use std::fmt;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, DigitallySignedStruct, Error, InvalidMessage, OtherError, SignatureScheme,
};
use rustls_platform_verifier::Verifier;
use webpki::EndEntityCert;

use super::certificate::{Certificate, day};

/// How many names of a certificate are shown.
const SHOWN_NAMES: usize = 5;

/// The server's own certificate, in a message.
const SERVERS: &str = "the server's certificate";

/// Verifies as the platform does, and says which certificate was refused and why.
#[derive(Debug)]
pub(super) struct ExplainingVerifier {
    /// `None` if there is not one trusted authority.
    pub(super) verifier: Option<Verifier>,
    pub(super) provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for ExplainingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let refused = match &self.verifier {
            Some(verifier) => verifier.verify_server_cert(
                end_entity,
                intermediates,
                server_name,
                ocsp_response,
                now,
            ),
            None => Err(CertificateError::UnknownIssuer.into()),
        };
        refused.map_err(|error| match error {
            Error::InvalidCertificate(error) => {
                let chain = std::iter::once(end_entity).chain(intermediates);
                let refusal = Refusal {
                    error,
                    nothing_is_trusted: self.verifier.is_none(),
                    names: dns_names(end_entity),
                    chain: chain.map(|der| Certificate::read(der)).collect(),
                };
                CertificateError::Other(OtherError(Arc::new(refusal))).into()
            }
            error => error,
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signed, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signed, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn dns_names(certificate: &CertificateDer<'_>) -> Vec<String> {
    let certificate = EndEntityCert::try_from(certificate).ok();
    let names = certificate.iter().flat_map(|certificate| certificate.valid_dns_names());
    names.map(str::to_owned).collect()
}

/// A certificate that was not accepted: why, and what is known of the chain it came with.
#[derive(Debug)]
struct Refusal {
    error: CertificateError,
    nothing_is_trusted: bool,
    /// The hosts that the server's certificate is for.
    names: Vec<String>,
    /// The server's certificate, and those that it sent with it. Empty if not known.
    chain: Vec<Certificate>,
}

/// A TLS error in words.
pub(super) fn in_words(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(CertificateError::Other(OtherError(inner)))
            if inner.is::<Refusal>() =>
        {
            inner.to_string()
        }
        // By the verifier of a custom HTTP client.
        Error::InvalidCertificate(error) => {
            let (nothing_is_trusted, names, chain) = (false, Vec::new(), Vec::new());
            Refusal { error: error.clone(), nothing_is_trusted, names, chain }.to_string()
        }
        Error::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the server does not speak TLS on this port".to_owned()
        }
        Error::PeerIncompatible(_) => {
            format!("the server has no version or cipher of TLS that is supported here: {error}")
        }
        Error::AlertReceived(alert) => {
            format!("the server ended the handshake with the alert `{alert:?}`")
        }
        Error::NoCertificatesPresented => "the server sent no certificate".to_owned(),
        error => error.to_string(),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.nothing_is_trusted {
            return write!(
                f,
                "{SERVERS} is not trusted, and no other would be: there are no certificates of \
                 authorities on this machine, and none were given"
            );
        }
        match &self.error {
            CertificateError::ExpiredContext { time, not_after } => {
                let which =
                    self.which(|certificate| certificate.not_after == Some(not_after.as_secs()));
                write!(f, "{which} expired on {} ({})", Day(*not_after), Clock(*time))
            }
            CertificateError::Expired => write!(f, "{SERVERS}, or one of its chain, has expired"),
            CertificateError::NotValidYetContext { time, not_before } => {
                let which =
                    self.which(|certificate| certificate.not_before == Some(not_before.as_secs()));
                write!(f, "{which} is not valid before {} ({})", Day(*not_before), Clock(*time))
            }
            CertificateError::NotValidYet => {
                write!(f, "{SERVERS}, or one of its chain, is not valid yet")
            }
            CertificateError::UnknownIssuer => self.word_unknown_issuer(f),
            CertificateError::NotValidForNameContext { expected, .. } => {
                self.word_other_names(&expected.to_str(), f)
            }
            CertificateError::NotValidForName => write!(f, "{SERVERS} is for another host"),
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                word_purpose(f)
            }
            CertificateError::Revoked => write!(f, "{SERVERS}, or one of its chain, was revoked"),
            CertificateError::BadEncoding => {
                write!(f, "{SERVERS}, or one of its chain, cannot be read")
            }
            CertificateError::BadSignature => {
                write!(
                    f,
                    "{SERVERS}, or one of its chain, was not signed by the issuer that it names"
                )
            }
            CertificateError::UnhandledCriticalExtension => word_extension(f),
            CertificateError::Other(OtherError(inner)) => match inner.downcast_ref() {
                Some(error) => word_other(error, f),
                // Of webpki's verifier, what is not webpki's is the platform verifier's only
                // error of its own: a certificate for another purpose.
                None if cfg!(all(
                    unix,
                    not(target_vendor = "apple"),
                    not(target_os = "android")
                )) =>
                {
                    word_purpose(f)
                }
                None => write!(f, "{SERVERS} is not accepted: {inner}"),
            },
            error => write!(f, "{SERVERS} is not accepted: {error}"),
        }
    }
}

impl std::error::Error for Refusal {}

impl Refusal {
    /// The certificate of the chain that fits.
    fn which(&self, fits: impl Fn(&Certificate) -> bool) -> String {
        match self.chain.iter().position(&fits) {
            Some(0) => SERVERS.to_owned(),
            None if self.chain.is_empty() => format!("{SERVERS}, or one of its chain,"),
            Some(position) => match self.chain.get(position).and_then(|it| it.subject.as_deref()) {
                Some(subject) => format!("the certificate of `{subject}`, in the server's chain,"),
                None => "a certificate of the server's chain".to_owned(),
            },
            None => "the certificate of an authority that is trusted here".to_owned(),
        }
    }

    fn word_unknown_issuer(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(first), Some(last)) = (self.chain.first(), self.chain.last()) else {
            return write!(f, "{SERVERS} is issued by an authority that is not trusted here");
        };
        if first.is_self_issued {
            return write!(f, "{SERVERS} is self-signed, and it is not trusted here");
        }
        let issuer = |it: &Certificate| match &it.issuer {
            Some(issuer) => format!("`{issuer}`"),
            None => "an authority without a name".to_owned(),
        };
        write!(f, "{SERVERS} is issued by {}", issuer(first))?;
        if self.chain.len() > 1 {
            write!(f, ", and its chain ends with {}", issuer(last))?;
        }
        f.write_str(", which is not trusted here")
    }

    fn word_other_names(&self, expected: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SERVERS} is ")?;
        for (position, name) in self.names.iter().take(SHOWN_NAMES).enumerate() {
            write!(f, "{}`{name}`", if position == 0 { "for " } else { ", " })?;
        }
        match self.names.len() {
            0 => {}
            count @ ..=SHOWN_NAMES => write!(f, "{}and ", if count > 1 { ", " } else { " " })?,
            count => write!(f, " and {} more names, and ", count - SHOWN_NAMES)?,
        }
        write!(f, "not for `{expected}`")
    }
}

fn word_purpose(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{SERVERS} is not for servers, by its extended key usage")
}

fn word_extension(f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{SERVERS}, or one of its chain, has a critical extension that is not supported")
}

/// What rustls passes on from its verifier as it is.
fn word_other(error: &webpki::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match error {
        webpki::Error::CaUsedAsEndEntity => write!(
            f,
            "{SERVERS} is one of an authority (CA), which a server cannot use as its own: it needs \
             one that the authority has issued"
        ),
        webpki::Error::EndEntityUsedAsCa => {
            write!(f, "{SERVERS} is issued by a certificate that is no authority (CA)")
        }
        webpki::Error::NameConstraintViolation => {
            write!(f, "{SERVERS} is for names that its authority may not issue certificates for")
        }
        webpki::Error::PathLenConstraintViolated | webpki::Error::MaximumPathDepthExceeded => {
            write!(f, "{SERVERS} has a longer chain than its authority allows")
        }
        webpki::Error::UnsupportedCertVersion => {
            write!(f, "{SERVERS}, or one of its chain, is not of X.509 version 3")
        }
        webpki::Error::UnsupportedCriticalExtension => word_extension(f),
        error => write!(f, "{SERVERS} is not accepted: {error}"),
    }
}

/// A day, as in `2026-01-15`.
struct Day(UnixTime);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match day(self.0.as_secs()) {
            Some(day) => f.write_str(&day),
            None => f.write_str("a day after the year 9999"),
        }
    }
}

/// What the time was when the certificate was checked: a wrong clock explains a lot.
struct Clock(UnixTime);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the clock of this machine says {}", Day(self.0))
    }
}
