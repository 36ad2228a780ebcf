//! Two of a kind, one from each document.

use serde::Serialize;

/// What the old document has, and what the new one has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Versions<T> {
    /// The old document's.
    pub base: T,
    /// The new document's.
    pub head: T,
}

impl<T> Versions<T> {
    /// A pair.
    pub const fn new(base: T, head: T) -> Self {
        Self { base, head }
    }

    /// The same for both.
    pub fn both(value: T) -> Self
    where
        T: Clone,
    {
        Self { base: value.clone(), head: value }
    }

    /// What a function makes of each.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Versions<U> {
        Versions { base: make(self.base), head: make(self.head) }
    }

    /// Each with its counterpart of another pair.
    pub fn zip<U>(self, other: Versions<U>) -> Versions<(T, U)> {
        Versions { base: (self.base, other.base), head: (self.head, other.head) }
    }

    /// References to both.
    pub const fn each(&self) -> Versions<&T> {
        Versions { base: &self.base, head: &self.head }
    }

    /// References to both, to change them.
    pub const fn each_mut(&mut self) -> Versions<&mut T> {
        Versions { base: &mut self.base, head: &mut self.head }
    }

    /// The pair seen from the other side.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { base: self.head, head: self.base }
    }

    /// Whether the two differ.
    pub fn differ(&self) -> bool
    where
        T: PartialEq,
    {
        self.base != self.head
    }
}

impl<T: Clone> Versions<&T> {
    /// Copies of both.
    pub fn cloned(self) -> Versions<T> {
        self.map(T::clone)
    }
}

impl<T> Versions<Option<T>> {
    /// Each, or the counterpart from another pair where there is none.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { base: self.base.or(other.base), head: self.head.or(other.head) }
    }

    /// The pair, if both are there.
    pub fn complete(self) -> Option<Versions<T>> {
        Some(Versions { base: self.base?, head: self.head? })
    }

    /// Whether neither is there.
    pub const fn is_empty(&self) -> bool {
        self.base.is_none() && self.head.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_meets_its_counterpart() {
        let pair = Versions::new(1, 2);
        assert_eq!(pair.zip(pair.swapped()), Versions::new((1, 2), (2, 1)));
        assert_eq!(pair.map(|n| n > 1), Versions::new(false, true));
        assert!(pair.differ() && !Versions::both(1).differ());
        let partly = Versions::new(None, Some(2));
        assert_eq!(partly.complete(), None);
        assert_eq!(partly.or(Versions::both(Some(1))).complete(), Some(Versions::new(1, 2)));
    }
}
