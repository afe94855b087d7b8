//! The section of the sync worker, which ships the outbox to an endpoint. The guest only checks it, and tells its defaults.

use super::config::{member, null_or, path};
use super::section::{Checked, Section};
use crate::error::Error;
use crate::json::json_string;

const COMPRESSIONS: [&str; 3] = ["gzip", "zstd", "none"];
/// More is no address of anything.
const MAX_ENDPOINT_BYTES: usize = 2048;
const EXPECTED_ENDPOINT: &str = "expected `https://host[:port][/path]`, or `http://` to this machine (`localhost`, 127.0.0.0/8, \
    `[::1]`), with no user, `?`, `#`, blanks or anything but ASCII, of at most 2048 bytes";

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
    let [cert, key] = ["client_cert_file", "client_key_file"];
    let mut files = 0;
    for name in ["api_key_file", "ca_file", cert, key] {
        section.nullable(name);
        let file = path(&mut section, name)?;
        files = files << 1 | usize::from(file.is_some());
        member(&mut written, name, &null_or(file.as_deref().map(json_string)));
    }
    match files & 3 {
        1 => return Err(section.expected(cert, "the certificate of `client_key_file`, too")),
        2 => return Err(section.expected(key, "the key of `client_cert_file`, too")),
        _ => {}
    }
    section.named(&mut written, "compression", &COMPRESSIONS, 0)?;
    section.numbered(&mut written, "max_batch_rows", 1..=10_000, 500)?;
    section.numbered(&mut written, "max_batch_bytes", 65_536..=16 << 20, 1 << 20)?;
    section.numbered(&mut written, "timeout_ms", 1000..=600_000, 30_000)?;
    section.end()?;
    written.push('}');
    Ok(Some(written))
}

/// Whether this is an address that the API key can be sent to. What some parser of addresses would read in another way is
/// none.
fn is_endpoint(text: &str) -> bool {
    let (secure, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
        (Some(rest), _) => (true, rest),
        (_, Some(rest)) => (false, rest),
        _ => return false,
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // Only behind the bracket of an IPv6 address a colon begins a port.
    let bracket = authority.find(']').map_or(0, |at| at + 1);
    let colon = authority.get(bracket..).and_then(|rest| rest.find(':')).map(|at| bracket + at);
    let (host, port) = authority.split_at(colon.unwrap_or(authority.len()));
    let port = port.strip_prefix(':').is_none_or(|port| is_number(port) && port.parse::<u16>().is_ok_and(|n| n > 0));
    let within = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
    let named = match within {
        Some(address) => address.contains(':') && address.bytes().all(|b| b.is_ascii_hexdigit() || b":.".contains(&b)),
        None => !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._".contains(&b)),
    };
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@%".contains(&b);
    named && port && path.bytes().all(plain) && text.len() <= MAX_ENDPOINT_BYTES && (secure || is_here(host))
}

/// Whether a host is this machine for sure.
fn is_here(host: &str) -> bool {
    let numbers =
        || host.split('.').all(|n| is_number(n) && n.parse::<u8>().is_ok() && (n == "0" || !n.starts_with('0')));
    host.eq_ignore_ascii_case("localhost")
        || host == "[::1]"
        || host.starts_with("127.") && host.split('.').count() == 4 && numbers()
}

/// Digits alone: parsers take a sign, too.
fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
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
            "http://LOCALHOST:1/v",
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
            "https://[::1]x",
            "https://[v1.x]",
            "https://a%2e.example",
            "http://a.example",
            "http://localhost.a.example",
            "http://127.0.0.1.a.example",
            "http://127.0.0.1.",
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
