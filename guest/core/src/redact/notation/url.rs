//! Passwords in URLs.

use super::shape::{is_path, looks_secret};
use crate::redact::rules::Rule;
use crate::redact::text::Spans;

/// No user information with signs in it that should have been encoded is longer, in bytes.
const MAX_RAW: usize = 256;

/// What a name in a URL is ended by, beside blanks.
const ENDS: &str = "/?#\"'<>\\`,;|";

/// The password in a URL's user information (RFC 3986, section 3.2.1), its `://` at `at`; or the user, where that is a token.
pub(super) fn read(text: &str, at: usize, spans: &mut Spans<'_>) {
    let start = at + 3;
    let Some(rest) = text.get(start..) else { return };
    let end = rest.bytes().position(|b| b.is_ascii_whitespace() || ENDS.as_bytes().contains(&b)).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
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
    let Some(colon) = authority.find(':').filter(|colon| *colon > 0 || rest.len() > 1) else { return };
    let head = rest.get(colon + 1..rest.floor_char_boundary(colon + MAX_RAW)).unwrap_or_default();
    let ends = |b: u8| b.is_ascii_whitespace() || b"\"'<>`".contains(&b);
    let head = head.get(..head.bytes().position(ends).unwrap_or(head.len())).unwrap_or_default();
    let Some(first) = head.find('@') else { return };
    let name = head.get(first..).and_then(|rest| rest.split(|c| ENDS.contains(c)).next()).unwrap_or_default();
    let host = first + name.rfind('@').unwrap_or_default();
    let password = head.get(..host).unwrap_or_default();
    let port = password.split(['/', '?', '#', ',', ';']).next().unwrap_or_default();
    let is_port = port.bytes().all(|b| b.is_ascii_digit()) && !port.is_empty() || port.eq_ignore_ascii_case("port");
    let named = head.as_bytes().get(host + 1).is_some_and(u8::is_ascii_alphanumeric);
    if named && !is_port && !password.ends_with('/') && !password.contains("://") && !authority.starts_with(['[', '/'])
    {
        spans.push(start + colon + 1..start + colon + 1 + host, Rule::URL_PASSWORD);
    }
}

/// `jdbc:oracle:thin:user/password@host` (Oracle, JDBC developer's guide, "Thin-style service names"), the driver's name at `at`.
pub(super) fn oracle(text: &str, at: usize, spans: &mut Spans<'_>) {
    let rest = text.get(at..text.floor_char_boundary(at + MAX_RAW)).unwrap_or_default();
    let Some((driver, login)) = rest.split_once(':').and_then(|(_, rest)| rest.split_once(':')) else { return };
    let login = login.split([' ', '"', '\'', '\n', '<', '>']).next().unwrap_or_default();
    let start = at + "oracle:".len() + driver.len() + 1;
    if let Some((user, rest)) = login.split_once('/')
        && let Some(host) = rest.rfind('@').filter(|host| *host > 0)
        && !user.contains('@')
        && !is_path(login)
    {
        let password = start + user.len() + 1;
        spans.push(password..password + host, Rule::URL_PASSWORD);
    }
}
