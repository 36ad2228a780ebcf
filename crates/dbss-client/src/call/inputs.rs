//! The inputs of an operation: read from arguments by name, and checked before the call is sent.

use std::fmt::{Debug, Display};
use std::future::Future;
use std::str::FromStr;

use serde_json::{Map, Value};

use super::checked::CheckedCall;
use super::settings::CallCheck;
use crate::descriptor::Operation;
use crate::error::Error;
use crate::input::{Argument, Arguments, Input, InputLocation, InputPath, Problems};
use crate::response::Response;

/// The inputs of an operation; generated, one type for each.
pub(crate) trait Inputs: Clone + Debug + Default + Send + 'static {
    /// What a success response holds.
    type Value: Send + 'static;

    /// The descriptor of the operation.
    const OPERATION: &'static Operation;

    /// Visits every input, in the order of the operation's documentation.
    fn visit(&mut self, visitor: &mut InputVisitor<'_>);

    /// Runs the raw call, once every input is valid.
    fn send(self, call: CheckedCall) -> impl Future<Output = Sent<Self>> + Send;
}

/// What comes of a call with these inputs.
pub(crate) type Sent<I> = Result<Response<<I as Inputs>::Value>, Error>;

/// What a visit of the inputs does.
pub(crate) enum InputVisitor<'a> {
    /// Fills in the inputs from arguments by name.
    Read(&'a mut Arguments),
    /// Reads one parameter in the query anew.
    ReadOne { name: &'static str, arguments: &'a mut Arguments },
    /// Records the inputs that are given, by name.
    Record(&'a mut Map<String, Value>),
    /// Fills in the project that was looked up, and checks it.
    FillIn { project: &'a str, problems: &'a mut Problems },
    /// Checks the inputs.
    Check { call: &'a mut CallCheck, problems: &'a mut Problems },
}

/// A value that a visit checks: what is special to this input is checked where it is visited.
type Checking<'a, T> = Option<(&'a T, InputPath<'static>, &'a mut Problems)>;

#[allow(dead_code, reason = "which of these are used depends on the contract")]
impl InputVisitor<'_> {
    /// A parameter in the path, which the project id of the client stands in for.
    pub(crate) fn project<T>(&mut self, name: &'static str, value: &mut Option<T>)
    where
        T: Input + FromStr<Err: Display> + Display,
    {
        match self {
            Self::FillIn { project, problems } => {
                *value = problems.convert(name, InputLocation::Path, project);
                if let Some(value) = value {
                    value.check(&InputPath::root(name, InputLocation::Path), problems);
                }
            }
            Self::Check { call, problems } => call.fill_in_project(name, value, problems),
            _ => {}
        }
        self.visit(name, InputLocation::Path, Need::FilledIn, value);
    }

    /// A parameter in the path.
    pub(crate) fn path<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        self.visit(name, InputLocation::Path, Need::Required, value)
    }

    /// An optional parameter in the query.
    pub(crate) fn query<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        self.visit(name, InputLocation::Query, Need::Optional, value)
    }

    /// A required parameter in the query.
    pub(crate) fn required_query<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        self.visit(name, InputLocation::Query, Need::Required, value)
    }

    /// An optional header.
    pub(crate) fn header<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        self.visit(name, InputLocation::Header, Need::Optional, value)
    }

    /// A required header.
    pub(crate) fn required_header<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        self.visit(name, InputLocation::Header, Need::Required, value)
    }

    /// An optional field of the body.
    pub(crate) fn field<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        self.visit(name, InputLocation::Body, Need::Optional, value)
    }

    /// A required field of the body.
    pub(crate) fn required_field<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        self.visit(name, InputLocation::Body, Need::Required, value)
    }

    /// The whole body, where it is not an object.
    pub(crate) fn body<'v, T: Input>(&'v mut self, value: &'v mut Option<T>) -> Checking<'v, T> {
        if let Self::Read(arguments) = self {
            *value = T::read(Argument::body(arguments));
        }
        self.checking("body", InputLocation::Body, Need::Required, value)
    }

    fn visit<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        location: InputLocation,
        need: Need,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        match self {
            Self::Read(arguments) => {
                *value = T::read(Argument::new(arguments, name, location));
            }
            Self::ReadOne { name: wanted, arguments }
                if *wanted == name && location == InputLocation::Query =>
            {
                *value = T::read(Argument::new(arguments, name, location));
            }
            Self::Record(given) => {
                let json = value.as_ref().and_then(|value| serde_json::to_value(value).ok());
                if let Some(json) = json {
                    given.entry(name).or_insert(json);
                }
            }
            Self::ReadOne { .. } | Self::FillIn { .. } | Self::Check { .. } => {}
        }
        self.checking(name, location, need, value)
    }

    fn checking<'v, T: Input>(
        &'v mut self,
        name: &'static str,
        location: InputLocation,
        need: Need,
        value: &'v mut Option<T>,
    ) -> Checking<'v, T> {
        let Self::Check { problems, .. } = self else { return None };
        let Some(value) = value else {
            if need == Need::Required {
                problems.missing(name, location);
            }
            return None;
        };
        let path = InputPath::root(name, location);
        value.check(&path, problems);
        Some((value, path, problems))
    }
}

/// Whether an input has to be given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    Required,
    Optional,
    /// The client fills it in, at the latest when the call is sent.
    FilledIn,
}
