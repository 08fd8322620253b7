#if OpenSSL
internal import AuraEffects
internal import Foundation
internal import OpenSSLSupport
internal import Testing

@Suite("The identity of a node in its folder")
struct NodeIdentityTests {
    let scratch: Scratch

    init() throws {
        scratch = try Scratch()
    }

    private var folder: String { scratch.file("deep/node") }

    private func refusal(_ folder: String? = nil) -> EffectError? {
        #expect(throws: EffectError.self) { try NodeIdentity(folder: folder ?? self.folder) }
    }

    @Test("the key is its owner's alone, in a folder that is as well")
    func modes() throws {
        try Sample.identity().write(to: folder)
        #expect(try scratch.mode(of: "deep/node") == 0o700)
        #expect(try scratch.mode(of: "deep/node/key.pem") == 0o600)
        #expect(try scratch.mode(of: "deep/node/certificate.pem") == 0o644)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(Set(names) == [".lock", "key.pem", "certificate.pem"])
    }

    @Test("a certificate of a CA is written with those between it and the one that peers trust")
    func chain() throws {
        let ca = try Sample.authority()
        let node = try Sample.identity(signedBy: ca)
        try node.write(to: folder)
        let loaded = try NodeIdentity(folder: folder)
        #expect(loaded.chain.map(\.fingerprint) == [node.fingerprint])
        try scratch.write(try node.certificate.pem() + ca.certificate.pem(), to: "deep/node/certificate.pem")
        #expect(try NodeIdentity(folder: folder).chain.map(\.fingerprint) == [node.fingerprint, ca.fingerprint])
    }

    @Test("an identity that is there is not replaced without being asked")
    func conflict() throws {
        let (first, second) = try (Sample.identity(), Sample.identity())
        try first.write(to: folder)
        let error = #expect(throws: EffectError.self) { try second.write(to: folder) }
        #expect(error?.code == .conflict && error?.message.contains("--force") == true)
        #expect(try NodeIdentity(folder: folder).fingerprint == first.fingerprint)
        try second.write(to: folder, replacing: true)
        #expect(try NodeIdentity(folder: folder).fingerprint == second.fingerprint)
    }

    @Test("a key that others may read is refused", arguments: [0o640, 0o604, 0o620, 0o644, 0o610])
    func openKey(mode: Int) throws {
        try Sample.identity().write(to: folder)
        try scratch.setMode(mode, of: "deep/node/key.pem")
        let error = refusal()
        #expect(error?.code == .permissionDenied)
        #expect(error?.message.contains("\(folder)/key.pem is open to others") == true)
        #expect(error?.message.contains("run 'chmod 600 \(folder)/key.pem'") == true)
    }

    @Test("a folder or a certificate that others may write is refused")
    func openFolder() throws {
        try Sample.identity().write(to: folder)
        try scratch.setMode(0o770, of: "deep/node")
        #expect(refusal()?.code == .permissionDenied)
        try scratch.setMode(0o755, of: "deep/node")
        #expect(throws: Never.self) { try NodeIdentity(folder: folder) }
        try scratch.setMode(0o666, of: "deep/node/certificate.pem")
        #expect(refusal()?.message.contains("chmod go-w") == true)
    }

    @Test("a key that is not the certificate's is refused")
    func otherKey() throws {
        try Sample.identity().write(to: folder)
        let other = try PrivateKey.generate(.ed25519).pem()
        try other.withExposedValue { try scratch.write($0, to: "deep/node/key.pem") }
        try scratch.setMode(0o600, of: "deep/node/key.pem")
        #expect(refusal()?.code == .corrupted)
        #expect(refusal()?.message.contains("is not the one of its certificate") == true)
    }

    @Test("damaged, missing, encrypted and foreign files are refused by name")
    func damaged() throws {
        #expect(refusal()?.code == .notFound)
        #expect(refusal()?.message.contains("'aura identity create") == true)
        try Sample.identity().write(to: folder)
        let certificate = try scratch.text("deep/node/certificate.pem")

        try scratch.write(certificate.replacing("M", with: "N"), to: "deep/node/certificate.pem")
        #expect(refusal()?.message.contains("Certificate 1 of \(folder)/certificate.pem is damaged") == true)
        try scratch.write(certificate + certificate.dropLast(40), to: "deep/node/certificate.pem")
        #expect(refusal()?.message.contains("Certificate 2 of") == true)
        try scratch.write("", to: "deep/node/certificate.pem")
        #expect(refusal()?.message.contains("holds no certificate") == true)
        try FileManager.default.removeItem(atPath: scratch.file("deep/node/certificate.pem"))
        #expect(refusal()?.code == .notFound)
        try scratch.write(certificate, to: "deep/node/certificate.pem")
        #expect(throws: Never.self) { try NodeIdentity(folder: folder) }

        try scratch.openssl("pkey", "-in", "deep/node/key.pem", "-aes128", "-passout", "pass:xyz", "-out", "encrypted")
        try scratch.write(try scratch.bytes("encrypted"), to: "deep/node/key.pem")
        try scratch.setMode(0o600, of: "deep/node/key.pem")
        #expect(refusal()?.code == .unsupported && refusal()?.message.contains("encrypted by a password") == true)
        try scratch.openssl("genpkey", "-algorithm", "RSA", "-out", "deep/node/key.pem")
        #expect(refusal()?.code == .unsupported && refusal()?.message.contains("Ed25519") == true)
        try scratch.openssl(
            "genpkey",
            "-algorithm",
            "EC",
            "-pkeyopt",
            "ec_paramgen_curve:brainpoolP256r1",
            "-out",
            "deep/node/key.pem"
        )
        #expect(refusal()?.code == .unsupported)
        try scratch.write("no key", to: "deep/node/key.pem")
        try scratch.setMode(0o600, of: "deep/node/key.pem")
        #expect(refusal()?.code == .corrupted)
    }

