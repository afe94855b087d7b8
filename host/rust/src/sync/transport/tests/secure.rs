//! TLS: certificates that are good, expired, for another name, of nobody; and the client's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection};
use tempfile::TempDir;

use super::*;
use crate::sync::testing::read_request;

/// A CA of its own, and what it has signed.
struct Authority {
    folder: TempDir,
    issuer: CertifiedIssuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "auditbox test CA");
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let authority = Self { folder: TempDir::new().unwrap(), issuer };
        authority.file("ca.pem", &authority.issuer.pem(), 0o644);
        authority
    }

    fn file(&self, name: &str, text: &str, mode: u32) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        path
    }

    fn ca(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    fn sign(&self, name: &str, change: impl FnOnce(&mut CertificateParams)) -> (rcgen::Certificate, KeyPair) {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        change(&mut params);
        let key = KeyPair::generate().unwrap();
        (params.signed_by(&key, &self.issuer).unwrap(), key)
    }

    /// A server with that certificate; it wants one of the client when `mutual`.
    fn serve(&self, (certificate, key): (rcgen::Certificate, KeyPair), mutual: bool) -> (Server, SyncOptions) {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions();
        let builder = match mutual {
            false => builder.unwrap().with_no_client_auth(),
            true => {
                let mut roots = RootCertStore::empty();
                roots.add(self.issuer.der().clone()).unwrap();
                let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
                builder.unwrap().with_client_cert_verifier(verifier)
            }
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = Arc::new(builder.with_single_cert(vec![certificate.der().clone()], key).unwrap());
        let server = Server::start_raw(move |stream: &mut Stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = rustls::StreamOwned::new(connection, stream.socket());
            if read_request(&mut tls).is_some() {
                let _ = std::io::Write::write_all(&mut tls, b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
                tls.conn.send_close_notify();
                let _ = tls.conn.complete_io(&mut tls.sock);
            } else {
                // So that its alert is not lost in an RST.
                let _ = stream.socket().shutdown(std::net::Shutdown::Write);
                let _ = std::io::copy(&mut stream.socket(), &mut std::io::sink());
            }
        });
        let mut options = options(&server.url().replace("http://127.0.0.1", "https://localhost"));
        options.ca_file = Some(self.ca());
        (server, options)
    }
}

#[test]
fn the_ca_of_the_options_is_trusted_beside_the_platform_s() {
    let authority = Authority::new();
    let (_server, options) = authority.serve(authority.sign("localhost", |_| ()), false);
    assert_eq!(status(&send(&transport(&options))), (200, "{}", true));
}

#[test]
fn a_certificate_of_an_unknown_authority_is_refused() {
    let (authority, another) = (Authority::new(), Authority::new());
    let (_server, mut options) = authority.serve(authority.sign("localhost", |_| ()), false);
    options.ca_file = Some(another.ca());
    let got = send(&transport(&options));
    assert!(failed(&got, Failure::Tls).contains("certificate"), "{got:?}");
}

#[test]
fn a_certificate_for_another_name_is_refused() {
    let authority = Authority::new();
    let (_server, options) = authority.serve(authority.sign("audit.example.com", |_| ()), false);
    let got = send(&transport(&options));
    assert!(failed(&got, Failure::Tls).contains("another host name"), "{got:?}");
}

#[test]
fn a_certificate_that_has_expired_or_is_not_valid_yet_is_refused() {
    let authority = Authority::new();
    let expired = authority.sign("localhost", |params| params.not_after = date_time_ymd(2001, 1, 1));
    let (_server, options) = authority.serve(expired, false);
    let got = send(&transport(&options));
    assert!(failed(&got, Failure::Tls).contains("expired"), "{got:?}");

    let early = authority.sign("localhost", |params| params.not_before = date_time_ymd(4000, 1, 1));
    let (_server, options) = authority.serve(early, false);
    let got = send(&transport(&options));
    assert!(failed(&got, Failure::Tls).contains("not valid yet"), "{got:?}");
}

#[test]
fn a_server_that_does_not_speak_tls_is_told() {
    let server = Server::start_raw(|stream: &mut Stream| {
        stream.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        while !stream.wait(Duration::from_secs(1)) {}
    });
    let got = send(&transport(&options(&server.url().replace("http:", "https:"))));
    assert!(failed(&got, Failure::Tls).contains("does not speak TLS"), "{got:?}");
}

#[test]
fn a_client_certificate_opens_an_endpoint_that_wants_one() {
    let authority = Authority::new();
    let (_server, mut options) = authority.serve(authority.sign("localhost", |_| ()), true);
    let got = send(&transport(&options));
    assert!(failed(&got, Failure::Tls).contains("client certificate"), "{got:?}");

    let (certificate, key) = authority.sign("client", |_| ());
    options.client_cert_file = Some(authority.file("client.pem", &certificate.pem(), 0o644));
    options.client_key_file = Some(authority.file("client.key", &key.serialize_pem(), 0o600));
    assert_eq!(status(&send(&transport(&options))).0, 200);
}

#[test]
fn files_that_are_not_what_they_should_be_are_refused_before_anything_is_sent() {
    let authority = Authority::new();
    let (certificate, client_key) = authority.sign("client", |_| ());
    let (other, _) = authority.sign("client", |_| ());
    let good = authority.file("client.pem", &certificate.pem(), 0o644);
    let other = authority.file("other.pem", &other.pem(), 0o644);
    let private = authority.file("client.key", &client_key.serialize_pem(), 0o600);
    let open = authority.file("open.key", &client_key.serialize_pem(), 0o644);
    let empty = authority.file("empty.pem", "", 0o600);
    let refusal = |ca: Option<&PathBuf>, client: Option<(&PathBuf, &PathBuf)>| {
        let mut options = options("https://localhost:1");
        options.ca_file = ca.cloned();
        options.client_cert_file = client.map(|(certificate, _)| certificate.clone());
        options.client_key_file = client.map(|(_, key)| key.clone());
        Transport::with_proxy(&options, &key(), "", "").map(drop).unwrap_err().to_string()
    };
    assert!(refusal(Some(&empty), None).contains("holds no PEM certificate"));
    assert!(refusal(Some(&authority.folder.path().join("none")), None).contains("cannot be read"));
    assert!(refusal(None, Some((&good, &empty))).contains("holds no PEM private key"));
    assert!(refusal(None, Some((&other, &private))).contains("is not the one of the certificate"));
    assert!(refusal(None, Some((&good, &open))).contains("chmod 600"));
}
