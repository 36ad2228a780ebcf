//! Version bumps: which one a change requires, and which one was declared.

use semver::Version;
use serde::Serialize;

use crate::verdict::{RustVerdict, Verdict, WireVerdict};
use crate::versions::Versions;

/// A version bump, by what it tells callers. Which number it raises depends on the version; see
/// [`next`](Self::next).
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

    /// The version that this bump leads to. Before 1.0.0 what breaks raises the minor number, and
    /// everything else the patch number. `None` if `base` is not a semantic version.
    #[must_use]
    pub fn next(self, base: &str) -> Option<String> {
        let Version { major, minor, patch, .. } = Version::parse(base).ok()?;
        let next = match (self, major) {
            (Self::None, _) => return Some(base.to_owned()),
            (Self::Major, 0) => Version::new(0, minor + 1, 0),
            (Self::Minor | Self::Patch, 0) | (Self::Patch, _) => {
                Version::new(major, minor, patch + 1)
            }
            (Self::Major, _) => Version::new(major + 1, 0, 0),
            (Self::Minor, _) => Version::new(major, minor + 1, 0),
        };
        Some(next.to_string())
    }

    /// The number of the version that this bump raises: `minor` for what breaks in 0.1.0.
    pub(crate) fn number(self, base: &str) -> Option<&'static str> {
        raised_number(base, &self.next(base)?)
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

/// The first number that differs between a version and a later one; `none` if it is not later.
/// `None` if one of them is not a semantic version.
pub(crate) fn raised_number(base: &str, head: &str) -> Option<&'static str> {
    let (base, head) = (Version::parse(base).ok()?, Version::parse(head).ok()?);
    let bump = if head <= base {
        Bump::None
    } else if head.major != base.major {
        Bump::Major
    } else if head.minor != base.minor {
        Bump::Minor
    } else {
        Bump::Patch
    };
    Some(bump.name())
}

/// The bumps of one versioned thing: the required one and the declared one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AxisBump {
    /// The bump that the findings require. Approved findings require none.
    pub required: Bump,
    /// The bump between the two versions; `None` if one is unknown, or the first is not a semantic
    /// version.
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
    /// The version of the generated crate, for the Rust axis and the wire: it changes at least as
    /// much as the contract's.
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
            // What is not a version does not follow one.
            let none = || Version::parse(known.base).is_ok().then_some(Bump::None);
            Bump::between(known.base, known.head).or_else(none)
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
        let package = package.max(contract);
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
    fn raises_the_minor_number_for_breaks_before_1_0_0() {
        for (base, bump, expected) in [
            ("0.1.3", Bump::Major, Some("0.2.0")),
            ("0.1.3", Bump::Minor, Some("0.1.4")),
            ("0.1.3", Bump::Patch, Some("0.1.4")),
            ("0.1.3", Bump::None, Some("0.1.3")),
            ("1.2.3", Bump::Major, Some("2.0.0")),
            ("1.2.3", Bump::Minor, Some("1.3.0")),
            ("1.2.3", Bump::Patch, Some("1.2.4")),
            ("v1", Bump::Major, None),
        ] {
            assert_eq!(bump.next(base).as_deref(), expected, "{base} {bump:?}");
        }
    }

    #[test]
    fn requires_a_version_of_the_crate_for_a_wire_break_without_the_rust_axis() {
        let verdict = Verdict {
            wire: WireVerdict::Breaking,
            rust: RustVerdict::Unavailable,
            docs: false,
            partial: false,
        };
        let versions = Versions::both(Some("0.1.0".to_owned()));
        let bumps = VersionBumps::new(verdict, versions.clone(), versions);
        assert_eq!(bumps.package.required, Bump::Major);
        assert!(bumps.package.falls_short());
    }

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
