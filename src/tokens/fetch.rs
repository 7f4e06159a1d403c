//! Fetching what an issuer publishes. It is read under limits, and only from where it was said to be.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::Agent;
use ureq::http::{StatusCode, Uri};
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

use super::jwk::{Key, KeySet};

/// How long one document may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// The largest document, in bytes.
const LARGEST: u64 = 256 * 1024;

/// Where keys come from.
pub struct Source {
    issuer: String,
    /// Where they are; by the issuer's discovery document where nothing is given.
    keys: Option<String>,
    agent: Agent,
}

#[derive(Deserialize)]
struct Discovery {
    issuer: String,
    jwks_uri: String,
}

impl Source {
    pub fn new(issuer: String, keys: Option<String>) -> Self {
        // The machine's own trust store: an issuer inside the house often has a certificate of the house.
        let tls = TlsConfig::builder()
            .provider(TlsProvider::Rustls)
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .http_status_as_error(false)
            .build()
            .into();
        Self { issuer, keys, agent }
    }

    /// The keys as they are published now. It blocks.
    pub fn fetch(&self) -> Result<Vec<Key>, String> {
        let keys = match &self.keys {
            Some(given) => self.document::<KeySet>(given)?,
            None => self.document::<KeySet>(&self.discovered()?)?,
        };
        let usable = keys.usable();
        // Whoever has lost all keys at once is more likely broken than without any.
        if usable.is_empty() { Err("it publishes no key that could be used".to_owned()) } else { Ok(usable) }
    }

    fn discovered(&self) -> Result<String, String> {
        let url = format!("{}/.well-known/openid-configuration", self.issuer.trim_end_matches('/'));
        let Discovery { issuer, jwks_uri } = self.document(&url)?;
        if issuer != self.issuer {
            return Err(format!("{url} is of {issuer}"));
        }
        check_url(&jwks_uri).map_err(|fault| format!("{url}: jwks_uri: {fault}"))?;
        Ok(jwks_uri)
    }

    fn document<T: DeserializeOwned>(&self, url: &str) -> Result<T, String> {
        let told = |error: &dyn std::fmt::Display| format!("{url}: {error}");
        let call = self.agent.get(url).header("accept", "application/json").call();
        let mut response = call.map_err(|error| told(&error))?;
        // A redirect too: keys come from where they were said to be.
        if response.status() != StatusCode::OK {
            return Err(told(&response.status()));
        }
        let body = response.body_mut().with_config().limit(LARGEST).read_to_vec();
        serde_json::from_slice(&body.map_err(|error| told(&error))?).map_err(|error| told(&error))
    }
}

/// Whether what comes from there is what was sent: by https, or on this machine.
pub fn check_url(url: &str) -> Result<(), String> {
    let uri: Uri = url.parse().map_err(|error| format!("{url}: {error}"))?;
    let host = uri.host().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    match uri.scheme_str() {
        _ if host.is_empty() => Err(format!("{url} names no host")),
        Some("https") => Ok(()),
        Some("http") if is_here => Ok(()),
        _ => Err(format!("{url} is not https")),
    }
}

#[cfg(test)]
mod tests {
    use super::check_url;

    #[test]
    fn keys_come_by_https_or_from_this_machine() {
        for url in [
            "https://id.example.dk/realms/kommune",
            "http://127.0.0.1:8080/x",
            "http://localhost:1/x",
            "http://[::1]:1/x",
        ] {
            assert_eq!(check_url(url), Ok(()));
        }
        for url in [
            "",
            "id.example.dk",
            "http://id.example.dk/x",
            "http://127.0.0.1.example.dk/x",
            "http://localhost.example.dk/x",
            "file:///etc/passwd",
            "ftp://127.0.0.1/x",
            "https://",
        ] {
            assert!(check_url(url).is_err(), "{url}");
        }
    }
}
