#if OpenSSL
package import AuraEffects
internal import AuraRuntime
internal import COpenSSL

/// From when and until when a certificate is valid, both included (RFC 5280, section 4.1.2.5).
package struct CertificateValidity: Sendable, Hashable {
    /// Seconds since 1970-01-01T00:00:00Z.
    package var notBefore: Int64
    /// Seconds since 1970-01-01T00:00:00Z.
    package var notAfter: Int64

    /// Creates a validity.
    ///
    /// - Parameters:
    ///   - notBefore: Seconds since 1970-01-01T00:00:00Z.
    ///   - notAfter: Seconds since 1970-01-01T00:00:00Z.
    package init(notBefore: Int64, notAfter: Int64) {
        self.notBefore = notBefore
        self.notAfter = notAfter
    }

    /// The last moment that X.509 can name, at the end of the year 9999.
    static let lastMoment: Int64 = 253_402_300_799

    /// Such as `2026-01-31T09:05:00Z` (RFC 3339); the nearest moment between the years 1970 and 9999.
    package static func text(_ seconds: Int64) -> String {
        UTCTime.iso(UInt64(clamping: min(seconds, lastMoment)) * 1000)
    }
}

extension WallTime {
    /// Whole seconds since 1970-01-01T00:00:00Z, rounded down.
    package var secondsSinceEpoch: Int64 {
        let (seconds, rest) = nanosecondsSinceEpoch.quotientAndRemainder(dividingBy: 1_000_000_000)
        return rest < 0 ? seconds - 1 : seconds
    }
}

/// Moments as X.509 writes them.
enum ASN1Time {
    /// Seconds since 1970-01-01T00:00:00Z; `nil` where the moment cannot be read.
    static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let epoch = unsafe ASN1_TIME_set(nil, 0) else { return nil }
        defer { unsafe ASN1_TIME_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard unsafe ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * 86_400 + Int64(seconds)
    }
}
#endif
