/// A moment as text.
package enum UTCTime {
    /// Such as `2026-01-31 09:05:00`, from milliseconds since 1970.
    package static func text(_ milliseconds: UInt64) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date) \(time)"
    }

    /// Such as `2026-01-31T09:05:00Z` (RFC 3339), from milliseconds since 1970.
    package static func iso(_ milliseconds: UInt64) -> String {
        let (date, time) = parts(milliseconds)
        return "\(date)T\(time)Z"
    }

    /// Such as `2026-01-31T09:05:00.000123Z` (RFC 3339), from nanoseconds since 1970; 1970 for a moment before.
    package static func precise(_ nanoseconds: Int64) -> String {
        let nanoseconds = UInt64(max(0, nanoseconds))
        let (date, time) = parts(nanoseconds / 1_000_000)
        return "\(date)T\(time).\(padded(Int(nanoseconds / 1000 % 1_000_000), 6))Z"
    }

    private static func parts(_ milliseconds: UInt64) -> (date: String, time: String) {
        let seconds = Int(milliseconds / 1000)
        // Days to a date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
        let days = seconds / 86_400 + 719_468
        let era = days / 146_097
        let dayOfEra = days % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let second = seconds % 86_400
        return (
            "\(padded(year, 4))-\(padded(month))-\(padded(day))",
            "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
        )
    }

    private static func padded(_ number: Int, _ width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
