#if OpenSSL
internal import AuraEffects

/// What OpenSSL says of a call that failed.
struct OpenSSLReasons: Error, CustomStringConvertible {
    let reasons: [String]

    var description: String {
        reasons.isEmpty ? "no reason given" : reasons.joined(separator: "; ")
    }
}

extension OpenSSLError {
    /// The error of a call that failed, with what is in the thread's queue; empties the queue.
    ///
    /// - Parameters:
    ///   - code: What kind of failure it is.
    ///   - message: What is wrong and what to do next.
    /// - Returns: The error, with OpenSSL's reasons as its cause.
    static func failure(_ code: EffectError.Code, _ message: String) -> EffectError {
        EffectError(code, message, cause: OpenSSLReasons(reasons: drain()))
    }

    /// The error of a call that fails only for want of memory or of a part of OpenSSL.
    static func failure(making what: String) -> EffectError {
        let reasons = OpenSSLReasons(reasons: drain())
        return EffectError(
            .internal,
            "OpenSSL could not make \(what) (\(reasons)): check that its 'default' provider is installed.",
            cause: reasons
        )
    }
}
#endif
