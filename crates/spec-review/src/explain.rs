//! Why a change breaks somebody, in one sentence for people who do not read schemas.

use crate::law::{Direction, Effect, Level};
use crate::rules::{self, Rule};

/// One sentence on what a finding means for somebody.
pub(crate) fn why(
    rule: &Rule,
    level: Level,
    direction: Option<Direction>,
    effect: Effect,
) -> String {
    if let Some(special) = special(rule, level, effect) {
        return special.to_owned();
    }
    let text = match (level, direction) {
        (Level::Breaking | Level::Suspected, Some(Direction::Request)) => {
            "a caller that sends what was valid until now is refused"
        }
        (Level::Breaking | Level::Suspected, Some(Direction::Response)) => {
            "a reader that was written for the old answers now meets values that it was never told of"
        }
        (Level::Breaking | Level::Suspected, None) => {
            "somebody who relied on the old document breaks"
        }
        (Level::Warning, _) => "nothing is refused, but somebody may notice",
        (Level::Info, Some(Direction::Request)) if effect.widens => {
            "callers may now send more than before; what they sent stays valid"
        }
        (Level::Info, Some(Direction::Response)) if effect.narrows => {
            "answers hold less than readers had to be ready for"
        }
        (Level::Info, _) => "nobody has to act on it",
    };
    text.to_owned()
}

fn special(rule: &Rule, level: Level, effect: Effect) -> Option<&'static str> {
    let breaks = level.is_break();
    Some(match rule.id {
        id if id == rules::OPERATION_REMOVED.id => "calls to it are answered with an error",
        id if id == rules::PARAMETER_ADDED.id && breaks => {
            "existing calls do not send it and are refused"
        }
        id if id == rules::PARAMETER_REQUIRED.id && breaks => "calls that leave it out are refused",
        id if id == rules::PARAMETER_REMOVED.id => {
            "calls that send it are still taken, but it has no effect any more"
        }
        id if id == rules::PARAMETER_STYLE.id && breaks => {
            "existing calls write the value in a way that is not understood any more"
        }
        id if id == rules::PROPERTY_REMOVED.id && !breaks => {
            "what a caller sends under this name is ignored, and a reader finds nothing there"
        }
        id if id == rules::PROPERTY_REMOVED.id && effect.widens => {
            "readers rely on finding it in every answer"
        }
        id if id == rules::REQUIRED.id && breaks && effect.narrows => {
            "callers that leave it out are refused"
        }
        id if id == rules::REQUIRED.id && breaks => "readers rely on finding it in every answer",
        id if id == rules::PROPERTY_ADDED.id && breaks && effect.narrows => {
            "existing callers do not send it and are refused"
        }
        id if id == rules::PROPERTY_ADDED.id && breaks => {
            "readers that refuse properties they do not know refuse the answer"
        }
        id if id == rules::BODY_ADDED.id && breaks => "existing calls send no body and are refused",
        id if id == rules::BODY_REQUIRED.id && breaks => "calls without a body are refused",
        id if id == rules::BODY_REMOVED.id => {
            "what callers tell the service by it has no place any more"
        }
        id if id == rules::MEDIA_TYPE.id && breaks => {
            "callers that send or expect it are refused or get something else"
        }
        id if id == rules::STATUS_REMOVED.id && breaks => {
            "callers wait for this status to know that the call succeeded"
        }
        id if id == rules::STATUS_ADDED.id && level == Level::Warning => {
            "callers that check for one status may take this success for a failure"
        }
        id if id == rules::HEADER_REMOVED.id && breaks => {
            "readers rely on finding it in every answer"
        }
        id if id == rules::SECURITY.id && breaks => {
            "callers that present what was enough until now are turned away"
        }
        id if id == rules::SECURITY_FLOW.id && breaks => {
            "callers that obtain their tokens this way get none any more"
        }
        id if id == rules::SERVER.id && breaks => "callers go on calling the old address",
        id if id == rules::DEFAULT.id && breaks => {
            "calls that leave it out now mean something else"
        }
        id if id == rules::STABILITY.id && breaks => {
            "callers were promised more than they have now"
        }
        id if id == rules::CALLBACK_REMOVED.id => "callers wait to be called back",
        id if id == rules::DOCUMENTATION.id
            || id == rules::TAGS.id
            || id == rules::INFO_VERSION.id =>
        {
            "only readers notice"
        }
        id if id == rules::RUST_BEHAVIOUR.id => {
            "the client decides by it which calls it tries again, or which answers are failures"
        }
        id if id == rules::EXTENSION.id => "tools that read the extension may behave differently",
        id if id == rules::UNRESOLVED.id || id == rules::NOT_COMPARED.id => {
            "what is behind it may have changed unseen"
        }
        _ => return None,
    })
}
