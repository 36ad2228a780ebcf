//! String formats, with a sample of each.

/// The formats that OpenAPI or JSON Schema define, with a sample for those of strings.
const FORMATS: [(&str, Option<&str>); 26] = [
    ("int32", None),
    ("int64", None),
    ("float", None),
    ("double", None),
    ("byte", Some("YQ==")),
    ("binary", Some("a")),
    ("password", Some("a")),
    ("date", Some("2020-01-31")),
    ("date-time", Some("2020-01-31T00:00:00Z")),
    ("time", Some("00:00:00Z")),
    ("duration", Some("P1D")),
    ("email", Some("a@b.co")),
    ("idn-email", Some("a@b.co")),
    ("hostname", Some("a.co")),
    ("idn-hostname", Some("a.co")),
    ("ipv4", Some("10.0.0.1")),
    ("ipv6", Some("::1")),
    ("uri", Some("http://a.co")),
    ("uri-reference", Some("/a")),
    ("uri-template", Some("/{a}")),
    ("iri", Some("http://a.co")),
    ("iri-reference", Some("/a")),
    ("uuid", Some("123e4567-e89b-12d3-a456-426614174000")),
    ("regex", Some("a*")),
    ("json-pointer", Some("/a")),
    ("relative-json-pointer", Some("0")),
];

/// Texts that no format, or very few, accept.
pub(crate) const WITHOUT_FORMAT: [&str; 4] = ["not of any format ", "%", "-", "(("];

/// Whether a format is one that OpenAPI or JSON Schema defines.
pub(crate) fn is_defined(format: &str) -> bool {
    FORMATS.iter().any(|(name, _)| *name == format)
}

/// A sample of a format.
pub(crate) fn sample_of(format: &str) -> Option<&'static str> {
    FORMATS.iter().find(|(name, _)| *name == format).and_then(|(_, text)| *text)
}

/// Samples of all formats.
pub(crate) fn samples() -> impl Iterator<Item = &'static str> {
    FORMATS.iter().filter_map(|(_, text)| *text)
}
