#if OpenSSL
internal import AuraRuntime
internal import OpenSSLSupport

/// What `identity trust --list` prints.
struct TrustReport {
    private let store: TrustStore
    private let folder: String

    init(_ store: TrustStore, folder: String) {
        self.store = store
        self.folder = folder
    }

    private var pins: [(key: KeyFingerprint, name: String)] {
        store.pins.map { ($0.key, $0.value) }.sorted { ($0.name, $0.key) < ($1.name, $1.key) }
    }

    private var revoked: [(key: KeyFingerprint, since: String)] {
        store.revoked.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
            .map { ($0.key, CertificateValidity.text($0.value)) }
    }

    var text: String {
        var lines = ["pinned keys: \(pins.count)"]
        lines += TextTable.rows(pins.map { [$0.name, $0.key.text, store.revoked[$0.key] == nil ? "" : "revoked"] })
        lines.append("revoked keys: \(revoked.count)")
        lines += TextTable.rows(revoked.map { [$0.key.text, "since \($0.since)"] })
        lines.append("private CAs: \(store.authorities.count)")
        lines += TextTable.rows(
            store.authorities.map {
                let until = CertificateValidity.text($0.validity.notAfter)
                return [BytesText.printable($0.name), $0.fingerprint.text, "valid until \(until)"]
            }
        )
        lines.append("revocation lists: \(store.revocationLists.count)")
        lines += TextTable.rows(
            store.revocationLists.map {
                [BytesText.printable($0.issuerName), "of \(CertificateValidity.text($0.issued))"]
            }
        )
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "folder": .string(folder),
            "pins": .array(pins.map { ["name": .string($0.name), "fingerprint": .string($0.key.text)] }),
            "revoked": .array(revoked.map { ["fingerprint": .string($0.key.text), "since": .string($0.since)] }),
            "authorities": .array(
                store.authorities.map {
                    [
                        "name": .string($0.name), "fingerprint": .string($0.fingerprint.text),
                        "validUntil": .string(CertificateValidity.text($0.validity.notAfter)),
                    ]
                }
            ),
            "revocationLists": .array(
                store.revocationLists.map {
                    ["issuer": .string($0.issuerName), "issued": .string(CertificateValidity.text($0.issued))]
                }
            ),
        ]
    }
}
#endif
