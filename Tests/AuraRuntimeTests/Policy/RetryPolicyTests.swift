internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraRuntime

@Suite("Retry policies")
struct RetryPolicyTests {
    private let random = SeededRandomHandler(seed: 7)

    private func delays(_ policy: RetryPolicy, _ count: Int = 8, error: EffectError = unavailable) -> [Duration?] {
        (1...count).map { policy.delay(after: $0, error, random) }
    }

    @Test("'none' gives up at once")
    func none() {
        #expect(delays(.none) == Array(repeating: nil, count: 8))
    }

    @Test("'fixed' waits the same before each repetition, until the attempts are used up")
    func fixed() {
        let delays = delays(.fixed(.milliseconds(30), attempts: 4))
        #expect(delays == Array(repeating: .milliseconds(30), count: 3) + Array(repeating: nil, count: 5))
    }

    @Test(
        "'exponential' draws from zero to a bound that doubles up to the maximum",
        arguments: 0..<200 as Range<UInt64>
    )
    func exponential(seed: UInt64) throws {
        let random = SeededRandomHandler(seed: seed)
        let policy = RetryPolicy.exponential(attempts: 8, base: .milliseconds(100), maximum: .seconds(2))
        let bounds = [100, 200, 400, 800, 1600, 2000, 2000].map { Duration.milliseconds($0) }
        for (index, bound) in bounds.enumerated() {
            let delay = try #require(policy.delay(after: index + 1, unavailable, random))
            #expect(delay >= .zero && delay <= bound)
        }
        #expect(policy.delay(after: 8, unavailable, random) == nil)
    }

    @Test("the jitter is full: it fills the range evenly, and both ends are near")
    func fullJitter() throws {
        let policy = RetryPolicy.exponential(attempts: 2, base: .seconds(1))
        let draws = try (0..<4000).map { _ in try #require(policy.delay(after: 1, unavailable, random)) }
        var tenths = Array(repeating: 0, count: 10)
        for draw in draws { tenths[min(9, Int(draw / .milliseconds(100)))] += 1 }
        #expect(tenths.allSatisfy { (300...500).contains($0) })
        #expect(Set(draws).count > 3900)
    }

    @Test("a seed gives the same delays every time, another seed others")
    func deterministic() {
        let policy = RetryPolicy.exponential(attempts: 6)
        let draws = ([5, 5, 6] as [UInt64])
            .map { seed in
                let random = SeededRandomHandler(seed: seed)
                return (1...5).map { policy.delay(after: $0, unavailable, random) }
            }
        #expect(draws[0] == draws[1])
        #expect(draws[0] != draws[2])
    }

    @Test("the bound stays at the maximum however many attempts there were")
    func manyAttempts() throws {
        let policy = RetryPolicy.exponential(attempts: .max, base: .nanoseconds(1), maximum: .seconds(3))
        for attempt in [62, 63, 64, 65, 1000, .max - 1] {
            let delay = try #require(policy.delay(after: attempt, unavailable, random))
            #expect(delay <= .seconds(3))
        }
        let none = RetryPolicy.exponential(attempts: 5, base: .zero, maximum: .zero)
        #expect(none.delay(after: 1, unavailable, random) == .zero)
    }

    @Test("a custom policy sees attempt and error, and a negative delay is none")
    func custom() {
        let policy = RetryPolicy.custom { attempt, error in
            guard error.code == .throttled else { return nil }
            return attempt < 3 ? .seconds(attempt) : attempt == 3 ? .seconds(-1) : nil
        }
        let throttled = EffectError(.throttled, "Slow down.")
        #expect(delays(policy, 4, error: throttled) == [.seconds(1), .seconds(2), .zero, nil])
        #expect(delays(policy, 1) == [nil])
    }

    @Test("a server's retry-after is a lower bound")
    func retryAfter() {
        let error = EffectError(.throttled, "Slow down.", retryAfter: .seconds(9))
        #expect(delays(.fixed(.seconds(1), attempts: 2), 2, error: error) == [.seconds(9), nil])
        #expect(delays(.fixed(.seconds(10), attempts: 2), 1, error: error) == [.seconds(10)])
        #expect(delays(.exponential(attempts: 2, base: .milliseconds(1)), 1, error: error) == [.seconds(9)])
        #expect(delays(.none, 1, error: error) == [nil])
    }
}

@Suite("The budget of repetitions")
struct RetryBudgetTests {
    @Test("failures empty it to one half, and then nothing is repeated")
    func failures() {
        let budget = RetryBudget()
        let allowed = (0..<1000).map { _ in budget.failed() }
        #expect(allowed.prefix(49).allSatisfy { $0 })
        #expect(!allowed.dropFirst(49).contains(true))
        #expect(budget.tokens == 0)
    }

    @Test("ten successes give back what a failure took, and it never overflows")
    func successes() {
        let budget = RetryBudget()
        for _ in 0..<100 { budget.succeeded() }
        #expect(budget.tokens == 100)
        _ = budget.failed()
        for _ in 0..<9 { budget.succeeded() }
        #expect(budget.tokens == 99.9)
        for _ in 0..<9 { budget.succeeded() }
        #expect(budget.tokens == 100)
    }

    @Test("concurrent failures lose no token")
    func concurrent() async {
        let budget = RetryBudget()
        let allowed = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<100).count { _ in budget.failed() } }
            }
            return await group.reduce(0, +)
        }
        #expect(allowed == 49)
    }
}
