//! How strictly a text is read.

/// What strict reading refuses although it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Deviation {
    /// A plain scalar that YAML 1.1 and 1.2 read differently (`on`, `010`, `12:30`). It is read as
    /// YAML 1.2 has it: a number in decimal digits, or text. `0o17` is text as well.
    AmbiguousScalar,
    /// A key that is no string (`1.5`, `true`, nothing). It is read as the text that is written.
    NonStringKey,
    /// A number that is not finite or does not fit into 64 bits. It becomes the nearest
    /// floating-point number, or text if there is none.
    NumberRange,
    /// A key that stands twice in its mapping. The first one counts.
    DuplicateKey,
    /// The merge key `<<` of YAML 1.1. Its entries come after those of the mapping itself, which
    /// win over them.
    MergeKey,
    /// A character that a JSON text writes as two escapes, `\ud83d\ude00`, where YAML has one.
    SurrogatePair,
}

/// What is tolerated when a text is read; by default nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadOptions {
    tolerated: Vec<Deviation>,
}

impl LoadOptions {
    /// Nothing is tolerated: for documents that are written by those who read them.
    #[must_use]
    pub fn strict() -> Self {
        Self::default()
    }

    /// Everything that can be read is tolerated: for documents as they are found.
    #[must_use]
    pub fn tolerant() -> Self {
        let all = [
            Deviation::AmbiguousScalar,
            Deviation::NonStringKey,
            Deviation::NumberRange,
            Deviation::DuplicateKey,
            Deviation::MergeKey,
            Deviation::SurrogatePair,
        ];
        Self { tolerated: all.to_vec() }
    }

    /// Tolerates one thing more.
    #[must_use]
    pub fn tolerate(mut self, deviation: Deviation) -> Self {
        self.tolerated.push(deviation);
        self
    }

    /// Whether something is tolerated.
    #[must_use]
    pub fn tolerates(&self, deviation: Deviation) -> bool {
        self.tolerated.contains(&deviation)
    }
}
