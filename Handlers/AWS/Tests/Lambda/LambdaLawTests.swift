#if AWS
internal import AuraConformance
internal import AuraEffects
internal import Testing

@testable internal import AuraAWS

/// The laws by what Lambda's functions declare, without any that run.
private struct Declared: ConformanceHarness {
    var capabilities: Capabilities { LambdaFunctionHandler.capabilities }
    func make() async throws -> any FunctionEffects { FunctionsEffect.unimplemented }
    func finish() async {}
}

@Suite("The laws of functions on Lambda")
struct LambdaLawTests {
    @Test("functions of a server that answers as its reference says", arguments: FunctionLaw.applicable(to: Declared()))
    func functions(_ law: FunctionLaw) async throws {
        try await law.check(LambdaHarness())
    }

    @Test("every law applies but that of a handler that cannot run without waiting")
    func coverage() {
        let unmet = Set(FunctionLaw.all.flatMap { $0.unmetRequirements(of: Declared()) })
        #expect(unmet == [.lacks(.invokeAsync)])
    }
}
#endif
