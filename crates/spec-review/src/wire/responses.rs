//! Answers: statuses with their ranges and `default`, headers, links.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::{Carrier, OperationId, Said, Wire};
use crate::law::{Direction, Effect, Level, level};
use crate::rules;
use crate::side::{At, Side};

/// The answers of an operation by status, in upper case: `200`, `4XX`, `DEFAULT`.
type Answers<'d> = IndexMap<String, At<'d>>;

/// The answers, and the statuses of which nothing is known.
fn answers<'d>(side: &Side<'d>, at: &At<'d>) -> (Answers<'d>, BTreeSet<String>) {
    let responses = at.get("responses");
    let list: Vec<_> = responses.iter().flat_map(At::entries).collect();
    let resolved = side.resolve_each(list.into_iter());
    (
        resolved.known.into_iter().map(|(status, at)| (status.to_uppercase(), at)).collect(),
        resolved.unknown.iter().map(|status| status.to_uppercase()).collect(),
    )
}

/// The headers of an answer, by their names in lower case.
struct Headers<'d> {
    known: IndexMap<String, (String, At<'d>)>,
    unknown: BTreeSet<String>,
}

fn headers<'d>(side: &Side<'d>, at: &At<'d>) -> Headers<'d> {
    let headers = at.get("headers");
    let list: Vec<_> = headers.iter().flat_map(At::named).collect();
    // The media types say it.
    let others = list.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
    let resolved = side.resolve_each(others);
    let named = |(name, at): (&str, At<'d>)| (name.to_lowercase(), (name.to_owned(), at));
    Headers {
        known: resolved.known.into_iter().map(named).collect(),
        unknown: resolved.unknown.iter().map(|name| name.to_lowercase()).collect(),
    }
}

fn is_range(status: &str) -> bool {
    status.ends_with("XX")
}

/// Whether a range or `default` speaks for a status.
fn covers(wide: &str, status: &str) -> bool {
    wide == "DEFAULT" && status != "DEFAULT"
        || is_range(wide)
            && !is_range(status)
            && wide.get(..1) == status.get(..1)
            && status != "DEFAULT"
}

/// What an operation answers with for a status: the status itself, its range, or `default`.
fn effective<'m, 'd>(answers: &'m Answers<'d>, status: &str) -> Option<(&'m String, &'m At<'d>)> {
    answers
        .get_key_value(status)
        .or_else(|| answers.iter().find(|(wide, _)| is_range(wide) && covers(wide, status)))
        .or_else(|| answers.get_key_value("DEFAULT").filter(|_| status != "DEFAULT"))
}

/// Whether callers take the answer for a success. Where there is nothing but `default`, it is one.
fn is_success(answers: &Answers<'_>, status: &str) -> bool {
    status.starts_with('2')
        || status == "DEFAULT" && !answers.keys().any(|status| status.starts_with('2'))
}

impl<'d> Wire<'d> {
    pub(super) fn compare_responses(
        &mut self,
        (id, direction): (OperationId, Direction),
        old: &At<'d>,
        new: &At<'d>,
    ) {
        let (mut base, unknown_base) = answers(self.base(), old);
        let (mut head, unknown_head) = answers(self.head(), new);
        base.retain(|status, _| !unknown_head.contains(status));
        head.retain(|status, _| !unknown_base.contains(status));
        let mut removed_success = false;
        for (status, before) in &base {
            match effective(&head, status) {
                Some((key, after))
                    if key == status || !(key == "DEFAULT" && status.starts_with('2')) =>
                {
                    self.compare_answer((id, direction), status, before, after);
                }
                _ => {
                    removed_success |=
                        self.status_removed((id, direction), (&base, &head), (status, before), new);
                }
            }
        }
        for (status, after) in head.iter().filter(|(status, _)| !base.contains_key(*status)) {
            let (by, before) = match effective(&base, status) {
                Some((by, before)) => (Some(by), Some(before)),
                None => (None, None),
            };
            // Where `default` is the answer to failures, it never spoke for a success.
            let spoken_for = by.is_some_and(|by| {
                by != "DEFAULT" || !status.starts_with('2') || is_success(&base, "DEFAULT")
            });
            if let Some(before) = before.filter(|_| spoken_for) {
                self.compare_answer((id, direction), status, before, after);
                continue;
            }
            let narrower = base.keys().any(|known| is_range(status) && covers(status, known));
            let level = if is_success(&head, status)
                && !removed_success
                && !narrower
                && direction == Direction::Response
            {
                Level::Warning
            } else {
                Level::Info
            };
            let message = format!("the status `{}` was added", status.to_lowercase());
            let said = Said::new(&rules::STATUS_ADDED, message)
                .level(level)
                .effect(Effect::WIDENS)
                .at(old.place_of("responses"), after.place());
            self.say(Some(id), Some(direction), said);
        }
    }

    /// Whether it was a success.
    fn status_removed(
        &mut self,
        (id, direction): (OperationId, Direction),
        (base, head): (&Answers<'d>, &Answers<'d>),
        (status, before): (&str, &At<'d>),
        new: &At<'d>,
    ) -> bool {
        // A range that was replaced by some of its statuses is a promise made more precise.
        if let Some((_, after)) =
            head.iter().find(|(known, _)| is_range(status) && covers(status, known))
        {
            self.compare_answer((id, direction), status, before, after);
            return false;
        }
        let explicit = status != "DEFAULT" || head.is_empty() && base.len() > 1;
        let success = is_success(base, status) && explicit;
        let level = if success { Level::Breaking } else { Level::Info };
        let message = format!("the status `{}` was removed", status.to_lowercase());
        let said = Said::new(&rules::STATUS_REMOVED, message)
            .level(level)
            .effect(Effect::NARROWS)
            .at(before.place(), new.place_of("responses"));
        self.say(Some(id), Some(direction), said);
        success
    }

    fn compare_answer(
        &mut self,
        (id, direction): (OperationId, Direction),
        status: &str,
        old: &At<'d>,
        new: &At<'d>,
    ) {
        // The same component on both sides of a range is compared like any other pair.
        let what = format!("the answer `{}`", status.to_lowercase());
        self.compare_contents((id, direction), old, new, &what);
        self.compare_headers((id, direction), old, new);
        self.compare_links(id, old, new);
    }

    fn compare_headers(
        &mut self,
        (id, direction): (OperationId, Direction),
        old: &At<'d>,
        new: &At<'d>,
    ) {
        let (mut base, mut head) = (headers(self.base(), old), headers(self.head(), new));
        base.known.retain(|key, _| !head.unknown.contains(key));
        head.known.retain(|key, _| !base.unknown.contains(key));
        let (base, head) = (base.known, head.known);
        for (key, (name, before)) in &base {
            let Some((_, after)) = head.get(key) else {
                let needed = before.flag("required");
                let effect = if needed { Effect::WIDENS } else { Effect::NEITHER };
                let level = level(effect, direction).min(Level::Warning);
                let asked = if needed { "required" } else { "optional" };
                let message = format!("the {asked} header `{name}` was removed");
                let said = Said::new(&rules::HEADER_REMOVED, message)
                    .level(level)
                    .effect(effect)
                    .at(before.place(), new.place_of("headers"));
                self.say(Some(id), Some(direction), said);
                continue;
            };
            let (was, is) = (before.flag("required"), after.flag("required"));
            if was != is {
                let effect = Effect { narrows: is, widens: was };
                let change = if is { "is now always sent" } else { "is no longer always sent" };
                let message = format!("the header `{name}` {change}");
                self.say_at(
                    (id, direction),
                    &rules::HEADER_REQUIRED,
                    effect,
                    (before, after, "required"),
                    message,
                    None,
                );
            }
            let what = format!("header `{name}`");
            self.compare_deprecated((id, direction), (before, after), &format!("the {what}"));
            self.compare_written(
                (id, direction),
                (before, after),
                &what,
                Carrier::Header(name.clone()),
            );
        }
        for (_, (name, after)) in head.iter().filter(|(key, _)| !base.contains_key(*key)) {
            let message = format!("the header `{name}` was added");
            let said =
                Said::new(&rules::HEADER_ADDED, message).at(old.place_of("headers"), after.place());
            self.say(Some(id), Some(direction), said);
        }
    }

    fn compare_links(&mut self, id: OperationId, old: &At<'d>, new: &At<'d>) {
        let links = |side: &Side<'d>, at: &At<'d>| {
            let links = at.get("links");
            let list: Vec<_> = links.iter().flat_map(At::named).collect();
            let resolved = side.resolve_each(list.into_iter());
            let said = |(name, at): (&'d str, At<'d>)| {
                let mut said = at.node.to_json();
                if let Some(said) = said.as_object_mut() {
                    said.retain(|key, _| key != "description" && !key.starts_with("x-"));
                }
                (name, (at, said))
            };
            let known: IndexMap<&str, _> = resolved.known.into_iter().map(said).collect();
            (known, resolved.unknown)
        };
        let (base, unknown_base) = links(self.base(), old);
        let (head, unknown_head) = links(self.head(), new);
        let names: BTreeSet<&str> = base.keys().chain(head.keys()).copied().collect();
        for name in names {
            if unknown_base.contains(name) || unknown_head.contains(name) {
                continue;
            }
            let (before, after) = (base.get(name), head.get(name));
            let change = match (before, after) {
                (Some((_, before)), Some((_, after))) if before == after => continue,
                (Some(_), Some(_)) => "changed",
                (Some(_), None) => "was removed",
                _ => "was added",
            };
            let level = if before.is_none() { Level::Info } else { Level::Warning };
            let base = before.map(|(at, _)| at.place()).or(Some(old.place()));
            let head = after.map(|(at, _)| at.place()).or(Some(new.place()));
            let message = format!("the link `{name}` {change}");
            let said = Said::new(&rules::LINK, message).level(level).at(base, head);
            self.say(Some(id), None, said);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_speak_for_their_statuses() {
        assert!(covers("2XX", "204") && !covers("2XX", "404") && !covers("2XX", "2XX"));
        assert!(covers("DEFAULT", "404") && covers("DEFAULT", "4XX") && !covers("4XX", "DEFAULT"));
    }
}
