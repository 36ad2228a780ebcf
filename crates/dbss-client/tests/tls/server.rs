//! Servers with and without TLS, and a certificate authority of the test's own.

#![cfg_attr(
    any(feature = "native-tls", not(any(feature = "rustls", feature = "rustls-aws-lc"))),
    allow(dead_code, reason = "only what rustls says of certificates is compared")
)]

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

const RESPONSE: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\
                      content-length: 20\r\n\r\n{\"result\":\"success\"}";

/// A certificate authority, in PEM.
pub(crate) struct Authority {
    pub(crate) pem: String,
    pub(crate) der: CertificateDer<'static>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// An authority whose certificate this one has issued.
    pub(crate) fn authority_below(&self, params: CertificateParams) -> Self {
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let (pem, der) = (certificate.pem(), certificate.der().clone());
        Self { pem, der, issuer: Issuer::new(params, key) }
    }
}

pub(crate) fn authority(name: &str) -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    // OpenSSL finds an authority by its name, so no other certificate may have it.
    params.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let (pem, der) = (certificate.pem(), certificate.der().clone());
    Authority { pem, der, issuer: Issuer::new(params, key) }
}

/// A server with a certificate of the authority, for 127.0.0.1 and no name.
pub(crate) async fn https(authority: &Authority) -> SocketAddr {
    let params = CertificateParams::new([Ipv4Addr::LOCALHOST.to_string()]).unwrap();
    let (certificate, key) = served(authority, &params);
    https_with(vec![certificate], key).await
}

/// A certificate of the authority, and its key.
pub(crate) fn served(
    authority: &Authority,
    params: &CertificateParams,
) -> (CertificateDer<'static>, KeyPair) {
    let key = KeyPair::generate().unwrap();
    (params.signed_by(&key, &authority.issuer).unwrap().der().clone(), key)
}

/// A server with that chain of certificates, and the key of the first one.
pub(crate) async fn https_with(chain: Vec<CertificateDer<'static>>, key: KeyPair) -> SocketAddr {
    let provider = rustls::crypto::ring::default_provider();
    let config = rustls::ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, PrivateKeyDer::Pkcs8(key.serialize_der().into()))
        .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            // A client that does not trust the server closes the connection, which is not
            // a failure here.
            if let Ok(stream) = acceptor.accept(connection).await {
                respond(stream).await;
            }
        }
    });
    address
}

/// A server that does not speak TLS.
pub(crate) async fn plain() -> SocketAddr {
    let (listener, address) = listen().await;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            respond(connection).await;
        }
    });
    address
}

pub(crate) async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Responds to whatever arrives first.
async fn respond(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    let mut request = [0; 4096];
    if stream.read(&mut request).await.is_ok_and(|length| length > 0) {
        let _ = stream.write_all(RESPONSE.as_bytes()).await;
        let _ = stream.shutdown().await;
    }
}
