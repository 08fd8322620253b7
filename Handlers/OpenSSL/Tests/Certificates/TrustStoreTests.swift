#if OpenSSL
internal import AuraEffects
internal import AuraSystem
internal import Foundation
@testable internal import OpenSSLSupport
internal import Testing

@Suite("A trust store in its folder")
struct TrustStoreTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private var folder: String { scratch.file("trust") }

    private var editing: TrustEditing {
        TrustEditing(folder: folder, time: SystemTimeHandler(), random: SystemRandomHandler())
    }

    private func refusal() -> EffectError? {
        #expect(throws: EffectError.self) { try TrustStore(folder: folder) }
    }

    private func key(_ number: UInt8) -> KeyFingerprint {
        KeyFingerprint(subjectPublicKeyInfo: [number])
    }

    @Test("pins, revoked keys, CAs and revocation lists come back from the folder")
    func everything() async throws {
        let ca = try Sample.authority("office")
        let revoked = try Sample.identity(signedBy: ca)
        let list = try scratch.revocationList(of: ca, naming: [revoked.certificate])
        try await editing.edit { file throws(EffectError) in
            try file.pin(key(1), as: "laptop")
            file.revoke(key(2), at: Sample.now)
        }
        try await editing.add(ca.certificate)
        try await editing.add(list)
        let store = try TrustStore(folder: folder)
        #expect(store.pins == [key(1): "laptop"] && store.revoked == [key(2): Sample.now])
        #expect(store.keys(named: "laptop") == [key(1)])
        #expect(store.authorities.map(\.fingerprint) == [ca.fingerprint])
        #expect(store.revocationLists.map(\.issuerName) == ["office"])
        #expect(store.decide(revoked.shown, expecting: .accepted, at: Sample.wallTime()).refusal?.reason == .revoked)
        #expect(try scratch.mode(of: "trust") == 0o700 && scratch.mode(of: "trust/trust.txt") == 0o644)
        let text = try scratch.openssl(
            "crl",
            "-in",
            "trust/crl/\(ca.fingerprint).pem",
            "-noout",
            "-issuer",
            "-lastupdate"
        )
        #expect(text == "issuer=CN = office\nlastUpdate=Jan 30 00:00:00 2026 GMT\n")
    }

    @Test("a change of any file is seen without reading it, and reading again takes it in")
    func hasChanged() async throws {
        try await editing.edit { file throws(EffectError) in try file.pin(key(1), as: "a") }
        let ca = try Sample.authority()
        let changes: [@Sendable () async throws -> Void] = [
            { try await editing.edit { file in file.revoke(key(1), at: Sample.now) } },
            { try await editing.add(ca.certificate) },
            { try await editing.add(scratch.revocationList(of: ca, naming: [])) },
            { try FileManager.default.removeItem(atPath: "\(folder)/crl/\(ca.fingerprint).pem") },
            { try FileManager.default.removeItem(atPath: "\(folder)/trust.txt") },
        ]
        for (index, change) in changes.enumerated() {
            let store = try TrustStore(folder: folder)
            #expect(!store.hasChanged)
            try await change()
            #expect(store.hasChanged, "change \(index)")
        }
        #expect(refusal()?.code == .notFound, "revocations that vanish must not pass for none")
    }

    @Test("edits of many tasks at once are all kept")
    func concurrentEdits() async throws {
        let editing = editing
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in UInt8(0)..<60 {
                group.addTask {
                    let key = KeyFingerprint(subjectPublicKeyInfo: [number])
                    try await editing.edit { file throws(EffectError) in try file.pin(key, as: "node-\(number)") }
                }
            }
            try await group.waitForAll()
        }
        #expect(try TrustStore(folder: folder).pins.count == 60)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(Set(names) == [".lock", "trust.txt"])
    }

    @Test("a change that fails leaves the folder as it was")
    func failedEdit() async throws {
        try await editing.edit { file throws(EffectError) in try file.pin(key(1), as: "a") }
        let text = try scratch.text("trust/trust.txt")
        await #expect(throws: EffectError.self) {
            try await editing.edit { file throws(EffectError) in
                file.revoke(key(2), at: Sample.now)
                try file.pin(key(3), as: "a")
            }
        }
        #expect(try scratch.text("trust/trust.txt") == text)
        try scratch.write(text + "nonsense\n", to: "trust/trust.txt")
        let error = await #expect(throws: EffectError.self) { try await editing.edit { _ in } }
        #expect(error?.message.contains("\(folder)/trust.txt, line 3: 'nonsense'") == true)
        #expect(try scratch.text("trust/trust.txt").hasSuffix("nonsense\n"))
    }

    @Test("a text cut short after a full disk or a crash is never in the file's place")
    func staged() async throws {
        try await editing.edit { file throws(EffectError) in file.revoke(key(1), at: Sample.now) }
        try scratch.write("aura-trust 1\nrev", to: "trust/trust.txt.next")
        #expect(try TrustStore(folder: folder).revoked.count == 1)
        try await editing.edit { file throws(EffectError) in file.revoke(key(2), at: Sample.now) }
        #expect(try TrustStore(folder: folder).revoked.count == 2)
        #expect(!scratch.exists("trust/trust.txt.next"))
    }

    @Test("a CA and a list that were staged when their command was killed are in nobody's way")
    func stagedForFolders() async throws {
        let ca = try Sample.authority()
        let list = try scratch.revocationList(of: ca, naming: [])
        let staged = ["trust/ca/\(ca.fingerprint).pem.next", "trust/crl/\(ca.fingerprint).pem.next"]
        try await editing.edit { _ in }
        for file in staged { try scratch.write("-----BEGIN", to: file) }
        #expect(try TrustStore(folder: folder).authorities.isEmpty)
        try await editing.add(ca.certificate)
        try await editing.add(list)
        let store = try TrustStore(folder: folder)
        #expect(store.authorities.map(\.fingerprint) == [ca.fingerprint] && store.revocationLists.count == 1)
        for file in staged { #expect(!scratch.exists(file)) }
    }

    @Test("two files whose names Unicode takes for one are two files")
    func equalNames() async throws {
        let (first, second) = (try Sample.authority("first"), try Sample.authority("second"))
        try await editing.edit { _ in }
        try scratch.write(try first.certificate.pem(), to: "trust/ca/caf\u{e9}.pem")
        try scratch.write(try second.certificate.pem(), to: "trust/ca/cafe\u{301}.pem")
        for name in ["caf\u{e9}.pem", "cafe\u{301}.pem"] {
            let store = try TrustStore(folder: folder)
            #expect(store.authorities.count == 2)
            #expect(!store.hasChanged)
            try scratch.write(try Sample.authority("another").certificate.pem(), to: "trust/ca/\(name)")
            #expect(store.hasChanged)
        }
    }

    @Test("files that others may write are refused")
    func openToOthers() async throws {
        try await editing.edit { _ in }
        try scratch.setMode(0o664, of: "trust/trust.txt")
        #expect(refusal()?.code == .permissionDenied && refusal()?.message.contains("chmod go-w") == true)
        try scratch.setMode(0o644, of: "trust/trust.txt")
        try scratch.setMode(0o777, of: "trust")
        #expect(refusal()?.code == .permissionDenied)
        await #expect(throws: EffectError.self) { try await editing.edit { _ in } }
    }

    @Test("folders of CAs and lists, and files in them, that others may write are refused", arguments: ["ca", "crl"])
    func partsOpenToOthers(part: String) async throws {
        let ca = try Sample.authority()
        try await editing.add(ca.certificate)
        try await editing.add(try scratch.revocationList(of: ca, naming: []))
        let file = "\(part)/\(ca.fingerprint).pem"
        for (name, mode, usual) in [(part, 0o770, 0o700), (part, 0o702, 0o700), (file, 0o664, 0o644)] {
            try scratch.setMode(mode, of: "trust/\(name)")
            let error = refusal()
            #expect(error?.code == .permissionDenied && error?.message.contains("\(folder)/\(name)") == true)
            try scratch.setMode(usual, of: "trust/\(name)")
            #expect(try TrustStore(folder: folder).authorities.count == 1)
        }
        try scratch.setMode(0o777, of: "trust/\(part)")
        await #expect(throws: EffectError.self) { try await editing.edit { _ in } }
    }

    @Test("what belongs to another user is refused, but for the machine's administrator")
    func foreignOwner() throws {
        var status = stat()
        for owner in [geteuid(), 0] {
            status.st_uid = owner
            try CertificateFolder.checkOwner(status, of: "trust/ca")
        }
        status.st_uid = geteuid() + 1
        let error = #expect(throws: EffectError.self) { try CertificateFolder.checkOwner(status, of: "trust/ca") }
        #expect(error?.code == .permissionDenied && error?.message.contains("trust/ca belongs to another") == true)
    }

    @Test("what would be passed over silently is refused")
    func foreignFiles() async throws {
        let (ca, other) = try (Sample.authority(), Sample.authority())
        let list = try scratch.revocationList(of: other, naming: [])
        try await editing.add(ca.certificate)
        try scratch.write(try list.pem(), to: "trust/crl/other.pem")
        #expect(refusal()?.message.contains("\(folder)/crl/other.pem holds a revocation list that no CA") == true)
        try FileManager.default.moveItem(atPath: "\(folder)/crl/other.pem", toPath: "\(folder)/crl/other.crl")
        #expect(refusal()?.message.contains("\(folder)/crl/other.crl would not be read") == true)
        try FileManager.default.removeItem(atPath: "\(folder)/crl/other.crl")
        try scratch.write(try Sample.identity().certificate.pem(), to: "trust/ca/node.pem")
        #expect(refusal()?.message.contains("\(folder)/ca/node.pem holds a certificate that is no CA's") == true)
        try scratch.write("no certificate", to: "trust/ca/node.pem")
        #expect(refusal()?.message.contains("\(folder)/ca/node.pem holds no certificate") == true)
    }

    @Test("a CA is trusted once, its renewed certificate takes the place of the old one")
    func renewedAuthority() async throws {
        let ca = try Sample.authority()
        try await editing.add(ca.certificate)
        let renewed = try NodeIdentity.make(Sample.request("ca", until: Sample.now + 1, isAuthority: true), key: ca.key)
        try await editing.add(renewed.certificate)
        #expect(try TrustStore(folder: folder).authorities.map(\.validity) == [renewed.certificate.validity])
    }

    @Test("a node's certificate is no CA's, a revoked CA stays out, an older list does not replace a newer one")
    func refusedAdditions() async throws {
        let ca = try Sample.authority()
        let node = try Sample.identity(signedBy: ca)
        let noCA = await #expect(throws: EffectError.self) { try await editing.add(node.certificate) }
        #expect(noCA?.code == .invalidArgument)
        let newer = try scratch.revocationList(of: ca, naming: [])
        let tooEarly = await #expect(throws: EffectError.self) { try await editing.add(newer) }
        #expect(tooEarly?.code == .notFound)
        try await editing.add(ca.certificate)
        try await editing.add(newer)
        let older = try scratch.revocationList(of: ca, naming: [], from: "20260101000000Z")
        let outdated = await #expect(throws: EffectError.self) { try await editing.add(older) }
        #expect(outdated?.code == .conflict && outdated?.message.contains("of 2026-01-30T00:00:00Z") == true)
        try await editing.edit { file in file.revoke(ca.fingerprint, at: Sample.now) }
        let revoked = await #expect(throws: EffectError.self) { try await editing.add(ca.certificate) }
        #expect(revoked?.code == .conflict)
        let store = try TrustStore(folder: folder)
        #expect(store.authorities.isEmpty)
    }

    @Test("an edit ends with its task while another process holds the lock")
    func cancelledEdit() async throws {
        try await editing.edit { _ in }
        let descriptor = unsafe open("\(folder)/.lock", O_RDWR)
        defer { close(descriptor) }
        try #require(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        let editing = editing
        let task = Task { try await editing.edit { _ in } }
        try await SystemTimeHandler().sleep(for: .milliseconds(50))
        task.cancel()
        let error = await #expect(throws: EffectError.self) { _ = try await task.value }
        #expect(error?.code == .cancelled)
    }
}
#endif
