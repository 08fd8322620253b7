public import AuraEffects

extension HTTPResponse {
    /// When the server answered, by the field `Date`; `nil` where it does not say.
    public var date: WallTime? { fields["date"].flatMap { HTTPDate.time($0) } }

    /// How long the server asks to wait before another attempt, by the field `Retry-After`; at most a day, `nil` where it does
    /// not say.
    ///
    /// The field has seconds, or a date, which counts from the server's own (RFC 9110, section 10.2.3).
    public var retryAfter: Duration? {
        guard let text = fields["retry-after"] else { return nil }
        let longest = Duration.seconds(86_400)
        if let seconds = Int64(text) { return seconds >= 0 ? min(.seconds(seconds), longest) : nil }
        guard let date, let until = HTTPDate.time(text) else { return nil }
        let pause = Duration.nanoseconds(until.nanosecondsSinceEpoch - date.nanosecondsSinceEpoch)
        return pause > .zero ? min(pause, longest) : nil
    }
}
