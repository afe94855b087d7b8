//! The section of the sync worker, which ships the outbox to an endpoint. The guest only checks it, and tells its defaults.

use super::config::member;
use super::rows::{self, Kind};
use super::section::{Checked, Section};
use crate::error::Error;
use crate::json::json_string;

const FILES: [(&str, Kind); 4] = [
    ("api_key_file", Kind::Path),
    ("ca_file", Kind::Path),
    ("client_cert_file", Kind::Path),
    ("client_key_file", Kind::Path),
];
const REQUESTS: [(&str, Kind); 4] = [
    ("compression", Kind::Choice(&["gzip", "zstd", "none"], 0)),
    ("max_batch_rows", Kind::Number(1, 10_000, 500)),
    ("max_batch_bytes", Kind::Number(64 << 10, 16 << 20, 1 << 20)),
    ("timeout_ms", Kind::Number(1000, 600_000, 30_000)),
];
/// More is no address of anything.
const MAX_ENDPOINT_BYTES: usize = 2048;
const EXPECTED_ENDPOINT: &str = "expected `https://host[:port][/path]`, or `http://` to localhost, 127.0.0.0/8 or [::1], \
    without a user, `?`, `#`, blanks and signs beyond ASCII";

/// The section in force, written out; none when nothing is sent.
pub(super) fn parse(top: &mut Section<'_>) -> Checked<Option<String>> {
    top.nullable("sync");
    let Some(value) = top.take("sync") else { return Ok(None) };
    let mut section = Section::new(top.path("sync"), value)?;
    let mut written = String::from("{");
    let endpoint = section.text("endpoint")?;
    let endpoint = endpoint.as_deref().filter(|endpoint| is_endpoint(endpoint));
    let endpoint = endpoint.ok_or_else(|| Error::config(section.path("endpoint"), EXPECTED_ENDPOINT))?;
    // Hosts put their paths behind it.
    member(&mut written, "endpoint", &json_string(endpoint.trim_end_matches('/')));
    // What its lowest two bits say are the certificate and its key.
    match rows::write(&mut section, &FILES, &mut written)? & 3 {
        1 => return Err(section.expected("client_cert_file", "the certificate of `client_key_file`, too")),
        2 => return Err(section.expected("client_key_file", "the key of `client_cert_file`, too")),
        _ => {}
    }
    rows::write(&mut section, &REQUESTS, &mut written)?;
    section.end()?;
    written.push('}');
    Ok(Some(written))
}

/// Whether this is an address that the API key can be sent to. What some parser of addresses would read in another way is
/// none.
fn is_endpoint(text: &str) -> bool {
    let secure = text.strip_prefix("https://");
    let Some(rest) = secure.or_else(|| text.strip_prefix("http://")) else { return false };
    let before = |text: &str, sign: u8| text.bytes().position(|b| b == sign).unwrap_or(text.len());
    let (authority, path) = rest.split_at(before(rest, b'/'));
    // Within the brackets of an IPv6 address a colon begins no port.
    let bracket = if authority.starts_with('[') { before(authority, b']') } else { 0 };
    let colon = bracket + before(authority.get(bracket..).unwrap_or_default(), b':');
    let (host, port) = authority.split_at(colon);
    let port = port.is_empty() || number(port.get(1..).unwrap_or_default()).is_some_and(|port| port > 0);
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let (name, signs): (_, &[u8]) = address.map_or((host, b"-._"), |address| (address, b":."));
    let named =
        |b: u8| signs.contains(&b) || if address.is_some() { b.is_ascii_hexdigit() } else { b.is_ascii_alphanumeric() };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@%".contains(&b);
    !name.is_empty()
        && name.bytes().all(named)
        && port
        && path.bytes().all(plain)
        && text.len() <= MAX_ENDPOINT_BYTES
        && (secure.is_some() || is_here(host))
}

/// Whether a host is this machine for sure.
fn is_here(host: &str) -> bool {
    let mut parts = 0;
    let numbers = host.split('.').all(|part| {
        parts += 1;
        number(part).is_some_and(|number| number < 256)
    });
    host == "localhost" || host == "[::1]" || host.starts_with("127.") && numbers && parts == 4
}

/// A number of at most 16 bits as it is usually written; to some parsers a zero in front means another.
fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    let usual = text == "0" || matches!(text.bytes().next(), Some(b'1'..=b'9'));
    Some(number).filter(|number| usual && *number < 1 << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_https_or_on_this_machine() {
        for right in [
            "https://a.example",
            "https://a.example/",
            "https://A_b-1.example:8443/x/%20/y",
            "https://10.0.0.1",
            "https://[2001:db8::1]:443/",
            "http://localhost",
            "http://127.0.0.1:65535",
            "http://127.255.0.9/",
            "http://[::1]:80",
        ] {
            assert!(is_endpoint(right), "{right}");
        }
        let long = format!("https://a.example/{}", "x".repeat(2048));
        for wrong in [
            "",
            "https://",
            "https:///x",
            "https://:443",
            "HTTPS://a.example",
            "ftp://a.example",
            "a.example",
            "https:a.example",
            "https://user@a.example",
            "https://user:pass@a.example",
            "https://a.example?x",
            "https://a.example/#x",
            "https://a.example\\@b.example",
            "https://a.example/ x",
            "https://a.example/\n",
            "https://ä.example",
            "https://a.example:",
            "https://a.example:0",
            "https://a.example:65536",
            "https://a.example:+80",
            "https://a.example:80:80",
            "https://[::1",
            "https://::1",
            "https://[]",
            "https://[:",
            "https://]",
            "https://a]:1",
            "https://[::1]x",
            "https://[v1.x]",
            "https://a%2e.example",
            "http://a.example",
            "http://localhost.a.example",
            "http://127.0.0.1.a.example",
            "http://127.0.0.1.",
            "http://LOCALHOST",
            "http://127.1",
            "http://127.0.0.256",
            "http://127.0.0.+1",
            "http://127.0.0.010",
            "http://0.0.0.0",
            "http://[::ffff:127.0.0.1]",
            "http://[::1%25lo]",
            &long,
        ] {
            assert!(!is_endpoint(wrong), "{wrong}");
        }
    }
}
