//! Addresses of machines as hosts cut them: they keep the network and drop the rest, and then they are nobody's alone.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::domain::identifier::ip_address;

fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            IpAddr::V4(Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// The address without its last part.
pub(super) fn cut(text: &str) -> Option<String> {
    ip_address(text).map(|address| network(address).to_string())
}

/// Whether the address was cut: its last part is nothing.
pub(super) fn is_cut(text: &str) -> bool {
    ip_address(text).is_some_and(|address| network(address) == address)
}

/// Whether nothing of it is left.
pub(super) fn is_blank(text: &str) -> bool {
    ip_address(text).is_some_and(|address| address.is_unspecified())
}

/// Whether a cut address may be this one.
pub(super) fn may_be(whole: &str, cut_text: &str) -> bool {
    is_cut(cut_text)
        && !is_blank(cut_text)
        && cut(whole).is_some_and(|mine| cut(cut_text) == Some(mine))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cut_address_may_be_one_of_its_network_and_a_dropped_one_is_nobodys() {
        assert!(may_be("192.0.2.77", "192.0.2.0"));
        assert!(may_be("2001:db8:1:2:3::4", "2001:db8:1:2::"));
        assert!(!may_be("192.0.2.77", "192.0.3.0"));
        assert!(
            !may_be("192.0.2.77", "192.0.2.78"),
            "a whole address of somebody else"
        );
        assert!(!may_be("192.0.2.77", "0.0.0.0"));
        assert!(!may_be("2001:db8::1", "::"));
        assert!(is_blank("::") && is_blank("0.0.0.0") && !is_blank("192.0.2.0"));
    }
}
