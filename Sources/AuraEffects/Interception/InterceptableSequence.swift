/// A sequence that an operation answers with at once, and whose elements pass the interceptors later.
public protocol InterceptableSequence: Sendable {
    /// The sequence with a chain around each wait for more.
    ///
    /// - Parameters:
    ///   - interceptors: The chain.
    ///   - call: The call that answered with the sequence; every wait for more is one of it.
    /// - Returns: The sequence.
    func intercepted(by interceptors: InterceptorChain, as call: EffectCall) -> Self

    /// The sequence that fails at once.
    static func failing(_ error: EffectError) -> Self
}

extension JournalSubscription: InterceptableSequence {
    /// The subscription with a chain around each wait for a page.
    public func intercepted(by interceptors: InterceptorChain, as call: EffectCall) -> JournalSubscription {
        JournalSubscription(after: start) { [nextPage] position throws(EffectError) in
            try await interceptors.perform(call) { () async throws(EffectError) in try await nextPage(position) }
        }
    }

    /// A subscription that fails at once.
    public static func failing(_ error: EffectError) -> JournalSubscription {
        JournalSubscription(after: .start) { _ throws(EffectError) in throw error }
    }
}

extension NetworkSequence: InterceptableSequence {
    /// The sequence with a chain around each wait for an element.
    public func intercepted(by interceptors: InterceptorChain, as call: EffectCall) -> NetworkSequence {
        NetworkSequence { [nextElement] () throws(EffectError) in
            try await interceptors.perform(call) { () async throws(EffectError) in try await nextElement() }
        }
    }

    /// A sequence that fails at once.
    public static func failing(_ error: EffectError) -> NetworkSequence {
        NetworkSequence { () throws(EffectError) in throw error }
    }
}
