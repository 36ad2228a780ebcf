//! A pair of values: one for the base document, one for the head document.

use serde::Serialize;

/// The same thing from both documents: `base` from the old one, `head` from the new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize)]
pub struct Versions<T> {
    /// The value of the base document.
    pub base: T,
    /// The value of the head document.
    pub head: T,
}

impl<T> Versions<T> {
    /// A pair of two values.
    pub const fn new(base: T, head: T) -> Self {
        Self { base, head }
    }

    /// The same value for both documents.
    pub fn both(value: T) -> Self
    where
        T: Clone,
    {
        Self { base: value.clone(), head: value }
    }

    /// Applies a function to both values.
    pub fn map<U>(self, mut make: impl FnMut(T) -> U) -> Versions<U> {
        Versions { base: make(self.base), head: make(self.head) }
    }

    /// Pairs each value with the value of the same document in another pair.
    pub fn zip<U>(self, other: Versions<U>) -> Versions<(T, U)> {
        Versions { base: (self.base, other.base), head: (self.head, other.head) }
    }

    /// References to both values.
    pub const fn each(&self) -> Versions<&T> {
        Versions { base: &self.base, head: &self.head }
    }

    /// Mutable references to both values.
    pub const fn each_mut(&mut self) -> Versions<&mut T> {
        Versions { base: &mut self.base, head: &mut self.head }
    }

    /// The pair with base and head exchanged.
    #[must_use]
    pub fn swapped(self) -> Self {
        Self { base: self.head, head: self.base }
    }

    /// Whether the two values differ.
    pub fn differ(&self) -> bool
    where
        T: PartialEq,
    {
        self.base != self.head
    }
}

impl<T: Clone> Versions<&T> {
    /// Clones of both values.
    pub fn cloned(self) -> Versions<T> {
        self.map(T::clone)
    }
}

impl<T> Versions<Option<T>> {
    /// Each value, or where it is `None` the value of the same document in another pair.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self { base: self.base.or(other.base), head: self.head.or(other.head) }
    }

    /// The pair of both values, if both are present.
    pub fn complete(self) -> Option<Versions<T>> {
        Some(Versions { base: self.base?, head: self.head? })
    }

    /// Whether both values are absent.
    pub const fn is_empty(&self) -> bool {
        self.base.is_none() && self.head.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_base_with_base_and_head_with_head() {
        let pair = Versions::new(1, 2);
        assert_eq!(pair.zip(pair.swapped()), Versions::new((1, 2), (2, 1)));
        assert_eq!(pair.map(|n| n > 1), Versions::new(false, true));
        assert!(pair.differ() && !Versions::both(1).differ());
        let partly = Versions::new(None, Some(2));
        assert_eq!(partly.complete(), None);
        assert_eq!(partly.or(Versions::both(Some(1))).complete(), Some(Versions::new(1, 2)));
    }
}
