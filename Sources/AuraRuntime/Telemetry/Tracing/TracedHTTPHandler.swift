public import AuraEffects
public import Instrumentation

/// An HTTP handler whose requests carry the caller's service context in their fields.
///
/// A field that the request has already stays as it is. Like ``TracedNetworkHandler`` it is a handler of its own because an
/// interceptor cannot change a call's arguments.
public struct TracedHTTPHandler: HTTPEffects, InterceptedHandler {
    /// The handler that sends.
    public let base: any HTTPEffects

    private let instrument: any Instrument

    /// Wraps a handler.
    ///
    /// - Parameters:
    ///   - base: The handler that sends.
    ///   - instrument: Writes the fields; by default the one that was bootstrapped.
    public init(_ base: any HTTPEffects, instrument: any Instrument = InstrumentationSystem.instrument) {
        self.base = base
        self.instrument = instrument
    }

    /// What the handler can do.
    public var capabilities: Capabilities { base.capabilities }

    /// Sends a request with the current context.
    public func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        guard let context = InstrumentationContext.current else { return try await base.send(request) }
        var traced = request
        instrument.inject(context, into: &traced.fields, using: FieldCarrier())
        return try await base.send(traced)
    }
}

/// Writes a request's fields.
private struct FieldCarrier: Injector {
    func inject(_ value: String, forKey key: String, into fields: inout HTTPFields) {
        if fields[key] == nil { fields[key] = value }
    }
}
