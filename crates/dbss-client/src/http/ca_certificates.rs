//! Certificate authorities that are trusted in addition to the platform's: given as PEM, by
//! file, or by the environment.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::tls;
use crate::input::{Problem, ProblemKind};
use crate::text;
use crate::variables::Lookup;

/// The file of authorities that OpenSSL, curl and others read, and on some platforms the
/// loader of the platform's certificates.
pub(crate) const SSL_CERT_FILE: &str = "SSL_CERT_FILE";

/// The largest file that is read. The authorities of a whole platform take 300 kB.
const LARGEST: u64 = 16 << 20;

/// Certificates in PEM, not parsed yet.
pub(crate) struct CaCertificates {
    /// The setting that they come from.
    field: &'static str,
    file: Option<PathBuf>,
    #[cfg_attr(
        not(any(feature = "native-tls", feature = "__rustls")),
        expect(dead_code, reason = "without TLS, certificates are refused unread")
    )]
    pem: Vec<u8>,
}

impl CaCertificates {
    /// Those of the builder's settings and of `SSL_CERT_FILE`.
    pub(crate) fn of_settings(
        pem: &[Vec<u8>],
        files: &[PathBuf],
        lookup: Lookup<'_>,
        problems: &mut Vec<Problem>,
    ) -> Vec<Self> {
        let given = |pem: &Vec<u8>| Self { field: "ca_certificate", file: None, pem: pem.clone() };
        let mut all: Vec<_> = pem.iter().map(given).collect();
        // Without TLS it is meant for other programs.
        let variable = lookup(SSL_CERT_FILE).filter(|file| !file.is_empty() && tls::IS_THERE);
        let files = files.iter().map(|file| ("ca_file", file.clone()));
        let variable = variable.map(|file: OsString| (SSL_CERT_FILE, PathBuf::from(file)));
        for (field, file) in files.chain(variable) {
            match read(&file) {
                Ok(pem) => all.push(Self { field, file: Some(file), pem }),
                Err(error) => {
                    let reason = format!("cannot be read: {}", text::io_error(&error));
                    let unread = Self { field, file: Some(file), pem: Vec::new() };
                    problems.push(unread.refused(&reason));
                }
            }
        }
        all
    }

    #[cfg(any(feature = "native-tls", feature = "__rustls"))]
    pub(crate) fn pem(&self) -> &[u8] {
        &self.pem
    }

    /// Whether certificates that cannot be used are left out, as long as there are others. A
    /// platform's own bundle may hold some.
    #[cfg(all(feature = "__rustls", not(feature = "native-tls")))]
    pub(crate) fn is_lenient(&self) -> bool {
        self.field == SSL_CERT_FILE
    }

    /// The problem with these, such as `holds no certificate in PEM`.
    pub(crate) fn refused(&self, reason: &str) -> Problem {
        problem(self.field, self.file.as_deref(), reason)
    }
}

/// The problem with a file or folder of certificates.
pub(crate) fn problem(field: &str, file: Option<&Path>, reason: &str) -> Problem {
    let reason = match file {
        Some(file) => {
            let file = file.to_string_lossy();
            // An address may have been given in place of a path.
            format!("`{}` {reason}", text::escaped(&text::without_login(&file)))
        }
        None => reason.to_owned(),
    };
    Problem::configuration(field, ProblemKind::InvalidCertificate { reason })
}

fn read(file: &Path) -> io::Result<Vec<u8>> {
    let mut pem = Vec::new();
    let file = File::open(file)?;
    if file.take(LARGEST + 1).read_to_end(&mut pem)? as u64 > LARGEST {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 16 MiB"));
    }
    Ok(pem)
}
