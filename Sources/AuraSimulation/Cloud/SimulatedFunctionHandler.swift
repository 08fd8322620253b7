public import AuraEffects
internal import AuraMemory
internal import AuraRuntime

/// The functions of a ``SimulatedCloud`` as one node sees them: the closures of ``SimulatedCloud/functions``.
public final class SimulatedFunctionHandler: FunctionEffects {
    private let gate: CloudGate

    init(for caller: String, in cloud: SimulatedCloud) {
        gate = CloudGate(FunctionsEffect.self, SimulatedCloud.defaultName, for: caller, in: cloud)
    }

    /// What the functions of a simulated cloud declare.
    public static var capabilities: Capabilities { MemoryFunctionHandler.capabilities }

    /// Running without waiting, and the limits of payloads.
    public var capabilities: Capabilities { Self.capabilities }

    /// Runs a function and waits for its answer.
    public func invoke(_ function: AuraEffects.FunctionName, _ payload: [UInt8]) async throws(EffectError)
        -> FunctionAnswer
    {
        try await gate.call("invoke", .change) { () throws(EffectError) in
            try await gate.cloud.runner.invoke(function, payload, gate.errors)
        }
    }

    /// Has a function run without waiting for it, now and then twice.
    public func invokeAsync(_ function: AuraEffects.FunctionName, _ payload: [UInt8]) async throws(EffectError) {
        try await gate.call("invokeAsync", .change) { () throws(EffectError) in
            try await gate.cloud.runner.invokeAsync(function, payload)
            let isRepeated = gate.draw { conditions, generator, counters in
                guard generator.happens(conditions.redelivered) else { return false }
                counters.redelivered += 1
                return true
            }
            if isRepeated { try await gate.cloud.runner.invokeAsync(function, payload) }
        }
    }
}
