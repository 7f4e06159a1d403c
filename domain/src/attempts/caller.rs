use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::error::{Error, Result};

/// Who asks, before anyone has signed in.
#[derive(Clone, Debug)]
pub struct Caller {
    address: IpAddr,
    /// Whether many people are known to share the address.
    pub(super) shared: bool,
    checked: Arc<AtomicBool>,
    wait: Arc<AtomicU64>,
}

impl Caller {
    pub fn new(address: IpAddr, shared: bool) -> Self {
        Self { address, shared, checked: Arc::default(), wait: Arc::default() }
    }

    /// One whose requests check no passwords.
    pub fn nobody() -> Self {
        Self::new(Ipv4Addr::UNSPECIFIED.into(), false)
    }

    /// Takes the one check of a password that a request has, however many fields ask for one.
    pub fn check_once(&self) -> Result<()> {
        if self.checked.swap(true, Ordering::Relaxed) {
            return Err(Error::RateLimited { seconds: 1 });
        }
        Ok(())
    }

    /// Keeps for how long the answer tells to wait, for whoever sends it.
    pub fn tell_to_wait(&self, seconds: u64) {
        self.wait.fetch_max(seconds, Ordering::Relaxed);
    }

    /// For how long the answer told to wait.
    pub fn told_to_wait(&self) -> Option<u64> {
        Some(self.wait.load(Ordering::Relaxed)).filter(|seconds| *seconds > 0)
    }

    /// The address as it is counted. An IPv6 network of 64 bits is one household or office, which takes new addresses at will.
    pub(super) fn place(&self) -> String {
        match self.address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let network = address.segments();
                format!("{:x}:{:x}:{:x}:{:x}::/64", network[0], network[1], network[2], network[3])
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_one_network_of_ipv6_or_one_address_of_ipv4() {
        let place = |address: &str| Caller::new(address.parse().unwrap(), false).place();
        assert_eq!(place("2001:db8:1:2::1"), place("2001:db8:1:2:ffff::9"));
        assert_ne!(place("2001:db8:1:2::1"), place("2001:db8:1:3::1"));
        assert_eq!(place("::ffff:192.0.2.1"), place("192.0.2.1"));
        assert_ne!(place("192.0.2.1"), place("192.0.2.2"));
    }

    #[test]
    fn a_request_checks_one_password() {
        let caller = Caller::nobody();
        assert!(caller.check_once().is_ok());
        assert!(caller.clone().check_once().is_err());
    }
}
