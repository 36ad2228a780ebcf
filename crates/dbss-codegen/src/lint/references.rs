//! References: whether they point to an existing component of the right section.

use std::collections::HashMap;

use openapi_document::quote;

use super::context::component_reference;
use super::object_specs::ObjectKind;
use super::suggest::did_you_mean;
use super::{Context, Diagnostics};
use crate::rules;

pub(super) fn check<'d>(cx: &Context<'d>, out: &mut Diagnostics<'d>) {
    let mut suggestions = HashMap::new();
    for object in cx.objects(ObjectKind::Reference) {
        let (Some(node), Some(expected)) = (object.node.get("$ref"), object.section) else {
            continue;
        };
        let Some(reference) = node.as_str() else { continue };
        let shown = quote(reference);
        if cx.is_component(object) {
            let message = format!(
                "the component {} is only a reference",
                quote(object.name.unwrap_or_default())
            );
            let help = format!("refer to {shown} directly");
            out.report(&rules::COMPONENT_ALIAS, node.span, message, help);
            continue;
        }
        if !reference.starts_with('#') {
            let message = format!("{shown} is outside of the contract");
            let help = format!("copy it in, and refer to it as `#/components/{expected}/<name>`");
            out.report(&rules::EXTERNAL_REF, node.span, message, help);
            continue;
        }
        match component_reference(reference) {
            Some((section, name)) if section == expected => {
                if cx.component(section, name).is_some() {
                    continue;
                }
                let message = format!("there is no {} in `components/{section}`", quote(name));
                let near = *suggestions.entry((section, name)).or_insert_with(|| {
                    out.nearest(name, cx.section(section).iter().map(|entry| entry.key.as_str()))
                });
                let help =
                    did_you_mean(near).unwrap_or_else(|| "add it, or correct the name".to_owned());
                out.report(&rules::DANGLING_REF, node.span, message, help);
            }
            Some(_) => {
                let message = format!(
                    "{shown} is not in `components/{expected}`, where this reference has to point"
                );
                let help = format!("refer to `#/components/{expected}/<name>`");
                out.report(&rules::WRONG_SECTION_REF, node.span, message, help);
            }
            None => {
                let message = format!(
                    "{shown} is not a component, and a reference can point only to components"
                );
                let help = format!(
                    "give the target a name, and refer to it as `#/components/{expected}/<name>`"
                );
                out.report(&rules::DANGLING_REF, node.span, message, help);
            }
        }
    }
}
