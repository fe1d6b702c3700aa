//! Whom we believe at the other end of an encrypted line: the public authorities, or those of a file.

use std::{fs, path::Path, sync::Arc};

use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use tokio_rustls::{
    TlsConnector,
    rustls::{
        ClientConfig, RootCertStore,
        crypto::ring::default_provider,
        pki_types::{CertificateDer, pem::PemObject},
    },
};

/// The authorities whose certificates count for one server.
pub(super) enum Trust {
    /// Those that the public trusts.
    Public,
    /// These and no others.
    Own(Vec<CertificateDer<'static>>),
}

impl Trust {
    /// The authorities in a file of PEM; without one those of the public.
    pub fn read(file: Option<&Path>) -> Result<Self, String> {
        let Some(file) = file else {
            return Ok(Self::Public);
        };
        let pem = fs::read(file).map_err(|e| e.to_string())?;
        let certificates: Vec<_> = CertificateDer::pem_slice_iter(&pem)
            .collect::<Result<_, _>>()
            .map_err(|e| e.to_string())?;
        if certificates.is_empty() {
            return Err("holds no certificate in PEM".into());
        }
        Ok(Self::Own(certificates))
    }

    /// For the library that talks SMTP.
    pub fn for_smtp(&self, host: &str) -> Result<TlsParameters, String> {
        let mut tls = TlsParameters::builder(host.to_owned());
        if let Self::Own(certificates) = self {
            tls = tls.certificate_store(CertificateStore::None);
            for certificate in certificates {
                let authority = Certificate::from_der(certificate.to_vec());
                tls = tls.add_root_certificate(authority.map_err(|e| e.to_string())?);
            }
        }
        tls.build().map_err(|e| e.to_string())
    }

    /// For lines that we encrypt ourselves.
    pub fn connector(&self) -> Result<TlsConnector, String> {
        let mut roots = RootCertStore::empty();
        match self {
            Self::Public => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Self::Own(certificates) => {
                for certificate in certificates {
                    roots.add(certificate.clone()).map_err(|e| e.to_string())?;
                }
            }
        }
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|e| e.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(TlsConnector::from(Arc::new(config)))
    }
}
