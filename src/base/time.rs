//! Moments. Stored and printed for machines as ISO-8601 in UTC, for people in the local zone.

/// A moment in time, to the nanosecond.
pub type Timestamp = jiff::Timestamp;

/// The moment for a person: date, time to the minute and zone, for example `2026-11-21 20:31 JST`.
#[must_use]
pub fn local(moment: Timestamp, zone: &jiff::tz::TimeZone) -> String {
    moment.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M %Z").to_string()
}

/// The moment to the second for machines, for example `2026-11-21T11:31:02Z`.
#[must_use]
pub fn iso(moment: Timestamp) -> String {
    moment.round(jiff::Unit::Second).unwrap_or(moment).to_string()
}
