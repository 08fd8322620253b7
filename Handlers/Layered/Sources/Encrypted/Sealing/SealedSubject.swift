internal import AuraEffects
internal import AuraRuntime

/// What a record is, and where it belongs: opened as anything else, it does not authenticate.
struct SealedSubject: Sendable {
    /// What a value key is derived for.
    let derivationInfo: [UInt8]
    /// What every chunk is authenticated with, besides the header.
    let binding: [UInt8]
    private let makeName: @Sendable () -> String

    /// As messages call it.
    var name: String { makeName() }

    private init(
        _ purpose: String,
        _ parts: [[UInt8]],
        isKeyShared: Bool = false,
        name makeName: @escaping @autoclosure @Sendable () -> String
    ) {
        self.makeName = makeName
        var binding = Array(purpose.utf8) + [0]
        for part in parts { binding.append(counted: part) }
        self.binding = binding
        // By its digest: a crypto handler bounds the info, and a storage's keys may be longer.
        derivationInfo = Array(purpose.utf8) + [0] + (isKeyShared ? [] : SHA256.hash(binding).bytes)
    }

    static func value(_ key: StorageKey) -> SealedSubject {
        SealedSubject(
            "aura encrypted storage value/1",
            [Array(key.text.utf8)],
            name: "the value of \(HandlerErrors.quote(key.text))"
        )
    }

    /// The parts of the manifest that one commit replaces share a key, and so does its root.
    static let manifestRoot = SealedSubject(manifest, [], isKeyShared: true, name: "the manifest")

    private static let manifest = "aura encrypted storage manifest/1"

    static func manifestBucket(_ index: Int) -> SealedSubject {
        SealedSubject(
            manifest,
            [[UInt8(truncatingIfNeeded: index >> 8), UInt8(truncatingIfNeeded: index)]],
            isKeyShared: true,
            name: "part \(index) of the manifest"
        )
    }

    /// The entries of one append share a key: deriving one for each would cost more than sealing it.
    static func entry(_ stream: StreamName, _ id: EntryID, _ kind: EntryKind) -> SealedSubject {
        var number: [UInt8] = []
        number.append(bigEndian: id.rawValue)
        return SealedSubject(
            "aura encrypted journal entry/1",
            [Array(stream.text.utf8), number, Array(kind.text.utf8)],
            isKeyShared: true,
            name: "the payload of entry \(id) of the stream \(HandlerErrors.quote(stream.text))"
        )
    }

    static func snapshot(_ stream: StreamName) -> SealedSubject {
        SealedSubject(
            "aura encrypted journal snapshot/1",
            [Array(stream.text.utf8)],
            name: "the snapshot of the stream \(HandlerErrors.quote(stream.text))"
        )
    }
}
