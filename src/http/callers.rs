//! From where a request comes: the connection's address, or what proxies that are trusted say of it.
//!
//! `X-Forwarded-For` is read from the right, where the nearest proxy writes, and only as far as proxies are trusted: what stands
//! further left, the client may have written itself. `Forwarded` is not read; whoever could set the one would set the other.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderMap, X_FORWARDED_FOR};
use domain::attempts::Caller;
use ipnet::IpNet;

use crate::settings::Reach;

/// The networks that are known.
#[derive(Debug, Default)]
pub struct Networks {
    trusted: Vec<IpNet>,
    shared: Vec<IpNet>,
}

impl Networks {
    pub fn new(reach: &Reach) -> Self {
        Self { trusted: reach.trusted_proxy.clone(), shared: reach.shared_address.clone() }
    }

    /// Who sends a request.
    pub fn caller(&self, request: &HttpRequest) -> Caller {
        let peer = request.peer_addr().map_or(Ipv4Addr::UNSPECIFIED.into(), |peer| peer.ip());
        let address = self.client(peer, request.headers());
        Caller::new(address, among(&self.shared, address))
    }

    /// The address that the last trusted hop was reached from. A hop that is no address ends the way: the nearest before it
    /// stands for whatever is behind.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut nearest = peer.to_canonical();
        let lines: Vec<_> = headers.get_all(X_FORWARDED_FOR).collect();
        let hops = lines.into_iter().rev().flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
        for hop in hops {
            if !among(&self.trusted, nearest) {
                break;
            }
            let Some(address) = read(hop) else { break };
            nearest = address;
        }
        nearest
    }
}

fn among(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// An address, as some proxies write it with a port.
fn read(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop.parse().ok().or_else(|| Some(hop.parse::<SocketAddr>().ok()?.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_trusted_hops_are_believed() {
        let trusted = ["10.0.0.0/8", "2001:db8::/32"].map(|network| network.parse().unwrap()).to_vec();
        let networks = Networks { trusted, shared: Vec::new() };
        let client = |peer: &str, lines: &[&str]| {
            let mut request = TestRequest::default();
            for line in lines {
                request = request.append_header((X_FORWARDED_FOR, *line));
            }
            networks.client(peer.parse().unwrap(), request.to_srv_request().headers()).to_string()
        };
        // A stranger is where it is, whatever it says.
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("::ffff:10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        // What the client wrote before the proxy did counts for nothing.
        assert_eq!(client("10.0.0.1", &["203.0.113.9, 198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["203.0.113.9", "198.51.100.7"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["198.51.100.7, 10.9.9.9"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &["10.1.1.1, 10.9.9.9"]), "10.1.1.1");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
        for malformed in ["", "unknown", "_hidden", "198.51.100.7, nonsense", "1.2.3.4.5", "\u{e6}"] {
            assert_eq!(client("10.0.0.1", &[malformed]), "10.0.0.1", "{malformed}");
        }
        assert_eq!(client("10.0.0.1", &["nonsense, 10.9.9.9"]), "10.9.9.9");
        assert_eq!(client("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(client("2001:db8::1", &["[2001:db9::7]:4711"]), "2001:db9::7");
    }
}
