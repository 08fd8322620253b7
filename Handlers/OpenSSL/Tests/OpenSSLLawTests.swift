#if OpenSSL
internal import AuraConformance
internal import AuraEffects
internal import AuraOpenSSL
internal import AuraRuntime
internal import AuraSystem
internal import Logging
internal import Testing

@Suite("The laws on OpenSSL")
struct OpenSSLLawTests {
    @Test("crypto", arguments: CryptoLaw.applicable(to: OpenSSLCryptoHarness()))
    func crypto(_ law: CryptoLaw) async throws {
        try await law.check(OpenSSLCryptoHarness())
    }

    @Test("random", arguments: RandomLaw.applicable(to: OpenSSLRandomHarness()))
    func random(_ law: RandomLaw) async throws {
        try await law.check(OpenSSLRandomHarness())
    }

    @Test("no law of crypto is left out, and none of random but those of a seed")
    func coverage() {
        #expect(CryptoLaw.all.allSatisfy { $0.applies(to: OpenSSLCryptoHarness()) })
        let random = RandomLaw.all.flatMap { $0.unmetRequirements(of: OpenSSLRandomHarness()) }
        #expect(Set(random) == [.ability(.reseed)])
    }
}

struct OpenSSLCryptoHarness: CryptoHarness {
    var capabilities: Capabilities { OpenSSLCryptoHandler.capabilities }

    var cheapDerivation: PasswordDerivation {
        PasswordDerivation(.pbkdf2(iterations: 10_000), salt: [UInt8](repeating: 1, count: 16))
    }

    func make() async throws -> any CryptoEffects {
        OpenSSLCryptoHandler(.forTests)
    }

    func finish() async {}
}

struct OpenSSLRandomHarness: RandomHarness {
    var capabilities: Capabilities { OpenSSLRandomHandler.capabilities }

    func make() async throws -> any RandomEffects {
        OpenSSLRandomHandler()
    }

    func finish() async {}
}

extension HandlerContext {
    static var forTests: HandlerContext {
        HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 0.3, ioQuota: .mebibytes(10)),
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
        )
    }
}
#endif
