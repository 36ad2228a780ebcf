//! What can be said of a body that is not JSON: its beginning, the title of a page, an
//! encoding that nobody asked for.

use http::header::{CONTENT_ENCODING, CONTENT_TYPE};

use super::response::RawResponse;

/// How much of a body is shown, in characters.
const EXCERPT: usize = 200;

/// How much of a page is searched for its title, in bytes.
const SEARCHED: usize = 64 << 10;

/// What can be said of a body that is not JSON.
#[derive(Debug, Default)]
pub(crate) struct OtherBody {
    /// The encoding that the body has although no request asks for one.
    pub(crate) encoding: Option<String>,
    /// The title of an HTML page, on one line.
    pub(crate) title: Option<String>,
    /// The beginning, if it is not encoded.
    pub(crate) excerpt: Option<String>,
}

impl OtherBody {
    /// Reads a body that is not JSON.
    pub(crate) fn read(response: &RawResponse) -> Self {
        let encoding = encoding(response);
        if encoding.is_some() {
            return Self { encoding, title: None, excerpt: None };
        }
        let searched = response.body.get(..SEARCHED).unwrap_or(&response.body);
        let text = String::from_utf8_lossy(searched);
        let text = text.trim_start_matches('\u{feff}').trim();
        let is_page = text.starts_with('<')
            || header(response, &CONTENT_TYPE).is_some_and(|kind| kind.contains("html"));
        Self {
            encoding: None,
            title: if is_page { title(text) } else { None },
            excerpt: Some(text.chars().take(EXCERPT).collect())
                .filter(|text: &String| !text.is_empty()),
        }
    }
}

/// The `Content-Encoding` of a response. Requests do not ask for any.
fn encoding(response: &RawResponse) -> Option<String> {
    let encoding = header(response, &CONTENT_ENCODING)?;
    (!encoding.trim().is_empty() && encoding != "identity").then_some(encoding)
}

/// A header in small letters.
fn header(response: &RawResponse, name: &http::HeaderName) -> Option<String> {
    Some(response.headers.get(name)?.to_str().ok()?.to_ascii_lowercase())
}

/// The title of an HTML page, without entities and on one line.
fn title(page: &str) -> Option<String> {
    let small = page.to_ascii_lowercase();
    let tag = small.find("<title")?;
    let start = tag + small.get(tag..)?.find('>')? + 1;
    let end = start + small.get(start..)?.find("</title")?;
    let title = without_entities(page.get(start..end)?);
    let words: Vec<&str> = title.split_whitespace().collect();
    Some(words.join(" ")).filter(|title| !title.is_empty())
}

/// The text with its HTML entities replaced, as far as they are usual in titles.
fn without_entities(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        plain.push_str(before);
        let entity = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        match entity.and_then(|(name, after)| Some((character(name)?, after))) {
            Some((character, after)) => {
                plain.push(character);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = after;
            }
        }
    }
    plain + rest
}

/// The character that an entity stands for.
fn character(entity: &str) -> Option<char> {
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        "mdash" => Some('—'),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_titles_of_pages() {
        for (page, expected) in [
            ("<html><head><title>403 Forbidden</title></head></html>", Some("403 Forbidden")),
            ("<HTML><TITLE lang=en>\n Not\r\n here </TITLE>", Some("Not here")),
            (
                "<title>R&amp;D &#8211; &#x41; &lt;b&gt; &copy; & co</title>",
                Some("R&D – A <b> &copy; & co"),
            ),
            ("<title>İ größe</title>", Some("İ größe")),
            ("<title> </title>", None),
            ("<title>cut", None),
            ("<html><body>403</body></html>", None),
        ] {
            assert_eq!(title(page).as_deref(), expected, "{page}");
        }
    }
}
