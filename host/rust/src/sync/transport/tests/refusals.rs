//! Broken connections, broken answers, endpoints and proxies that are none.

use std::net::TcpListener;

use super::*;

#[test]
fn a_connection_that_breaks_before_the_answer_is_a_reset() {
    let server = Server::start(Stream::close);
    failed(&send(&transport(&options(server.url()))), Failure::Reset);
    let server = Server::start_raw(Stream::reset);
    failed(&send(&transport(&options(server.url()))), Failure::Reset);
}

#[test]
fn a_connection_that_is_reset_in_the_middle_of_a_batch_is_a_reset() {
    let server = Server::start_raw(Stream::reset);
    let body = vec![b'x'; 32 << 20];
    let request = Request { body: &body, encoding: None, idempotency_key: "one.two.2" };
    failed(&transport(&options(server.url())).send(&request), Failure::Reset);
}

#[test]
fn a_kept_connection_that_the_server_has_closed_is_opened_anew() {
    let server = Server::start(|stream: &mut Stream| {
        stream.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
        stream.close();
    });
    let transport = transport(&options(server.url()));
    assert_eq!(status(&send(&transport)).0, 200);
    server.wait_until_closed();
    assert_eq!(status(&send(&transport)).0, 200);
    assert_eq!(server.connections(), 2);
}

#[test]
fn nobody_there_is_a_failed_connection() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let got = send(&transport(&options(&format!("http://{free}"))));
    assert!(failed(&got, Failure::Connect).contains("connection refused"), "{got:?}");
}

#[test]
fn a_name_that_does_not_exist_is_told_from_a_host_that_does_not_answer() {
    // `invalid` is kept free for ever (RFC 2606); a resolver that is not there gives the same answer.
    let mut options = options("https://auditbox.invalid");
    options.timeout_ms = 20_000;
    failed(&send(&transport(&options)), Failure::Dns);
}

#[test]
fn what_is_not_http_is_a_broken_protocol() {
    for garbage in ["SSH-2.0-OpenSSH_9.6\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n", "\0\0\0\0\r\n\r\n"] {
        let server = Server::start(move |stream: &mut Stream| {
            stream.write(garbage.as_bytes());
            stream.close();
        });
        failed(&send(&transport(&options(server.url()))), Failure::Protocol);
    }
}

#[test]
fn a_head_without_end_is_given_up() {
    let server = Server::start(|stream: &mut Stream| {
        stream.write(b"HTTP/1.1 200 OK\r\n");
        while stream.try_write(format!("X-More: {}\r\n", "x".repeat(1000)).as_bytes()) {}
    });
    failed(&send(&transport(&options(server.url()))), Failure::Protocol);
}

#[test]
fn only_https_is_an_endpoint_but_for_loopback() {
    for endpoint in [
        "http://audit.example.com",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://10.0.0.1",
        "ftp://localhost",
        "localhost:1",
        "",
        "https://",
        "https://a b",
    ] {
        let error = Transport::with_proxy(&options(endpoint), &key(), "", "").map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config, "{endpoint}");
        assert!(endpoint.len() < 9 || !error.to_string().contains(endpoint), "{error}");
    }
    for endpoint in ["http://localhost:1", "http://127.3.2.1", "http://[::1]:1/base", "https://audit.example.com/v2/"] {
        assert!(Transport::with_proxy(&options(endpoint), &key(), "", "").is_ok(), "{endpoint}");
    }
}

#[test]
fn an_endpoint_elsewhere_is_reached_through_the_proxy() {
    let proxy = Server::start(answer("403 Forbidden", "", ""));
    let url = proxy.url().replace("http://", "http://user:p%40ss@");
    let transport = Transport::with_proxy(&options("https://audit.example.com"), &key(), &url, "other.example.com");
    failed(&send(&transport.unwrap()), Failure::Connect);
    let (head, _) = proxy.requests().remove(0);
    assert!(head.starts_with("CONNECT audit.example.com:443 "), "{head}");
    assert!(!head.contains(KEY), "the key is not for the proxy: {head}");
    assert!(head.to_ascii_lowercase().contains("proxy-authorization: basic dxnlcjpwqhnz"), "{head}");
}

#[test]
fn loopback_is_never_behind_a_proxy() {
    let proxy = Server::start(answer("403 Forbidden", "", ""));
    let server = Server::start(answer("200 OK", "", "{}"));
    let transport = Transport::with_proxy(&options(server.url()), &key(), proxy.url(), "").unwrap();
    assert_eq!(status(&send(&transport)).0, 200);
    assert!(proxy.requests().is_empty());
}

#[test]
fn a_proxy_that_cannot_be_used_is_refused_and_its_password_not_shown() {
    for proxy in ["socks5://user:hunter2@localhost:1", "http://user:hunter2@", "hunter2 hunter2"] {
        let endpoint = options("https://audit.example.com");
        let error = Transport::with_proxy(&endpoint, &key(), proxy, "").map(drop).unwrap_err().to_string();
        assert!(error.contains("HTTPS_PROXY") && !error.contains("hunter2"), "{error}");
    }
}
