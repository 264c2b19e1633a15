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

/// An HTTP date (RFC 9110, section 5.6.7).
#[must_use]
pub fn http_date(value: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::DateTimeParser::new().relaxed_weekday(true).parse_timestamp(value.trim()).ok()
}

/// A span as definitions write it: `90s`, `10m`, `1h`, `30d`.
#[must_use]
pub fn span(text: &str) -> Option<jiff::SignedDuration> {
    let (digits, unit) = text.trim().split_at(text.trim().find(|c: char| !c.is_ascii_digit())?);
    let number: i64 = digits.parse().ok()?;
    Some(match unit {
        "s" => jiff::SignedDuration::from_secs(number),
        "m" => jiff::SignedDuration::from_secs(number.checked_mul(60)?),
        "h" => jiff::SignedDuration::from_secs(number.checked_mul(3600)?),
        "d" => jiff::SignedDuration::from_secs(number.checked_mul(86400)?),
        _ => return None,
    })
}
