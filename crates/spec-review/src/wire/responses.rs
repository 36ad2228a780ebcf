//! Answers: statuses with their ranges and `default`, headers, links.

use indexmap::IndexMap;

use super::{Carrier, OperationId, Said, Wire};
use crate::law::{Direction, Effect, Level, level};
use crate::rules;
use crate::side::{At, Side};

/// The answers of an operation by status, in upper case: `200`, `4XX`, `DEFAULT`.
fn answers<'d>(side: &Side<'d>, at: &At<'d>) -> IndexMap<String, At<'d>> {
    let responses = at.get("responses");
    let list = responses.iter().flat_map(At::entries).collect::<Vec<_>>();
    list.into_iter()
        .filter_map(|(status, at)| Some((status.to_uppercase(), side.resolve(&at)?)))
        .collect()
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
fn effective<'m, 'd>(
    answers: &'m IndexMap<String, At<'d>>,
    status: &str,
) -> Option<(&'m String, &'m At<'d>)> {
    answers
        .get_key_value(status)
        .or_else(|| answers.iter().find(|(wide, _)| is_range(wide) && covers(wide, status)))
        .or_else(|| answers.get_key_value("DEFAULT").filter(|_| status != "DEFAULT"))
}

/// Whether callers take the answer for a success. Where there is nothing but `default`, it is one.
fn is_success(answers: &IndexMap<String, At<'_>>, status: &str) -> bool {
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
        let (base, head) = (answers(self.base(), old), answers(self.head(), new));
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
            let (base, head) = (Some(old.place_of("responses")), Some(after.place()));
            let said = Said {
                rule: &rules::STATUS_ADDED,
                level,
                effect: Effect::WIDENS,
                base,
                head,
                message,
                proof: None,
            };
            self.say(Some(id), Some(direction), said);
        }
    }

    /// Whether it was a success.
    fn status_removed(
        &mut self,
        (id, direction): (OperationId, Direction),
        (base, head): (&IndexMap<String, At<'d>>, &IndexMap<String, At<'d>>),
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
        let (base, head) = (Some(before.place()), Some(new.place_of("responses")));
        let said = Said {
            rule: &rules::STATUS_REMOVED,
            level,
            effect: Effect::NARROWS,
            base,
            head,
            message,
            proof: None,
        };
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
        let headers = |side: &Side<'d>, at: &At<'d>| -> IndexMap<String, (String, At<'d>)> {
            let headers = at.get("headers");
            let list = headers.iter().flat_map(At::named).collect::<Vec<_>>();
            let known =
                list.into_iter().filter(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            known
                .filter_map(|(name, at)| {
                    Some((name.to_lowercase(), (name.to_owned(), side.resolve(&at)?)))
                })
                .collect()
        };
        let (base, head) = (headers(self.base(), old), headers(self.head(), new));
        for (key, (name, before)) in &base {
            let Some((_, after)) = head.get(key) else {
                let needed = before.flag("required");
                let effect = if needed { Effect::WIDENS } else { Effect::NEITHER };
                let level = level(effect, direction).min(Level::Warning);
                let asked = if needed { "required" } else { "optional" };
                let message = format!("the {asked} header `{name}` was removed");
                let (base, head) = (Some(before.place()), Some(new.place_of("headers")));
                let said = Said {
                    rule: &rules::HEADER_REMOVED,
                    level,
                    effect,
                    base,
                    head,
                    message,
                    proof: None,
                };
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
            if before.flag("deprecated") != after.flag("deprecated") {
                let change = if after.flag("deprecated") {
                    "is now deprecated"
                } else {
                    "is no longer deprecated"
                };
                let at = (before, after, "deprecated");
                self.say_at(
                    (id, direction),
                    &rules::DEPRECATED,
                    Effect::NEITHER,
                    at,
                    format!("the header `{name}` {change}"),
                    None,
                );
            }
            let what = format!("header `{name}`");
            self.compare_written(
                (id, direction),
                (before, after),
                &what,
                Carrier::Header(name.clone()),
            );
        }
        for (_, (name, after)) in head.iter().filter(|(key, _)| !base.contains_key(*key)) {
            let message = format!("the header `{name}` was added");
            let (base, head) = (Some(old.place_of("headers")), Some(after.place()));
            let said = Said {
                rule: &rules::HEADER_ADDED,
                level: Level::Info,
                effect: Effect::NEITHER,
                base,
                head,
                message,
                proof: None,
            };
            self.say(Some(id), Some(direction), said);
        }
    }

    fn compare_links(&mut self, id: OperationId, old: &At<'d>, new: &At<'d>) {
        let links =
            |side: &Side<'d>, at: &At<'d>| -> IndexMap<String, (At<'d>, serde_json::Value)> {
                let links = at.get("links");
                let list = links.iter().flat_map(At::named).collect::<Vec<_>>();
                list.into_iter()
                    .filter_map(|(name, at)| {
                        let at = side.resolve(&at)?;
                        let mut said = at.node.to_json();
                        if let Some(said) = said.as_object_mut() {
                            said.retain(|key, _| key != "description" && !key.starts_with("x-"));
                        }
                        Some((name.to_owned(), (at, said)))
                    })
                    .collect()
            };
        let (base, head) = (links(self.base(), old), links(self.head(), new));
        let names: std::collections::BTreeSet<&String> = base.keys().chain(head.keys()).collect();
        for name in names {
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
            let said = Said {
                rule: &rules::LINK,
                level,
                effect: Effect::NEITHER,
                base,
                head,
                message,
                proof: None,
            };
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