    @Test("a crash at any moment of a replacement leaves the old identity or the new one")
    func interrupted() throws {
        let (old, new) = try (Sample.identity(), Sample.identity())
        try old.write(to: folder)
        try new.write(to: scratch.file("new"))
        // Both files are staged, none is in its place.
        try scratch.write(try scratch.bytes("new/key.pem"), to: "deep/node/key.pem.next")
        try scratch.write(try scratch.bytes("new/certificate.pem"), to: "deep/node/certificate.pem.next")
        #expect(try NodeIdentity(folder: folder).fingerprint == old.fingerprint)
        // The key is in its place, the certificate is not.
        try scratch.write(try scratch.bytes("new/key.pem"), to: "deep/node/key.pem")
        try scratch.setMode(0o600, of: "deep/node/key.pem")
        try FileManager.default.removeItem(atPath: scratch.file("deep/node/key.pem.next"))
        #expect(try NodeIdentity(folder: folder).fingerprint == new.fingerprint)
        // The next replacement ends the interrupted one before it begins, though it fails itself.
        try scratch.write("", to: "deep/node/key.pem.next/file")
        let newer = try Sample.identity()
        #expect(throws: EffectError.self) { try newer.write(to: folder, replacing: true) }
        #expect(!scratch.exists("deep/node/certificate.pem.next"))
        try FileManager.default.removeItem(atPath: scratch.file("deep/node/key.pem.next"))
        #expect(try NodeIdentity(folder: folder).fingerprint == new.fingerprint)
        try newer.write(to: folder, replacing: true)
        #expect(try NodeIdentity(folder: folder).fingerprint == newer.fingerprint)
        #expect(!scratch.exists("deep/node/certificate.pem.next") && !scratch.exists("deep/node/key.pem.next"))
    }

    @Test("whoever reads while the key is replaced gets a key with its certificate")
    func replacedWhileRead() async throws {
        try Sample.identity().write(to: folder)
        let identities = try (0..<40).map { _ in try Sample.identity() }
        let folder = folder
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for identity in identities {
                    try identity.write(to: folder, replacing: true)
                    await Task.yield()
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    while try NodeIdentity(folder: folder).fingerprint != identities.last?.fingerprint {
                        try Task.checkCancellation()
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a node sees that its certificate was renewed, and by an unchanged folder that it was not")
    func hasChanged() throws {
        let first = try Sample.identity()
        try first.write(to: folder)
        let loaded = try NodeIdentity(folder: folder)
        #expect(!loaded.hasChanged)
        let until = Sample.now + 60 * Sample.day
        try NodeIdentity.make(Sample.request(until: until), key: loaded.key).write(to: folder, replacing: true)
        #expect(loaded.hasChanged)
        let renewed = try NodeIdentity(folder: folder)
        #expect(renewed.fingerprint == first.fingerprint && renewed.certificate.validity.notAfter == until)
        #expect(!renewed.hasChanged)
    }

    @Test("dates that peers will refuse are warned of")
    func warnings() throws {
        let node = try Sample.identity(Sample.request(from: Sample.now, until: Sample.now + 31 * Sample.day))
        func warning(_ seconds: Int64) -> String { node.warnings(at: Sample.wallTime(seconds)).joined() }
        #expect(warning(Sample.now) == "")
        #expect(warning(Sample.now - 1).contains("is not valid before 2026-01-31T09:05:00Z"))
        #expect(warning(Sample.now + 2 * Sample.day).contains("expires soon (2026-03-03T09:05:00Z)"))
        #expect(warning(Sample.now + 32 * Sample.day).contains("has expired (2026-03-03T09:05:00Z)"))
    }

    @Test("a CA signs for no longer than it lives, and nodes sign nothing")
    func authorities() throws {
        let ca = try Sample.authority(until: Sample.now + Sample.day)
        let tooLong = #expect(throws: EffectError.self) { try Sample.identity(signedBy: ca) }
        #expect(tooLong?.message.contains("is valid until 2026-02-01T09:05:00Z only") == true)
        let node = try Sample.identity()
        let noCA = #expect(throws: EffectError.self) { try Sample.identity(signedBy: node) }
        #expect(noCA?.message.contains("is no CA") == true)
        let below = Sample.request(until: Sample.now, isAuthority: true)
        #expect(throws: EffectError.self) { try Sample.identity(below, signedBy: ca) }
    }
}
#endif
