//! Which version has to follow, and which one was declared.

use semver::Version;
use serde::Serialize;

use crate::verdict::{RustVerdict, Verdict, WireVerdict};
use crate::versions::Versions;

/// How far a version moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Bump {
    /// Not at all.
    None,
    /// Nothing changes for anybody.
    Patch,
    /// Something is new.
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

    /// How far one version is from another. Below 1.0 the first number that is not zero is the
    /// major one, as Cargo reads versions. Nothing if one of them is not a semantic version.
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

/// What one axis asks for and what was declared for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AxisBump {
    /// What the findings ask for. Approved ones ask for nothing.
    pub required: Bump,
    /// What the two versions say; nothing if they are unknown or not semantic versions.
    pub declared: Option<Bump>,
}

impl AxisBump {
    /// Whether the declared version promises more than the change keeps. Text alone needs no
    /// version of its own.
    #[must_use]
    pub fn falls_short(&self) -> bool {
        self.required >= Bump::Minor
            && self.declared.is_some_and(|declared| declared < self.required)
    }
}

/// The bumps of all axes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionBumps {
    /// `info.version`: the wire, and the text.
    pub contract: AxisBump,
    /// The version of the generated crate.
    pub package: AxisBump,
    /// The versions of the contract, as they are written.
    pub contract_versions: Versions<Option<String>>,
    /// The versions of the package, if they were given.
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

    /// The largest bump that is asked for.
    #[must_use]
    pub fn required(&self) -> Bump {
        self.contract.required.max(self.package.required)
    }

    /// What was declared: by the version that falls short, if one does, else by the one that moves
    /// furthest.
    #[must_use]
    pub fn declared(&self) -> Bump {
        let short = [&self.contract, &self.package].into_iter().filter(|bump| bump.falls_short());
        let shortest = short.filter_map(|bump| bump.declared).min();
        let furthest = self.contract.declared.max(self.package.declared).unwrap_or(Bump::None);
        shortest.unwrap_or(furthest)
    }

    /// Whether a version promises more than the change keeps.
    #[must_use]
    pub fn falls_short(&self) -> bool {
        self.contract.falls_short() || self.package.falls_short()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_move_as_cargo_reads_them() {
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
