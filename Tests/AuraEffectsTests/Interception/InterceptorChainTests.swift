internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Interceptors around a handler")
struct InterceptorChainTests {
    private let log = CallLog()

    @Test("take part in their order, the first outermost")
    func order() async throws {
        let effects = EffectSystem.intercepted(
            StorageEffect.self,
            MemoryStorageHandler(),
            with: [Noting(name: "outer", log: log), Noting(name: "inner", log: log)]
        )
        #expect(try await effects.storage.remove("a") == false)
        #expect(
            log.lines == [
                "outer > storage.remove 'a'", "inner > storage.remove 'a'", "inner < false", "outer < false",
            ]
        )
    }

    @Test("get arguments only where one reads them")
    func arguments() async throws {
        for readsArguments in [false, true] {
            let log = CallLog()
            let effects = EffectSystem.intercepted(
                StorageEffect.self,
                MemoryStorageHandler(),
                with: [Noting(name: "one", log: log, readsArguments: readsArguments)]
            )
            _ = try await effects.storage.list(prefix: "n", after: nil, limit: 7)
            let arguments = readsArguments ? " prefix=n key=nil limit=7" : ""
            #expect(log.lines.first == "one > storage.list 'n'\(arguments)")
        }
    }

    @Test("know from the arguments whether a call may be repeated")
    func idempotency() async throws {
        let log = log
        let noting = Custom { (call, next) async throws(EffectError) in
            log.note("\(call.isIdempotent)")
            return try await next()
        }
        let effects = EffectSystem.intercepted(StorageEffect.self, MemoryStorageHandler(), with: [noting])
        try await effects.storage.write([], to: "a")
        _ = try? await effects.storage.write([], to: "a", if: .absent)
        _ = try await effects.storage.read("a")
        #expect(log.lines == ["true", "false", "true"])
    }

    @Test("may answer themselves, and call the rest of the chain several times")
    func answering() async throws {
        let log = log
        let answering = Custom { (call, next) async throws(EffectError) in
            guard call.operation === StorageEffectsOperations.remove else { return try await next() }
            _ = try await next()
            let second = try await next()
            log.note("\(second.value)")
            return next.answerType.answer(true) ?? AnswerOf("")
        }
        let effects = EffectSystem.intercepted(StorageEffect.self, MemoryStorageHandler(), with: [answering])
        try await effects.storage.write([1], to: "a")
        #expect(try await effects.storage.remove("a") == true)
        #expect(log.lines == ["false"])
    }

    @Test("that answer with another type are an internal error with their names")
    func wrongType() async {
        let wrong = Custom(name: "wrong") { (_, _) async throws(EffectError) in AnswerOf("text") }
        let effects = EffectSystem.intercepted(StorageEffect.self, MemoryStorageHandler(), with: [wrong])
        let error = await #expect(throws: EffectError.self) { try await effects.storage.remove("a") }
        #expect(error?.code == .internal)
        #expect(error?.handler == "wrong")
        #expect(error?.operation == "remove")
    }

    @Test("that throw are named by their errors")
    func throwing() async {
        let refusing = Custom(name: "refusing") { (_, _) async throws(EffectError) in
            throw EffectError(.permissionDenied, "Not today.")
        }
        let effects = EffectSystem.intercepted(
            StorageEffect.self,
            MemoryStorageHandler(),
            with: [Noting(name: "outer", log: log), refusing]
        )
        let error = await #expect(throws: EffectError.self) { try await effects.storage.read("a") }
        #expect(error?.description == "storage.read (refusing): permissionDenied: Not today.")
    }

    @Test("are not blamed for what a handler threw without its name")
    func blame() async {
        let effects = EffectSystem.intercepted(
            StorageEffect.self,
            UnimplementedStorageEffects(),
            with: [Noting(name: "outer", log: log), Noting(name: "inner", log: log)]
        )
        let error = await #expect(throws: EffectError.self) { try await effects.storage.read("a") }
        #expect(error?.code == .unimplemented)
        #expect(error?.handler == "")
    }

    @Test("of the synchronous kind take part in clocks and random numbers; others do not")
    func synchronous() {
        let effects = EffectSystem.intercepted(
            RandomEffect.self,
            FixedRandom(value: 3),
            with: [Custom { (_, next) async throws(EffectError) in try await next() }, Noting(name: "one", log: log)]
        )
        #expect(effects.random.nextUInt64() == 3)
        #expect(effects.random.bytes(2) == [3, 3])
        #expect(log.lines == ["one > random.nextUInt64", "one > random.bytes"])
    }

    @Test("leave the other families as they are, and a family that nothing surrounds too")
    func families() {
        var effects = EffectSystem()
        effects.storage = MemoryStorageHandler()
        effects.random = FixedRandom(value: 1)
        effects.intercept(StorageEffect.self)
        #expect(effects.storage is MemoryStorageHandler)
        effects.intercept(StorageEffect.self, with: [Noting(name: "one", log: log)])
        #expect(effects.storage is InterceptedStorageEffects)
        #expect(effects.random is FixedRandom)
        #expect(effects[StorageEffect.self, instance: "other"] is UnimplementedStorageEffects)
    }

    @Test("see the cancellation of a call that waits")
    func cancellation() async throws {
        let time = ManualTimeHandler()
        let effects = EffectSystem.intercepted(TimeEffect.self, time, with: [Noting(name: "one", log: log)])
        let task = Task { try await effects.time.sleep(until: MonotonicInstant(nanoseconds: 60)) }
        try await time.waitForSleepers(1)
        task.cancel()
        let error = await #expect(throws: EffectError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(log.lines == ["one > time.sleep ''", "one < cancelled"])
    }
}
