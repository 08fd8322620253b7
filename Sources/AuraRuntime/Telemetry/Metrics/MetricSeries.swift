internal import Metrics
internal import Synchronization

/// One series of a metric: what was measured under one set of labels, for the backends to read.
protocol MetricSeries: AnyObject, Sendable {
    init(buckets: [Double])
}

/// A number that only grows.
final class CounterSeries: MetricSeries, CounterHandler, FloatingPointCounterHandler {
    // Whole numbers are added on their own: an atomic addition is quicker than a loop that compares and exchanges.
    private let whole = Atomic<UInt64>(0)
    private let fractional = AtomicDouble()

    init(buckets: [Double]) {}

    /// The whole numbers that were added, and the fractions.
    var sums: (whole: UInt64, fractional: Double) { (whole.load(ordering: .relaxed), fractional.value) }

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.update { $0 + amount }
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.value = 0
    }
}

/// A number that goes up and down.
final class GaugeSeries: MetricSeries, RecorderHandler, MeterHandler {
    private let number = AtomicDouble()

    init(buckets: [Double]) {}

    var value: Double { number.value }

    func record(_ value: Int64) { number.value = Double(value) }
    func record(_ value: Double) { number.value = value }
    func set(_ value: Int64) { number.value = Double(value) }
    func set(_ value: Double) { number.value = value }
    func increment(by amount: Double) { number.update { $0 + amount } }
    func decrement(by amount: Double) { number.update { $0 - amount } }
}

/// How many measured values lie below each of some bounds, and their sum.
final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private struct State {
        // Per bucket and not yet added up; the last one has what lies above all bounds.
        var counts: [UInt64]
        var sum = 0.0
    }

    let bounds: [Double]
    // A lock and not atomics, so that whoever reads sees a sum that belongs to its counts.
    private let state: Mutex<State>

    init(buckets: [Double]) {
        bounds = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
    }

    /// How many values lie in each bucket, not added up and the last one above all bounds, and the sum of all values.
    var distribution: (counts: [UInt64], sum: Double) { state.withLock { ($0.counts, $0.sum) } }

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        guard !value.isNaN else { return }
        var index = 0
        while index < bounds.count && value > bounds[index] { index += 1 }
        state.withLock { state in
            state.counts[index] &+= 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}

/// A number that several tasks change.
private final class AtomicDouble: Sendable {
    private let bits = Atomic<UInt64>(0)

    var value: Double {
        get { Double(bitPattern: bits.load(ordering: .relaxed)) }
        set { bits.store(newValue.bitPattern, ordering: .relaxed) }
    }

    func update(_ change: (Double) -> Double) {
        var old = bits.load(ordering: .relaxed)
        while true {
            let new = change(Double(bitPattern: old)).bitPattern
            let (exchanged, original) = bits.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if exchanged { return }
            old = original
        }
    }
}
