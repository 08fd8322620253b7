public import AuraEffects
public import Instrumentation

extension Envelope {
    /// The service context that an envelope's headers carry; an empty one where they carry none.
    ///
    /// - Parameter instrument: Reads the headers; by default the one that was bootstrapped.
    /// - Returns: The context.
    public func serviceContext(
        using instrument: any Instrument = InstrumentationSystem.instrument
    ) -> InstrumentationContext {
        var context = InstrumentationContext.topLevel
        instrument.extract(headers, into: &context, using: HeaderCarrier())
        return context
    }

    /// The envelope with the headers of a service context.
    ///
    /// - Parameters:
    ///   - context: The context.
    ///   - instrument: Writes the headers; by default the one that was bootstrapped.
    /// - Returns: The envelope.
    public func carrying(
        _ context: InstrumentationContext,
        using instrument: any Instrument = InstrumentationSystem.instrument
    ) -> Envelope {
        var envelope = self
        instrument.inject(context, into: &envelope.headers, using: HeaderCarrier())
        return envelope
    }
}

/// Runs `body` in the service context of an envelope that arrived: spans within are children of its sender's.
///
/// ```swift
/// for try await envelope in effects.network.incoming("notes") {
///     try await withTraceContext(of: envelope) { () async throws(EffectError) in
///         try await handle(envelope)
///     }
/// }
/// ```
///
/// - Parameters:
///   - envelope: The envelope.
///   - instrument: Reads the headers; by default the one that was bootstrapped.
///   - body: What to run.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
public func withTraceContext<Value, Failure: Error>(
    of envelope: Envelope,
    using instrument: any Instrument = InstrumentationSystem.instrument,
    _ body: () async throws(Failure) -> Value
) async throws(Failure) -> Value {
    let context = envelope.serviceContext(using: instrument)
    // Binding a task-local value is untyped.
    let result: Result<Value, Failure> = await InstrumentationContext.$current.withValue(context) {
        do throws(Failure) { return .success(try await body()) } catch { return .failure(error) }
    }
    return try result.get()
}

/// Reads and writes an envelope's headers.
struct HeaderCarrier: Extractor, Injector {
    func extract(key: String, from headers: [String: String]) -> String? { headers[key] }

    func inject(_ value: String, forKey key: String, into headers: inout [String: String]) { headers[key] = value }
}
