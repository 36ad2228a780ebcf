//! The findings of a Markdown report: by level, then by the operations that they concern, as many
//! as there is room for.

use std::collections::BTreeMap;

use super::items::Item;
use super::labels::operations;
use super::markdown_escape::{code, prose};
use super::pointer_label::{cut, request_line};
use crate::compatibility::Level;
use crate::rules::Axis;
use crate::subject::Target;

/// The findings of some levels.
pub(super) struct Section<'i> {
    title: &'static str,
    pub(super) folded: bool,
    groups: Vec<Group<'i>>,
}

/// The items of one place, with the text that is shown of each.
struct Group<'i> {
    place: Place,
    items: Vec<(&'i Item<'i>, Option<String>)>,
}

/// Where changes take effect, in the order of a report: what concerns several operations comes
/// first, because it is the most to act on.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    SeveralOperations,
    Operation(String),
    Document,
    GeneratedClient,
}

impl Place {
    fn of(item: &Item<'_>) -> Self {
        match item.first.subject.operations.as_slice() {
            _ if item.first.axis() == Axis::Rust => Self::GeneratedClient,
            [] => Self::Document,
            [only] => Self::Operation(only.clone()),
            _ => Self::SeveralOperations,
        }
    }

    fn title(&self) -> String {
        match self {
            Self::SeveralOperations => "Several operations".to_owned(),
            Self::Operation(name) => prose(&format!("`{}`", cut(name, 200))),
            Self::Document => "The document".to_owned(),
            Self::GeneratedClient => "The generated Rust client".to_owned(),
        }
    }
}

impl<'i> Section<'i> {
    pub(super) fn new(
        title: &'static str,
        folded: bool,
        items: &'i [Item<'i>],
        levels: &[Level],
    ) -> Self {
        let mut groups: BTreeMap<Place, Vec<_>> = BTreeMap::new();
        for item in items.iter().filter(|item| levels.contains(&item.first.level)) {
            groups.entry(Place::of(item)).or_default().push((item, None));
        }
        let groups = groups.into_iter().map(|(place, items)| Group { place, items });
        Self { title, folded, groups: groups.collect() }
    }

    /// Writes items that have no text yet, one of each group in turn, while there is room.
    pub(super) fn fill(&mut self, room: &mut usize, write: impl Fn(&Item<'_>) -> String) {
        let longest = self.groups.iter().map(|group| group.items.len()).max().unwrap_or(0);
        for index in 0..longest {
            for group in &mut self.groups {
                // The first item of a group needs its heading as well.
                let heading = if index == 0 { group.heading().len() + HEADING } else { 0 };
                let Some((item, text @ None)) = group.items.get_mut(index) else { continue };
                let written = write(item);
                if let Some(left) = room.checked_sub(written.len() + heading) {
                    *room = left;
                    *text = Some(written);
                }
            }
        }
    }

    pub(super) fn left_out(&self) -> usize {
        self.groups.iter().map(Group::left_out).sum()
    }

    pub(super) fn print(&self) -> String {
        let count: usize = self.groups.iter().map(|group| group.items.len()).sum();
        if count == 0 {
            return String::new();
        }
        let groups: String = self.groups.iter().map(|group| group.print(self.folded)).collect();
        if self.folded {
            let title = format!("<details><summary>{} ({count})</summary>", self.title);
            format!("\n{title}\n\n{groups}\n</details>\n")
        } else {
            format!("\n### {} ({count})\n\n{groups}", self.title)
        }
    }
}

/// Room for the heading of a group and for the number of its items that are left out.
const HEADING: usize = 40;

impl Group<'_> {
    /// The name of the place, with method and path of an operation that has a name of its own.
    fn heading(&self) -> String {
        let title = self.place.title();
        let Place::Operation(name) = &self.place else { return title };
        match self.items.iter().find_map(|(item, _)| operation_line(item)) {
            Some(line) if line != *name => format!("{title} · {}", code(&cut(&line, 200))),
            _ => title,
        }
    }

    fn left_out(&self) -> usize {
        self.items.iter().filter(|(_, text)| text.is_none()).count()
    }

    fn print(&self, folded: bool) -> String {
        let shown: String = self.items.iter().filter_map(|(_, text)| text.as_deref()).collect();
        if shown.is_empty() {
            // The number of all that is left out is at the end of the report.
            return String::new();
        }
        let mut out = String::new();
        if !folded {
            out.push_str(&format!("#### {}\n\n", self.heading()));
        }
        out.push_str(&shown);
        if self.left_out() > 0 {
            out.push_str(&format!("- … and {} more here\n", self.left_out()));
        }
        if !folded {
            out.push('\n');
        }
        out
    }
}

/// The method and path of the only operation of an item, if its place is inside the operation.
pub(super) fn operation_line(item: &Item<'_>) -> Option<String> {
    let [_] = item.first.subject.operations.as_slice() else { return None };
    match &item.first.subject.target {
        Target::Document { pointer, .. } => {
            request_line(pointer.head.as_deref().or(pointer.base.as_deref())?)
        }
        Target::Item { .. } => None,
    }
}

/// The operations of an item that concerns several, or of a folded one: a fragment to append.
pub(super) fn operations_of(item: &Item<'_>) -> String {
    let names = &item.first.subject.operations;
    let in_heading = names.len() == 1 && item.first.level != Level::Info;
    if names.is_empty() || in_heading {
        return String::new();
    }
    format!(" · in {}", prose(&cut(&operations(names), 1_000)))
}
