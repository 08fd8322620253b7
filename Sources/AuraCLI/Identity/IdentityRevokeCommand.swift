#if OpenSSL
internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import OpenSSLSupport

struct IdentityRevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Refuse a key for good, whoever vouches for it.",
        discussion: """
            A name stands for every key that is pinned under it. Nodes that are running see the change by themselves and cut \
            their connections with the key. A CA whose key is revoked is trusted no longer. Exit code 66: there is no such name.

            Examples:
              aura identity revoke .aura/laptop office
              aura identity revoke .aura/laptop 3f0c…64 digits…
            """
    )

    @Argument(help: "The folder of what is trusted; it is made where it is missing.", completion: .directory)
    var folder: String

    @Argument(help: ArgumentHelp("A pinned name, or a fingerprint.", valueName: "name-or-fingerprint"))
    var peer: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() async throws {
        let now = SystemTimeHandler().now.secondsSinceEpoch
        let editing = TrustEditing(folder: folder, time: SystemTimeHandler(), random: SystemRandomHandler())
        let fingerprint = KeyFingerprint(peer)
        var keys: [KeyFingerprint] = []
        try await editing.edit { file throws(EffectError) in
            keys = fingerprint.map { [$0] } ?? file.keys(named: peer).sorted()
            guard !keys.isEmpty else {
                throw EffectError(
                    .notFound,
                    "No key is pinned as \(HandlerErrors.quote(peer)): 'aura identity trust \(folder) --list' shows the names, "
                        + "and a fingerprint has 64 digits."
                )
            }
            for key in keys { file.revoke(key, at: now) }
        }
        let result: JSONValue = [
            "folder": .string(folder), "revoked": .array(keys.map { .string($0.text) }),
        ]
        print(json ? result.description : keys.map { "\($0) is revoked." }.joined(separator: "\n"))
    }
}
#endif
