//! Version bumps: which one a change requires, and which one was declared.

use semver::Version;
use serde::Serialize;

use crate::verdict::{RustVerdict, Verdict, WireVerdict};
use crate::versions::Versions;

/// A version bump.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Bump {
    /// The version does not change.
    None,
    /// Callers are not affected.
    Patch,
    /// Something was added.
    Minor,
    /// Something breaks.
    Major,
}

impl Bump {
    /// The name in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The bump that leads from one version to another. As in Cargo, the first non-zero number of a
    /// version below 1.0 counts as its major number. `None` if one of them is not a semantic
    /// version.
    #[must_use]
    pub fn between(base: &str, head: &str) -> Option<Self> {
        let (base, head) = (Version::parse(base).ok()?, Version::parse(head).ok()?);
        if head <= base {
            return Some(Self::None);
        }
        let significant = |version: &Version| match (version.major, version.minor) {
            (0, 0) => (0, 0, version.patch),
            (0, minor) => (0, minor, 0),
            (major, _) => (major, 0, 0),
        };
        if significant(&base) != significant(&head) {
            return Some(Self::Major);
        }
        let minor = base.major == 0 || base.minor != head.minor;
        Some(if minor { Self::Minor } else { Self::Patch })
    }
}

/// The bumps of one versioned thing: the required one and the declared one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AxisBump {
    /// The bump that the findings require. Approved findings require none.
    pub required: Bump,
    /// The bump between the two versions; `None` if one is unknown or not a semantic version.
    pub declared: Option<Bump>,
}

impl AxisBump {
    /// Whether the declared bump is smaller than the required one. Changes of text alone need no
    /// new version.
    #[must_use]
    pub fn falls_short(&self) -> bool {
        self.required >= Bump::Minor
            && self.declared.is_some_and(|declared| declared < self.required)
    }
}

/// The bumps of the contract and of the generated crate.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionBumps {
    /// `info.version`, for the wire and the documentation axis.
    pub contract: AxisBump,
    /// The version of the generated crate, for the Rust axis.
    pub package: AxisBump,
    /// The versions of the contract, as written in the documents.
    pub contract_versions: Versions<Option<String>>,
    /// The versions of the crate, if they were given.
    pub package_versions: Versions<Option<String>>,
}

impl VersionBumps {
    pub(crate) fn new(
        verdict: Verdict,
        contract_versions: Versions<Option<String>>,
        package_versions: Versions<Option<String>>,
    ) -> Self {
        let between = |versions: &Versions<Option<String>>| {
            let known = versions.each().map(Option::as_deref).complete()?;
            Bump::between(known.base, known.head)
        };
        let contract = match verdict.wire {
            WireVerdict::Breaking => Bump::Major,
            WireVerdict::Compatible => Bump::Minor,
            WireVerdict::None if verdict.docs => Bump::Patch,
            WireVerdict::None => Bump::None,
        };
        let package = match verdict.rust {
            RustVerdict::Breaking => Bump::Major,
            RustVerdict::Additive => Bump::Minor,
            RustVerdict::None | RustVerdict::Unavailable => Bump::None,
        };
        Self {
            contract: AxisBump { required: contract, declared: between(&contract_versions) },
            package: AxisBump { required: package, declared: between(&package_versions) },
            contract_versions,
            package_versions,
        }
    }

    /// The larger of the two required bumps.
    #[must_use]
    pub fn required(&self) -> Bump {
        self.contract.required.max(self.package.required)
    }

    /// The declared bump: the smallest one that falls short, if any does, otherwise the largest
    /// one.
    #[must_use]
    pub fn declared(&self) -> Bump {
        let short = [&self.contract, &self.package].into_iter().filter(|bump| bump.falls_short());
        let shortest = short.filter_map(|bump| bump.declared).min();
        let furthest = self.contract.declared.max(self.package.declared).unwrap_or(Bump::None);
        shortest.unwrap_or(furthest)
    }

    /// Whether one of the declared bumps falls short.
    #[must_use]
    pub fn falls_short(&self) -> bool {
        self.contract.falls_short() || self.package.falls_short()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_bumps_as_cargo_reads_versions() {
        for (base, head, expected) in [
            ("1.0.0", "2.0.0", Some(Bump::Major)),
            ("1.0.0", "1.1.0", Some(Bump::Minor)),
            ("1.0.0", "1.0.1", Some(Bump::Patch)),
            ("1.0.0", "1.0.0", Some(Bump::None)),
            ("1.2.0", "1.1.0", Some(Bump::None)),
            ("0.1.0", "0.2.0", Some(Bump::Major)),
            ("0.1.0", "0.1.1", Some(Bump::Minor)),
            ("0.1.0", "1.0.0", Some(Bump::Major)),
            ("v1", "v2", None),
        ] {
            assert_eq!(Bump::between(base, head), expected, "{base} {head}");
        }
    }
}
