//! How often one address may do what costs: at the counter it only sorts apart, at the desk it slows down.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;

use governor::clock::MonotonicClock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

/// Forms of one address in a minute before further ones are sorted apart.
const FORMS: u32 = 10;
/// Files of one address in an hour before further ones have to wait; the forms they came with do not.
const FILES: u32 = 60;
/// Sign-ins of one address in a minute before it has to wait.
const SIGN_INS: u32 = 20;
/// Sign-ins to one account in a minute before it has to wait.
const ACCOUNT: u32 = 8;
/// So many addresses are remembered before those that have been quiet are forgotten.
const REMEMBERED: usize = 10_000;

/// What is limited.
#[derive(Debug)]
pub struct Limits {
    /// Forms and messages sent.
    pub forms: Rate,
    /// Files sent by people without an account.
    pub files: Rate,
    /// Passwords, codes and other secrets tried.
    pub sign_ins: Rate,
    /// The same for one account, from wherever it is tried.
    pub accounts: Accounts,
}

impl Limits {
    /// Fresh counters.
    #[must_use]
    pub fn new() -> Self {
        Self {
            forms: Rate::per_minute(FORMS),
            files: Rate::of(Quota::per_hour(most(FILES))),
            sign_ins: Rate::per_minute(SIGN_INS),
            accounts: Accounts::per_minute(ACCOUNT),
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}

type Limiter = RateLimiter<
    IpAddr,
    DefaultKeyedStateStore<IpAddr>,
    MonotonicClock,
    NoOpMiddleware<<MonotonicClock as governor::clock::Clock>::Instant>,
>;

/// One such limit.
pub struct Rate(Limiter);

impl Rate {
    /// At most so many in a minute, all at once or spread.
    #[must_use]
    pub fn per_minute(most: u32) -> Self {
        Self::of(Quota::per_minute(self::most(most)))
    }

    fn of(quota: Quota) -> Self {
        // The machine's plain clock: the finer one of this crate takes time to start.
        Self(RateLimiter::new(
            quota,
            DefaultKeyedStateStore::default(),
            MonotonicClock,
        ))
    }

    /// Counts one; `false` if it is one too many. An asker without an address is never too many.
    #[must_use]
    pub fn allows(&self, asker: Option<IpAddr>) -> bool {
        let Some(asker) = asker else { return true };
        if self.0.len() > REMEMBERED {
            self.0.retain_recent();
        }
        self.0.check_key(&household(asker)).is_ok()
    }
}

type AccountLimiter = RateLimiter<
    String,
    DefaultKeyedStateStore<String>,
    MonotonicClock,
    NoOpMiddleware<<MonotonicClock as governor::clock::Clock>::Instant>,
>;

/// The limit of tries to one account; whether there is such an account does not matter.
pub struct Accounts(AccountLimiter);

impl Accounts {
    /// At most so many in a minute.
    #[must_use]
    pub fn per_minute(most: u32) -> Self {
        Self(RateLimiter::new(
            Quota::per_minute(self::most(most)),
            DefaultKeyedStateStore::default(),
            MonotonicClock,
        ))
    }

    /// Counts one; `false` if it is one too many.
    #[must_use]
    pub fn allows(&self, account: &str) -> bool {
        if self.0.len() > REMEMBERED {
            self.0.retain_recent();
        }
        let key: String = account.trim().to_lowercase().chars().take(100).collect();
        self.0.check_key(&key).is_ok()
    }
}

impl fmt::Debug for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Accounts({})", self.0.len())
    }
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Addresses are personal data.
        write!(f, "Rate({} addresses)", self.0.len())
    }
}

fn most(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}

/// With IPv6 a household has a whole net of addresses and counts as one.
fn household(asker: IpAddr) -> IpAddr {
    match asker {
        IpAddr::V4(_) => asker,
        IpAddr::V6(long) => Ipv6Addr::from_bits(long.to_bits() & (u128::MAX << 64)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_too_many_times_slows_no_other() {
        let rate = Rate::per_minute(3);
        let one = Some("192.0.2.1".parse().unwrap());
        assert!((0..3).all(|_| rate.allows(one)));
        assert!(!rate.allows(one));
        assert!(rate.allows(Some("192.0.2.2".parse().unwrap())) && rate.allows(None));
        assert!(!format!("{rate:?}").contains("192"));
    }

    #[test]
    fn a_household_of_ipv6_counts_as_one() {
        let rate = Rate::per_minute(1);
        assert!(rate.allows(Some("2001:db8::1".parse().unwrap())));
        assert!(!rate.allows(Some("2001:db8::ffff".parse().unwrap())));
        assert!(rate.allows(Some("2001:db8:0:1::1".parse().unwrap())));
    }
}
