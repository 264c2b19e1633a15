//! One part of several into which a fleet is split, so that several jobs test it side by side.

use std::fmt;
use std::str::FromStr;

use crate::base::sha256;

/// The most parts.
const MOST: u32 = 10_000;

/// The n-th of so many parts, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shard {
    /// Which part.
    pub index: u32,
    /// How many parts there are.
    pub count: u32,
}

/// It is not written `1/4`, or there is no such part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a part is written 1/4: the first of four")]
pub struct NoSuchShard;

impl Shard {
    /// Whether a connection belongs to this part. That depends on its link name alone: not on its place, on the
    /// other connections, on the machine or on the version of conn.
    #[must_use]
    pub fn holds(self, link_name: &str) -> bool {
        let digits = sha256(link_name.as_bytes());
        let number =
            u64::from_str_radix(&digits[..15], 16).expect("a digest is written in hexadecimal digits");
        number % u64::from(self.count) == u64::from(self.index - 1)
    }
}

impl FromStr for Shard {
    type Err = NoSuchShard;

    fn from_str(text: &str) -> Result<Self, NoSuchShard> {
        let number = |text: &str| {
            let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|number: &u32| plain && (1..=MOST).contains(number))
        };
        let (index, count) = text.split_once('/').ok_or(NoSuchShard)?;
        let shard = number(index).zip(number(count)).map(|(index, count)| Self { index, count });
        shard.filter(|shard| shard.index <= shard.count).ok_or(NoSuchShard)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::Shard;

    #[test]
    fn a_part_is_written_with_a_slash_and_lies_within_its_count() {
        for (text, read) in [
            ("1/1", Some((1, 1))),
            ("3/4", Some((3, 4))),
            ("4/4", Some((4, 4))),
            ("0/4", None),
            ("5/4", None),
            ("1/0", None),
            ("+1/4", None),
            (" 1/4", None),
            ("1/4/2", None),
            ("1-4", None),
            ("", None),
            ("1/10001", None),
            ("1/99999999999", None),
        ] {
            let shard = read.map(|(index, count)| Shard { index, count });
            assert_eq!(text.parse().ok(), shard, "{text:?}");
        }
    }

    #[test]
    fn every_name_belongs_to_exactly_one_part_and_to_the_same_one_ever_after() {
        for name in ["crm", "billing", "顧客", "a", "customer-0001"] {
            let homes = (1..=7).filter(|&index| Shard { index, count: 7 }.holds(name)).count();
            assert_eq!(homes, 1, "{name}");
        }
        // Frozen: a pipeline may keep results of an older conn beside those of a newer one.
        let home = |name: &str| (1..=4).find(|&index| Shard { index, count: 4 }.holds(name));
        assert_eq!(["crm", "billing", "archive", "customer-0001"].map(home), [4, 2, 2, 4].map(Some));
    }

    #[test]
    fn a_thousand_names_are_spread_evenly() {
        let held = |index| {
            let shard = Shard { index, count: 8 };
            (0..1000).filter(|number| shard.holds(&format!("customer-{number:04}"))).count()
        };
        let sizes: Vec<usize> = (1..=8).map(held).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 1000);
        assert!(sizes.iter().all(|size| (90..=160).contains(size)), "{sizes:?}");
    }
}
