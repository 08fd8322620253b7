internal import Metrics
internal import Synchronization

/// What the lines of all series of a metric share, made once so that exposing copies bytes.
struct PrometheusLineParts {
    /// The metric's name.
    let name: [UInt8]
    /// The names of a histogram's lines.
    let bucketName: [UInt8]
    let sumName: [UInt8]
    let countName: [UInt8]
    /// The ends of a histogram's labels, from `le` on, for each bound and for infinity.
    let bounds: [[UInt8]]

    init(name: String, buckets: [Double]) {
        self.name = Array(name.utf8)
        bucketName = Array("\(name)_bucket{".utf8)
        sumName = Array("\(name)_sum".utf8)
        countName = Array("\(name)_count".utf8)
        bounds = (buckets.map(\.description) + ["+Inf"]).map { Array("le=\"\($0)\"} ".utf8) }
    }
}

/// One series of a metric: a set of labels and what was measured under it.
protocol PrometheusSeries: AnyObject, Sendable {
    init(buckets: [Double])

    /// Writes the series' lines.
    ///
    /// - Parameters:
    ///   - parts: What the lines of all series of the metric share.
    ///   - labels: The labels with commas between them and no braces; empty where there are none.
    ///   - output: Where to write.
    func expose(_ parts: PrometheusLineParts, _ labels: [UInt8], to output: inout [UInt8])
}

extension PrometheusSeries {
    /// Writes the name and the labels of a line.
    func exposeName(_ head: [UInt8], _ labels: [UInt8], to output: inout [UInt8]) {
        output.append(contentsOf: head)
        if !labels.isEmpty {
            output.append(UInt8(ascii: "{"))
            output.append(contentsOf: labels)
            output.append(UInt8(ascii: "}"))
        }
        output.append(UInt8(ascii: " "))
    }
}

/// A number that only grows.
final class PrometheusCounter: PrometheusSeries, CounterHandler, FloatingPointCounterHandler {
    // Whole numbers are added on their own: an atomic addition is quicker than a loop that compares and exchanges.
    private let whole = Atomic<UInt64>(0)
    private let fractional = AtomicDouble()

    init(buckets: [Double]) {}

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

    func expose(_ parts: PrometheusLineParts, _ labels: [UInt8], to output: inout [UInt8]) {
        exposeName(parts.name, labels, to: &output)
        let fraction = fractional.value
        let count = whole.load(ordering: .relaxed)
        if fraction == 0 {
            PrometheusText.append(count, to: &output)
        } else {
            PrometheusText.append(Double(count) + fraction, to: &output)
        }
        output.append(UInt8(ascii: "\n"))
    }
}

/// A number that goes up and down.
final class PrometheusGauge: PrometheusSeries, RecorderHandler, MeterHandler {
    private let number = AtomicDouble()

    init(buckets: [Double]) {}

    func record(_ value: Int64) { number.value = Double(value) }
    func record(_ value: Double) { number.value = value }
    func set(_ value: Int64) { number.value = Double(value) }
    func set(_ value: Double) { number.value = value }
    func increment(by amount: Double) { number.update { $0 + amount } }
    func decrement(by amount: Double) { number.update { $0 - amount } }

    func expose(_ parts: PrometheusLineParts, _ labels: [UInt8], to output: inout [UInt8]) {
        exposeName(parts.name, labels, to: &output)
        PrometheusText.append(number.value, to: &output)
        output.append(UInt8(ascii: "\n"))
    }
}

/// How many measured values lie below each of some bounds, and their sum.
final class PrometheusHistogram: PrometheusSeries, RecorderHandler, TimerHandler {
    private struct State {
        // Per bucket and not yet added up; the last one has what lies above all bounds.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    // A lock and not atomics, so that a scrape sees a sum that belongs to its counts.
    private let state: Mutex<State>

    init(buckets: [Double]) {
        bounds = buckets
        state = Mutex(State(counts: Array(repeating: 0, count: buckets.count + 1)))
    }

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

    func expose(_ parts: PrometheusLineParts, _ labels: [UInt8], to output: inout [UInt8]) {
        let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
        var total: UInt64 = 0
        for (bound, count) in zip(parts.bounds, counts) {
            total &+= count
            output.append(contentsOf: parts.bucketName)
            if !labels.isEmpty {
                output.append(contentsOf: labels)
                output.append(UInt8(ascii: ","))
            }
            output.append(contentsOf: bound)
            PrometheusText.append(total, to: &output)
            output.append(UInt8(ascii: "\n"))
        }
        exposeName(parts.sumName, labels, to: &output)
        PrometheusText.append(sum, to: &output)
        output.append(UInt8(ascii: "\n"))
        exposeName(parts.countName, labels, to: &output)
        PrometheusText.append(total, to: &output)
        output.append(UInt8(ascii: "\n"))
    }
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
