internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Logging
internal import Synchronization
internal import Testing

@Suite("Security events and logged calls")
struct SecurityEventTests {
    private func events(_ lines: Lines) throws -> [[String: String]] {
        try lines.objects().compactMap { $0["metadata"] as? [String: String] }.filter { $0["security.event"] != nil }
    }

    private func intercepted(
        _ lines: Lines,
        _ interceptors: [any Interceptor] = [],
        level: Logger.Level = .trace
    ) -> InterceptedStorageEffects {
        let observers = [LoggingObserver(lines.logger(level: level))]
        return InterceptedStorageEffects(MemoryStorageHandler(), chain(observers: observers, interceptors))
    }

    @Test("a denied call does not reach the handler, and is a security event with fixed keys, once")
    func denial() async throws {
        let lines = Lines()
        let authorization = AuthorizationInterceptor(logger: lines.logger()) { call in
            call.resource.hasPrefix("public/") ? .allow : .deny(reason: "Only public keys may be touched.")
        }
        let storage = intercepted(lines, [authorization])
        let error = await failure { () async throws(EffectError) in
            try await storage.write([1], to: "private/a", if: .none)
        }
        #expect(error?.code == .permissionDenied)
        #expect(error?.outcome == .notApplied)
        #expect(error?.handler == "authorization")
        #expect(try await storage.base.read("private/a") == nil)
        #expect(
            try events(lines) == [
                [
                    "security.event": "authz_fail", "security.effect": "storage", "security.operation": "write",
                    "security.handler": "authorization", "security.resource": "private/a",
                    "security.reason": "Only public keys may be touched.",
                ]
            ]
        )
        _ = try await storage.write([1], to: "public/a", if: .none)
        #expect(try events(lines).count == 1)
    }

    @Test("a hook that fails refuses the call")
    func failingHook() async throws {
        let lines = Lines()
        let authorization = AuthorizationInterceptor(logger: lines.logger()) { _ throws(EffectError) in
            throw EffectError(.unavailable, "The directory cannot be reached.")
        }
        let storage = intercepted(lines, [authorization])
        let error = await failure { () async throws(EffectError) in
            try await storage.write([1], to: "a", if: .none)
        }
        #expect(error?.code == .unavailable)
        #expect(try await storage.base.read("a") == nil)
    }

    @Test(
        "errors that say something about security are events whatever the level of calls",
        arguments: [
            (EffectError.Code.corrupted, "integrity_fail", "critical"),
            (.unauthenticated, "authn_login_fail", "warning"), (.permissionDenied, "authz_fail", "warning"),
        ]
    )
    func errors(code: EffectError.Code, event: String, level: String) async throws {
        let lines = Lines()
        let chain = chain(observers: [LoggingObserver(lines.logger(level: .warning))])
        _ = await failure { () async throws(EffectError) in
            try await chain.perform(chain.call(StorageEffectsOperations.read, resource: "user-key")) {
                () async throws(EffectError) -> Int in throw EffectError(code, "It is so.", handler: "vault")
            }
        }
        #expect(
            try events(lines) == [
                [
                    "security.event": event, "security.effect": "storage", "security.operation": "read",
                    "security.handler": "vault", "security.reason": "It is so.",
                ]
            ]
        )
        #expect(try lines.objects().first?["level"] as? String == level)
    }

    @Test("calls are written at their level without what they are about, and not at all above it")
    func calls() async throws {
        let loud = Lines()
        _ = try await intercepted(loud).write([1], to: "somebody", if: .none)
        let metadata = try #require(try loud.objects().first?["metadata"] as? [String: Any])
        #expect(metadata["operation"] as? String == "write")
        #expect(metadata["outcome"] as? String == "ok")
        #expect(metadata["microseconds"] as? Int == 0)
        #expect(!loud.texts.contains { $0.contains("somebody") })

        let quiet = Lines()
        let storage = intercepted(quiet, level: .info)
        _ = try await storage.write([1], to: "a", if: .none)
        _ = await failure { () async throws(EffectError) in try await storage.write([1], to: "a", if: .absent) }
        #expect(quiet.texts.isEmpty)
    }

    @Test("an error that an operator may look after is written where calls are not, without its cause")
    func warnings() async throws {
        struct Cause: Error { let password = "hunter2" }
        let lines = Lines()
        let chain = chain(observers: [LoggingObserver(lines.logger(level: .info))])
        _ = await failure { () async throws(EffectError) in
            try await chain.perform(chain.call(StorageEffectsOperations.read)) { () async throws(EffectError) -> Int in
                throw EffectError(.unavailable, "Gone.", cause: Cause())
            }
        }
        #expect(try lines.objects().map { $0["level"] as? String } == ["warning"])
        #expect(!lines.texts.contains { $0.contains("hunter2") })
    }
}
