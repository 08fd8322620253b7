internal import AuraEffects

extension ConformanceHarness<any TimeEffects> {
    /// Lets time pass until the handler's monotonic clock has moved by `duration`.
    func timePasses(_ duration: Duration, on time: any TimeEffects) async throws {
        let harness = try require(self as? any TimeHarness, "a harness of a clock")
        // Whoever is about to sleep gets there first: on a manual clock it would sleep past its deadline otherwise.
        try await pause(.milliseconds(10))
        let deadline = time.monotonicNow.advanced(by: duration)
        try await harness.letTimePass(duration, on: time)
        try await within(Patience.step, "the passing of \(duration)") {
            while time.monotonicNow < deadline { try await pause(.milliseconds(1)) }
        }
    }

    /// Lets time pass for as long as `body` runs.
    func whileTimePasses<Value: Sendable>(
        on time: any TimeEffects,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let harness = try require(self as? any TimeHarness, "a harness of a clock")
        return try await within(Patience.step, "what time passes for") {
            let ended = Collected<Void>()
            let task = Task {
                defer { ended.add(()) }
                return try await body()
            }
            defer { task.cancel() }
            while ended.soFar.isEmpty {
                try await harness.letTimePass(.milliseconds(5), on: time)
                try await pause(.milliseconds(1))
            }
            return try await task.value
        }
    }

    /// Lets six tasks sleep until deadlines that lie `step` apart and returns the order in which they wake.
    func wakeOrder(on time: any TimeEffects, step: Duration) async throws -> [Int] {
        let start = time.monotonicNow
        let woken = Collected<Int>()
        let sleepers = [3, 1, 5, 4, 0, 2]
            .map { number in
                begun {
                    try await time.sleep(until: start.advanced(by: step * (number + 1)))
                    woken.add(number)
                }
            }
        for count in 1...6 {
            try await timePasses(step, on: time)
            // A manual clock stands still now: whoever is due is given the time to say so.
            guard capabilities.contains(.manual) else { continue }
            try await within(Patience.step, "a due sleeper") {
                while woken.soFar.count < count { try await pause(.milliseconds(1)) }
            }
        }
        for sleeper in sleepers { try await within(Patience.step, "a sleeper") { try await sleeper.value } }
        return woken.soFar
    }
}
