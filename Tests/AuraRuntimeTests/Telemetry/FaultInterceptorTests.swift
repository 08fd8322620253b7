internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("Fault injection")
struct FaultInterceptorTests {
    private func storage(
        _ fault: FaultSettings.Fault,
        on key: String = "storage.write",
        seed: UInt64 = 7,
        instance: String = "",
        time: any TimeEffects = ManualTimeHandler()
    ) throws -> InterceptedStorageEffects {
        let target = EffectTarget(effect: "storage", instance: instance)
        let faults = FaultInterceptor(
            FaultSettings(seed: seed, faults: [key: fault]),
            of: target,
            operations: StorageEffectsOperations.all,
            time: time
        )
        let chain = InterceptorChain(of: target, interceptors: [try #require(faults)], time: time)
        return InterceptedStorageEffects(MemoryStorageHandler(), chain)
    }

    /// Which of the first calls fail.
    private func failing(_ storage: some StorageEffects, of count: Int = 1000) async -> [Int] {
        var numbers: [Int] = []
        for number in 0..<count {
            let error = await failure { () async throws(EffectError) in
                try await storage.write([1], to: "a", if: .none)
            }
            if error != nil { numbers.append(number) }
        }
        return numbers
    }

    @Test("a seed chooses the same calls again, about as many as the rate says, and another seed others")
    func seeds() async throws {
        let fault = FaultSettings.Fault(rate: 0.1, error: .unavailable)
        let first = await failing(try storage(fault))
        #expect(await failing(try storage(fault)) == first)
        #expect(await failing(try storage(fault, seed: 8)) != first)
        #expect(await failing(try storage(fault, instance: "other")) != first)
        #expect((60...140).contains(first.count))
    }

    @Test("calls of other operations do not shift the choice")
    func independence() async throws {
        let fault = FaultSettings.Fault(rate: 0.1, error: .unavailable)
        let storage = try storage(fault)
        var numbers: [Int] = []
        for number in 0..<200 {
            _ = try await storage.read("a")
            let error = await failure { () async throws(EffectError) in
                try await storage.write([1], to: "a", if: .none)
            }
            if error != nil { numbers.append(number) }
        }
        #expect(await failing(try self.storage(fault), of: 200) == numbers)
    }

    @Test("an error before the call leaves it undone; one after it says that nobody knows")
    func outcomes() async throws {
        for (afterwards, stored) in [(false, false), (true, true)] {
            let fault = FaultSettings.Fault(rate: 1, error: .deadlineExceeded, failsAfterwards: afterwards)
            let storage = try storage(fault, on: "*")
            let error = await failure { () async throws(EffectError) in
                try await storage.write([1], to: "a", if: .none)
            }
            #expect(error?.code == .deadlineExceeded)
            #expect(error?.outcome == (afterwards ? .unknown : .notApplied))
            #expect(error?.handler == "faults")
            #expect((try await storage.base.read("a") != nil) == stored)
        }
    }

    @Test("a delay is waited for on the clock that was given, and the call goes on after it")
    func delays() async throws {
        let time = ManualTimeHandler()
        let storage = try storage(FaultSettings.Fault(rate: 1, delay: .seconds(60)), on: "storage.*", time: time)
        let call = Task { try await storage.write([1], to: "a", if: .none) }
        try await time.waitForSleepers(1)
        #expect(try await storage.base.read("a") == nil)
        time.advance(by: .seconds(60))
        _ = try await call.value
        #expect(try await storage.base.read("a") != nil)
    }

    @Test("a call that hangs ends with its task's cancellation and was not carried out")
    func hanging() async throws {
        let time = ManualTimeHandler()
        let storage = try storage(FaultSettings.Fault(rate: 1, hangs: true), time: time)
        let call = Task {
            await failure { () async throws(EffectError) in try await storage.write([1], to: "a", if: .none) }
        }
        try await time.waitForSleepers(1)
        time.advance(by: .seconds(1_000_000))
        try await time.waitForSleepers(1)
        call.cancel()
        #expect(await call.value?.code == .cancelled)
        #expect(try await storage.base.read("a") == nil)
    }

    @Test("a handler without faults has no interceptor, and the nearest key counts")
    func choiceOfKeys() {
        let time = ManualTimeHandler()
        let operations = StorageEffectsOperations.all
        func interceptor(_ faults: [String: FaultSettings.Fault]) -> FaultInterceptor? {
            FaultInterceptor(
                FaultSettings(seed: 1, faults: faults),
                of: EffectTarget(effect: "storage"),
                operations: operations,
                time: time
            )
        }
        #expect(interceptor(["journal.*": .init(rate: 1, error: .unavailable)]) == nil)
        #expect(interceptor(["storage.read": .init(rate: 0, error: .unavailable)]) == nil)
        let settings = FaultSettings(
            seed: 1,
            faults: ["*": .init(rate: 0.1), "storage.*": .init(rate: 0.2), "storage.read": .init(rate: 0.3)]
        )
        #expect(settings.fault(of: StorageEffectsOperations.read)?.rate == 0.3)
        #expect(settings.fault(of: StorageEffectsOperations.write)?.rate == 0.2)
        #expect(settings.fault(of: operation("journal", "append"))?.rate == 0.1)
    }
}
