//! A certificate authority of our own, made anew for each run, for servers that speak TLS.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::NamedTempFile;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::ring::default_provider, pki_types::PrivateKeyDer},
};

/// An authority with one certificate, made out to `localhost` and to no other name.
pub struct Authority {
    file: NamedTempFile,
    acceptor: TlsAcceptor,
    server: (String, String),
}

impl Authority {
    pub fn new() -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();

        let names = ["localhost".to_owned()];
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(names)
            .unwrap()
            .signed_by(&key, &issuer)
            .unwrap();

        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), issuer.pem()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )
            .unwrap();
        Self {
            file,
            acceptor: TlsAcceptor::from(Arc::new(config)),
            server: (certificate.pem(), key.serialize_pem()),
        }
    }

    /// The authority's certificate as PEM.
    pub fn file(&self) -> &std::path::Path {
        self.file.path()
    }

    /// The server's certificate and its key as PEM, for servers that are programs of their own.
    pub fn server(&self) -> (&str, &str) {
        (&self.server.0, &self.server.1)
    }

    pub fn acceptor(&self) -> TlsAcceptor {
        self.acceptor.clone()
    }
}
