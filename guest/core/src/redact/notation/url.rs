//! Passwords in URLs.

use super::bytes::{BLANKS, QUOTES, Set};
use super::shape::looks_secret;
use crate::redact::rules::Rule;
use crate::redact::text::Spans;

/// No user information is longer, in bytes: a password can be a token of many parts.
const MAX_AHEAD: usize = 4096;
/// No user information with signs in it that should have been encoded is longer, in bytes.
const MAX_RAW: usize = 256;

/// What the authority of a URL is ended by.
const ENDS: Set = Set::of(b"/?#<>\\,;|").and(QUOTES).and(BLANKS);
/// What ends a URL.
const URL_ENDS: Set = Set::of(b"<>").and(QUOTES).and(BLANKS);

/// Where in a text an `@` comes next, looked for once however many URLs there are.
#[derive(Debug, Default)]
pub(super) struct Next {
    /// The last one that was found.
    found: usize,
    /// Up to where there is no other.
    seen: usize,
}

impl Next {
    /// Whether one comes soon behind `start`.
    fn is_near(&mut self, bytes: &[u8], start: usize) -> bool {
        let end = bytes.len().min(start + MAX_AHEAD);
        if self.found < start {
            let from = self.seen.max(start);
            let found = bytes.get(from..end).and_then(|rest| rest.iter().position(|b| *b == b'@'));
            self.seen = self.seen.max(found.map_or(end, |found| from + found));
            self.found = found.map_or(self.found, |found| from + found);
        }
        (start..end).contains(&self.found)
    }
}

/// The password in a URL's user information (RFC 3986, section 3.2.1), its `://` at `at`; or the user, where that is a token.
pub(super) fn read(text: &str, at: usize, next: &mut Next, spans: &mut Spans<'_>) {
    let start = at + 3;
    let Some(rest) = text.get(start..).filter(|_| next.is_near(text.as_bytes(), start)) else { return };
    let authority = ENDS.until(rest);
    let Some(host) = authority.rfind('@') else { return raw(rest, authority, start, spans) };
    // The hash of an image is no host.
    if authority.get(host + 1..).is_some_and(|host| host.starts_with("sha256:")) {
        return;
    }
    let user = authority.get(..host).unwrap_or_default();
    match user.find(':') {
        Some(colon) => spans.push(start + colon + 1..start + host, Rule::URL_PASSWORD),
        None if user.len() > 19 && looks_secret(user) => spans.push(start..start + host, Rule::URL_PASSWORD),
        None => {}
    }
}

/// The same where the password has signs in it that should have been encoded, and end the authority: behind a colon there is
/// no port, and an `@` comes later.
fn raw(rest: &str, authority: &str, start: usize, spans: &mut Spans<'_>) {
    let Some(colon) = authority.find(':').filter(|_| !authority.starts_with('[')) else { return };
    let head = URL_ENDS.until(rest.get(colon + 1..rest.floor_char_boundary(colon + MAX_RAW)).unwrap_or_default());
    let Some(first) = head.find('@') else { return };
    let name = ENDS.until(head.get(first..).unwrap_or_default());
    let host = first + name.rfind('@').unwrap_or_default();
    let password = head.get(..host).unwrap_or_default();
    let port = ENDS.until(password);
    let is_port = port.bytes().all(|b| b.is_ascii_digit()) || port.eq_ignore_ascii_case("port");
    let named = head.as_bytes().get(host + 1).is_some_and(u8::is_ascii_alphanumeric);
    if named && !is_port && !password.ends_with('/') && !password.contains("://") {
        spans.push(start + colon + 1..start + colon + 1 + host, Rule::URL_PASSWORD);
    }
}

/// `jdbc:oracle:thin:user/password@host` (Oracle, JDBC developer's guide, "Thin-style service names"), the driver's name at `at`.
pub(super) fn oracle(text: &str, at: usize, spans: &mut Spans<'_>) {
    let driver = at + "oracle:".len();
    let Some(len) =
        ["thin:", "oci:"].iter().find(|name| text.get(driver..).is_some_and(|rest| rest.starts_with(**name)))
    else {
        return;
    };
    let start = driver + len.len();
    let login = text.get(start..text.floor_char_boundary(start + MAX_RAW)).unwrap_or_default();
    let login = URL_ENDS.until(login);
    if let Some((user, rest)) = login.split_once('/')
        && let Some(host) = rest.rfind('@').filter(|host| *host > 0)
        && !user.contains('@')
    {
        let password = start + user.len() + 1;
        spans.push(password..password + host, Rule::URL_PASSWORD);
    }
}
