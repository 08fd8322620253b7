#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable internal import AuraAWS

@Suite("Secrets that AWS keeps")
struct AWSSecretsTests {
    private func failure(_ body: () async throws -> Void) async -> EffectError? {
        await #expect(throws: EffectError.self) { try await body() }
    }

    @Test("secrets and parameters are read, and data keys wrapped and unwrapped for their purpose alone")
    func secrets() async throws {
        let services = TestServices.shared()
        let name = "test/\(UUID().uuidString)"
        let peer = PeerProgram(services.server)
        let said = try peer.run("python3", [PeerProgram.script, "secrets", name])
        let keyID = try #require(try JSONDecoder().decode([String: String].self, from: Data(said.utf8))["key"])
        let secrets = try await AWSSecrets(
            TestServices.plain.region("us-east-1").endpoint(services.server.endpoint),
            services.context,
            credentials: services.store.credentials
        )
        #expect(try await secrets.secret(name).withExposedValue { $0 } == Array("the secret é".utf8))
        #expect(try await secrets.parameter("/\(name)").withExposedValue { $0 } == "the parameter é")
        #expect(await failure { _ = try await secrets.secret("\(name)/none") }?.code == .notFound)
        #expect(await failure { _ = try await secrets.parameter("/\(name)/none") }?.code == .notFound)
        let dataKey: [UInt8] = Array(0..<32)
        let wrapped = try await secrets.wrap(Secret(dataKey), by: keyID, purpose: ["for": "tests"])
        #expect(!wrapped.isEmpty && wrapped != dataKey)
        let unwrapped = try await secrets.unwrap(wrapped, by: keyID, purpose: ["for": "tests"])
        #expect(unwrapped.withExposedValue { $0 } == dataKey)
        let error = await failure { _ = try await secrets.unwrap(wrapped, by: keyID, purpose: ["for": "others"]) }
        #expect(error?.code == .corrupted)
        await secrets.stop()
        await services.close()
    }
}
#endif
