//! Which addresses may be asked: what everybody can reach, and nothing of anybody's own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Names that are given to nobody, or mean this machine to itself.
const RESERVED: [&str; 7] =
    ["example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"];

/// Whether an address is one of the web that somebody could have meant to be read. What a name leads to is looked at
/// when it is asked.
pub(crate) fn may_be_asked_for(url: &Url) -> bool {
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_open = url.username().is_empty() && url.password().is_none();
    let is_given = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            let is_in = |reserved: &str| {
                name.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
            };
            !RESERVED.iter().any(|reserved| is_in(reserved))
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => true,
        None => false,
    };
    is_web && is_open && is_given
}

/// Whether a port is one of the web. Others belong to other services, which nobody asked for an answer.
pub(super) fn is_port(port: u16) -> bool {
    matches!(port, 80 | 443 | 8080 | 8443)
}

/// Whether an address is in nobody's own network.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        // Between a provider and its customers; for protocols; for measurements; a way to other networks.
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
        || (a == 192 && b == 88 && c == 99))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let v4 = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        // An address of the older sort, written as a newer one, or reached through a gateway.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => v4(high, low),
        [0x2002, high, low, ..] => v4(high, low),
        // Only what begins so is given to anybody; of it a tunnel, documentation and protocols are not.
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        [0x3fff, second, ..] => second >= 0x1000,
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_anybodys_own_network_is_public_however_it_is_written() {
        for private in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "0.1.2.3",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a9fe:a9fe",
            "2002:7f00:1::",
            "2002:a00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "64:ff9b:1::1",
            "3fff::1",
        ] {
            assert!(!is_public(private.parse().expect("an address")), "{private}");
        }
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "2a00:1450::1",
            "::ffff:8.8.8.8",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(public.parse().expect("an address")), "{public}");
        }
    }

    #[test]
    fn only_what_somebody_could_read_is_asked_for() {
        let asked = |text: &str| may_be_asked_for(&Url::parse(text).expect("an address"));
        for url in ["https://rust-lang.org/", "http://1.1.1.1/", "http://127.0.0.1:9/"] {
            assert!(asked(url), "{url}");
        }
        for url in [
            "ftp://rust-lang.org/",
            "https://user@rust-lang.org/",
            "https://:pw@rust-lang.org/",
            "https://www.example.com/",
            "https://example.org./",
            "https://shop.test/",
            "http://localhost:4000/",
            "http://a.localhost/",
        ] {
            assert!(!asked(url), "{url}");
        }
        assert!(is_port(443) && !is_port(22) && !is_port(25) && !is_port(6379));
    }
}
