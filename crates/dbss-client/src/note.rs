//! What is worth knowing of a configuration, and is no problem.

use std::fmt;
use std::path::PathBuf;

use crate::text;

/// Something of a configuration that works, and that its owner may want to know;
/// [`Client::notes`](crate::Client::notes) has them.
///
/// `Display` shows it as a fragment of a sentence, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// A variable has several addresses, of which the first is used. There is no failover.
    FirstOfSeveralAddresses {
        /// The name of the variable.
        variable: String,
        /// The address that is used.
        used: String,
        /// How many are not.
        ignored: usize,
    },
    /// A profile file holds a secret key, and its permissions let other users of the machine
    /// read it. Not found out on Windows.
    ProfileReadableByOthers {
        /// The path of the file.
        path: PathBuf,
    },
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FirstOfSeveralAddresses { variable, used, ignored } => {
                write!(
                    f,
                    "{variable} has {} addresses, of which the first is used: ",
                    ignored + 1
                )?;
                f.write_str(&text::escaped(&text::without_login(used)))
            }
            Self::ProfileReadableByOthers { path } => {
                let path = path.to_string_lossy();
                let path = text::escaped(&path);
                write!(f, "others can read the profile file {path}, which holds a secret key: ")?;
                write!(f, "`chmod 600 {path}` keeps it to its owner")
            }
        }
    }
}
