internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

/// A memory handler of functions of which some operations are replaced by broken ones.
struct BrokenFunctions: FunctionEffects {
    typealias Base = MemoryFunctionHandler
    typealias Invoke = @Sendable (Base, FunctionName, [UInt8]) async throws(EffectError) -> FunctionAnswer
    typealias InvokeAsync = @Sendable (Base, FunctionName, [UInt8]) async throws(EffectError) -> Void

    let base: Base
    var capabilities = MemoryFunctionHandler.capabilities
    var invoke: Invoke = { base, function, payload throws(EffectError) in try await base.invoke(function, payload) }
    var invokeAsync: InvokeAsync = { base, function, payload throws(EffectError) in
        try await base.invokeAsync(function, payload)
    }

    init(_ base: Base) {
        self.base = base
    }

    func invoke(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) -> FunctionAnswer {
        try await invoke(base, function, payload)
    }

    func invokeAsync(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) {
        try await invokeAsync(base, function, payload)
    }
}

/// Makes handlers of functions that are all broken in the same way.
final class BrokenFunctionHarness: FunctionHarness {
    private let declared: Capabilities?
    private let change: @Sendable (inout BrokenFunctions) -> Void
    private let sound = MemoryFunctionHarness()

    init(declaring declared: Capabilities? = nil, _ change: @escaping @Sendable (inout BrokenFunctions) -> Void) {
        self.declared = declared
        self.change = change
    }

    var echo: FunctionName { sound.echo }
    var failing: FunctionName { sound.failing }
    var noting: FunctionName { sound.noting }
    var capabilities: Capabilities { declared ?? sound.capabilities }

    func make() async throws -> any FunctionEffects {
        var functions = BrokenFunctions(sound.makeMemory())
        functions.capabilities = capabilities
        change(&functions)
        return functions
    }

    func noted() async throws -> [[UInt8]] { try await sound.noted() }

    func finish() async { await sound.finish() }
}

typealias FunctionDefect = Defect<any FunctionEffects>

extension FunctionDefect {
    init(
        _ description: String,
        breaks law: String,
        declaring declared: Capabilities? = nil,
        hangs: Bool = false,
        _ change: @escaping @Sendable (inout BrokenFunctions) -> Void
    ) {
        self.init(description: description, law: law, hangs: hangs) {
            BrokenFunctionHarness(declaring: declared, change)
        }
    }

    static var all: [FunctionDefect] {
        [
            FunctionDefect(
                "an empty payload is a byte",
                breaks: "a function is given its payload as it is, and its answer comes back"
            ) { functions in
                functions.invoke = { base, function, payload throws(EffectError) in
                    try await base.invoke(function, payload.isEmpty ? [0] : payload)
                }
            },
            FunctionDefect(
                "an error of a function is thrown",
                breaks: "an error of a function is its answer, and not an error of the service"
            ) { functions in
                functions.invoke = { base, function, payload throws(EffectError) in
                    let answer = try await base.invoke(function, payload)
                    guard case .failed = answer else { return answer }
                    throw EffectError(.internal, "The function failed.", effect: "functions", handler: "broken")
                }
            },
            FunctionDefect(
                "a function that does not exist answers with nothing",
                breaks: "a function that does not exist is not found, and a name of another form refused"
            ) { functions in
                functions.invoke = { base, function, payload throws(EffectError) in
                    function == "law-none" ? .returned([]) : try await base.invoke(function, payload)
                }
            },
            FunctionDefect("a payload is cut at the limit", breaks: "a payload beyond the limit is refused") {
                functions in
                functions.invoke = { base, function, payload throws(EffectError) in
                    try await base.invoke(function, Array(payload.prefix(base.capabilities.limit(.requestBytes))))
                }
            },
            FunctionDefect(
                "of many calls at once some have the last one's answer",
                breaks: "concurrent calls each have their own answer"
            ) { functions in
                let calls = Gauge()
                let last = Mutexed<FunctionAnswer?>(nil)
                functions.invoke = { base, function, payload throws(EffectError) in
                    try await calls.whileCounted { running throws(EffectError) in
                        if running > 8, let answer = last.current { return answer }
                        let answer = try await base.invoke(function, payload)
                        last.withLock { $0 = answer }
                        return answer
                    }
                }
            },
            FunctionDefect("a call is made twice", breaks: "a call that has ended has run the function once") {
                functions in
                functions.invoke = { base, function, payload throws(EffectError) in
                    _ = try await base.invoke(function, payload)
                    return try await base.invoke(function, payload)
                }
            },
            FunctionDefect(
                "a cancelled call is carried out",
                breaks: "a call of a cancelled task is cancelled and runs nothing"
            ) { functions in
                functions.invoke = { base, function, payload throws(EffectError) in
                    try await heedless { () throws(EffectError) in try await base.invoke(function, payload) }
                }
            },
            FunctionDefect(
                "every seventh call is forgotten",
                breaks: "a function that nobody waits for runs at least once",
                hangs: true
            ) { functions in
                let calls = Gauge()
                functions.invokeAsync = { base, function, payload throws(EffectError) in
                    if payload.count == 1, !Task.isCancelled, function != "law-none", calls.next() % 7 == 0 { return }
                    try await base.invokeAsync(function, payload)
                }
            },
            FunctionDefect(
                "a function that does not exist is forgotten",
                breaks: "a call without waiting is refused as any other is"
            ) { functions in
                functions.invokeAsync = { base, function, payload throws(EffectError) in
                    if function != "law-none" { try await base.invokeAsync(function, payload) }
                }
            },
            FunctionDefect(
                "functions run without waiting where that is not declared",
                breaks: "a call without waiting is refused",
                declaring: Capabilities(limits: MemoryFunctionHandler.capabilities.limits)
            ) { _ in },
        ]
    }
}
