internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Logging
internal import Synchronization
internal import Testing

@testable internal import AuraRuntime

/// A service that keeps secrets, and the handler that shows what a setting says.
private final class Vault: SecretEffects, HandlerBundle {
    private let asked = Mutex<[String]>([])
    private let time: any TimeEffects

    init(time: any TimeEffects = SystemTimeHandler()) {
        self.time = time
    }

    /// What was asked for, in the order of names.
    var names: [String] { asked.withLock { $0.sorted() } }

    func secret(_ reference: SecretReference) async throws(EffectError) -> Secret<String> {
        asked.withLock { $0.append(reference.name) }
        switch reference.name {
        case "none": throw EffectError(.notFound, "It keeps no such thing.")
        case "never": try await time.sleep(for: .seconds(86_400))
        case "json": return Secret(#"{"user": "app", "password": "hidden"}"#)
        default: break
        }
        return Secret("hidden \(reference.name)")
    }

    var declarations: [HandlerDeclaration] {
        [
            HandlerDeclaration(
                SecretsEffect.self,
                technology: "vault",
                summary: "Keeps what the test asks for.",
                settings: [.optional("token", .secret, "What opens it.")],
                capabilities: { _, _ in Capabilities() },
                make: { [self] _, _ throws(EffectError) in ManagedHandler(self) }
            ),
            HandlerDeclaration(
                ShownEffect.self,
                technology: "shown",
                summary: "Shows its setting.",
                settings: [.required("text", .string, "What it shows.")],
                capabilities: { _, _ in Capabilities() },
                make: { settings, _ throws(EffectError) in ManagedHandler(settings.string("text") ?? "") }
            ),
        ]
    }
}

private enum ShownEffect: EffectKey {
    static let name = "shown"
    static var unimplemented: String { "" }
}

@Suite("Secrets that services keep")
struct ServiceSecretTests {
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func assembly(
        _ text: String,
        _ vault: Vault,
        secrets: String = "secrets: { handler: vault }"
    ) throws -> Assembly {
        let yaml = """
            profile: test
            environment: mobile
            time: { handler: system }
            random: { handler: system }
            \(secrets)
            shown: { handler: shown, text: "\(text)" }
            """
        let registry = HandlerRegistry {
            vault
            SystemHandlers()
        }
        return try Assembly(Profile(yaml: yaml), registry, variables: ["OWN": "own"], machine: unlimitedMachine)
    }

    private func refusal(_ text: String, secrets: String = "secrets: { handler: vault }") -> String {
        let error = #expect(throws: ProfileErrors.self) { try assembly(text, Vault(), secrets: secrets) }
        return error.map { "\($0)" } ?? ""
    }

    @Test("what a profile names is fetched once before its handlers are made, and its check asks nobody")
    func fetched() async throws {
        let vault = Vault()
        let text =
            "${secret:vault:a} ${secret:OWN} ${secret:vault:json#password} ${secret:vault:a} ${secret:vault:json#user}"
        let assembly = try assembly(text, vault)
        #expect(vault.names == [])
        #expect(!ProfileExplanation(assembly).text.contains("pending"))
        try await assembly.withEffects(logger: logger) { effects, _ in
            #expect(effects[ShownEffect.self] == "hidden a own hidden hidden a app")
        }
        #expect(vault.names == ["a", "json"])
    }

    @Test("each that cannot be had is named with its place, and what came of the others is not shown")
    func refused() async throws {
        let assembly = try assembly("${secret:vault:none} ${secret:vault:a} ${secret:vault:json#none}", Vault())
        let missing = await #expect(throws: ProfileErrors.self) {
            try await assembly.withEffects(logger: logger) { _, _ in }
        }
        #expect(
            missing?.description
                == "profile.yaml:6:32: shown.text: the secret 'vault:none' is not there: create it, or name another one; the "
                + "settings of 'secrets' say where it is looked for (notFound: It keeps no such thing.)"
        )
        let member = await #expect(throws: ProfileErrors.self) {
            try await self.assembly("${secret:vault:json#none}", Vault()).withEffects(logger: logger) { _, _ in }
        }
        #expect(member?.description.contains("is no JSON object with the text 'none'") == true)
        #expect(member?.description.contains("hidden") == false)
    }

    @Test(
        "a reference that cannot be one is refused by the check",
        arguments: ["vault:", ":a", "Vault:a", "vault:a#", "vault:a b", "vault:a#b#c"]
    )
    func malformed(_ reference: String) {
        #expect(refusal("${secret:\(reference)}").contains("names a service's secret wrongly"))
    }

    @Test("secrets are not fetched with themselves, nor without a handler")
    func circle() {
        let secrets = "secrets: { handler: vault, token: \"${secret:vault:a}\" }"
        #expect(refusal("a", secrets: secrets).contains("is fetched with 'secrets' itself"))
        #expect(
            refusal("${secret:vault:a}", secrets: "").contains("the profile has no 'secrets'; add it; linked: vault")
        )
    }

    @Test("all of them together have half a minute, and eight are under way at once")
    func deadline() async throws {
        let time = ManualTimeHandler()
        let vault = Vault(time: time)
        let never = (0..<9)
            .map { PendingSecret(reference: .init(service: "v\($0)", name: "never"), key: "", place: .standard) }
        let pending = [PendingSecret(reference: .init(service: "v", name: "a"), key: "", place: .standard)] + never
        async let fetched = SecretFetching(secrets: vault, time: time).fetch(pending)
        try await time.waitForSleepers(9)
        #expect(vault.names == ["a"] + Array(repeating: "never", count: 8))
        time.advance(by: SecretFetching.patience)
        let (secrets, errors) = await fetched
        #expect(secrets.keys.map(\.name) == ["a"])
        #expect(errors.count == 9 && errors.values.allSatisfy { $0.code == .deadlineExceeded || $0.code == .cancelled })
    }
}
