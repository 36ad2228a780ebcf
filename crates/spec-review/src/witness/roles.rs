//! Which of two documents writes a payload, and which reads it.

use crate::compatibility::Direction;
use crate::versions::Versions;

/// The writer and the reader of a value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roles<T> {
    pub(super) writer: T,
    pub(super) reader: T,
}

impl<T> Roles<T> {
    /// The caller follows the base document, the service the head document.
    pub(super) fn of(direction: Direction, versions: Versions<T>) -> Self {
        let Versions { base, head } = versions;
        match direction {
            Direction::Request => Self { writer: base, reader: head },
            Direction::Response => Self { writer: head, reader: base },
        }
    }
}
