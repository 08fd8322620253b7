#if OpenSSL
internal import AuraEffects
internal import AuraRuntime
internal import Testing

@testable internal import AuraOpenSSL

@Suite("Keys from passwords")
struct PasswordTests {
    private let crypto = OpenSSLCryptoHandler(.forTests)

    #if Argon2
    // From the tests of the reference implementation, github.com/P-H-C/phc-winner-argon2: Argon2id, version 1.3.
    @Test(
        "Argon2id is that of the reference implementation",
        arguments: [
            (
                passes: UInt32(2), kibibytes: UInt32(65536), lanes: UInt32(1),
                "09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7"
            ),
            (2, 256, 1, "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe"),
            (2, 256, 2, "6d093c501fd5999645e0ea3bf620d7b8be7fd2db59c20d9fff9539da2bf57037"),
        ]
    )
    func argon2id(_ passes: UInt32, _ kibibytes: UInt32, _ lanes: UInt32, _ expected: String) throws {
        let password = unsafe Array("password".utf8).withUnsafeBytes { unsafe SecretBytes(copying: $0) }
        let derived = try Argon2id.derive(
            password,
            salt: Array("somesalt".utf8),
            memory: kibibytes,
            passes: passes,
            lanes: lanes,
            count: 32
        )
        let digits = unsafe derived.withBytes { unsafe Hexadecimal.string($0) }
        #expect(digits == expected)
    }

    @Test("costs make another key")
    func costs() async throws {
        var keys: Set<[UInt8]> = []
        for (memory, passes, lanes) in [(64, 1, 1), (128, 1, 1), (64, 2, 1), (64, 1, 2)] {
            let key = try await derive(.argon2id(memory: ByteCount(bytes: memory << 10), passes: passes, lanes: lanes))
            keys.insert(try await crypto.authenticationCode(of: [], key: key))
        }
        #expect(keys.count == 4)
    }

    @Test("more memory than the environment has is refused and says so")
    func tooMuchMemory() async throws {
        let error = await #expect(throws: EffectError.self) {
            try await derive(.argon2id(memory: .mebibytes(257), passes: 1, lanes: 1))
        }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.message.contains("256 MiB") == true)
    }

    @Test(
        "costs that make no sense are refused",
        arguments: [
            PasswordDerivation.Function.argon2id(memory: .kibibytes(7), passes: 1, lanes: 1),
            .argon2id(memory: .kibibytes(15), passes: 1, lanes: 2),
            .argon2id(memory: .mebibytes(1), passes: 0, lanes: 1),
            .argon2id(memory: .mebibytes(1), passes: 1, lanes: 0),
            .argon2id(memory: .mebibytes(1), passes: 1, lanes: 65),
            .argon2id(memory: .mebibytes(1), passes: 1001, lanes: 1),
            .argon2id(memory: .mebibytes(4097), passes: 1, lanes: 1), .pbkdf2(iterations: 0), .pbkdf2(iterations: 9999),
        ]
    )
    func senseless(_ function: PasswordDerivation.Function) async throws {
        let error = await #expect(throws: EffectError.self) { try await derive(function) }
        #expect(error?.code == .invalidArgument)
    }
    #endif

    @Test("a task that was cancelled derives nothing")
    func cancelled() async throws {
        let task = Task { () async -> EffectError.Code? in
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            do throws(EffectError) {
                _ = try await derive(.pbkdf2(iterations: 10_000))
                return nil
            } catch {
                return error.code
            }
        }
        #expect(await task.value == .cancelled)
    }

    @Test("no error and no description shows a secret")
    func secrecy() async throws {
        let secret = unsafe SecretBytes(count: 4) { unsafe $0.copyBytes(from: [0xde, 0xad, 0xbe, 0xef]) }
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!text.contains("222") && !text.lowercased().contains("de"), "\(text)")
        }
        let error = await #expect(throws: EffectError.self) {
            try await crypto.importKey(Secret(Array("correct horse".utf8)), as: .aes256GCM)
        }
        #expect(error.map { "\($0) \($0.debugDescription)".contains("correct") } == false)
    }

    private func derive(_ function: PasswordDerivation.Function) async throws(EffectError) -> KeyID {
        try await crypto.deriveKey(
            fromPassword: Secret(Array("password".utf8)),
            parameters: PasswordDerivation(function, salt: [UInt8](repeating: 7, count: 16)),
            as: .hmacSHA256
        )
    }
}
#endif
