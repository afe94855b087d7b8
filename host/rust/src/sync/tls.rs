//! TLS for the transport: whom to trust, who we are, and what a failed handshake means.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use rustls::sign::CertifiedKey;
use rustls::{AlertDescription, CertificateError};
use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

use super::key::read_private_pem;
use crate::config::SyncOptions;
use crate::error::{Error, ErrorKind};

/// What the options say about TLS: the platform's roots and those of `ca_file`, and the client's certificate.
///
/// # Errors
/// When a file cannot be read, holds nothing of its kind, or key and certificate do not belong together; or when there
/// is no root at all.
pub(super) fn config(options: &SyncOptions) -> Result<TlsConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls_native_certs::load_native_certs().certs;
    if let Some(path) = &options.ca_file {
        roots.extend(certificates(path, "CA")?);
    }
    if roots.is_empty() {
        return Err(refused(
            "this system has no root certificates: install them, or name some by `sync.ca_file`".into(),
        ));
    }
    let client = match (&options.client_cert_file, &options.client_key_file) {
        (Some(certificate), Some(key)) => Some(client(certificate, key, &provider)?),
        _ => None,
    };
    Ok(TlsConfig::builder()
        .root_certs(RootCerts::from(roots.into_iter().map(|root| Certificate::from_der(&root).to_owned())))
        .client_cert(client)
        .unversioned_rustls_crypto_provider(provider)
        .build())
}

fn client(certificate: &Path, key: &Path, provider: &rustls::crypto::CryptoProvider) -> Result<ClientCert, Error> {
    let chain = certificates(certificate, "client certificate")?;
    let pem = read_private_pem(key)?;
    let der = PrivateKeyDer::from_pem_slice(&pem)
        .map_err(|_| refused(format!("the client key file `{}` holds no PEM private key", key.display())))?;
    let given = chain.iter().map(|item| Certificate::from_der(item).to_owned()).collect::<Vec<_>>();
    // The library would take them for granted.
    CertifiedKey::from_der(chain, der, provider).map_err(|_| {
        let (certificate, key) = (certificate.display(), key.display());
        refused(format!("the client key `{key}` is not the one of the certificate `{certificate}`"))
    })?;
    let key = PrivateKey::from_pem(&pem)
        .map_err(|_| refused(format!("the client key file `{}` holds no PEM private key", key.display())))?;
    Ok(ClientCert::new_with_certs(&given, key))
}

fn certificates(path: &Path, what: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let place = format!("the {what} file `{}`", path.display());
    let pem = fs::read(path).map_err(|error| refused(format!("{place} cannot be read: {error}")))?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        _ => Err(refused(format!("{place} holds no PEM certificate"))),
    }
}

fn refused(message: String) -> Error {
    Error::new(ErrorKind::Config, message)
}

/// What is wrong, in words that hold nothing of what the other side has sent.
pub(super) fn reason(error: &rustls::Error) -> &'static str {
    match error {
        rustls::Error::InvalidCertificate(error) => certificate_reason(error),
        rustls::Error::NoCertificatesPresented => "the endpoint has shown no certificate",
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateUnknown
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::UnknownCA
            | AlertDescription::AccessDenied,
        ) => "the endpoint does not take the client certificate, or wants one: look at `sync.client_cert_file`",
        rustls::Error::AlertReceived(AlertDescription::UnrecognisedName) => "the endpoint does not know this host name",
        rustls::Error::AlertReceived(_) | rustls::Error::PeerIncompatible(_) => {
            "the endpoint and auditbox have no version or cipher of TLS in common"
        }
        rustls::Error::InvalidMessage(_) => "what answers there does not speak TLS: look at the port",
        _ => "the TLS handshake failed",
    }
}

fn certificate_reason(error: &CertificateError) -> &'static str {
    match error {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the endpoint's certificate has expired, or this machine's clock is wrong"
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the endpoint's certificate is not valid yet, or this machine's clock is wrong"
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "the endpoint's certificate is for another host name"
        }
        CertificateError::UnknownIssuer => {
            "the endpoint's certificate is of an unknown authority: name its CA by `sync.ca_file`, or mind the proxy"
        }
        CertificateError::Revoked => "the endpoint's certificate has been revoked",
        _ => "the endpoint's certificate is not valid",
    }
}
