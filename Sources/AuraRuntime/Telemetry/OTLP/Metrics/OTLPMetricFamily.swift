internal import Tracing

/// A metric: its series, up to a limit.
struct OTLPMetricFamily {
    enum Kind: Hashable {
        case counter, gauge
        /// A distribution, in seconds where a timer measures it.
        case histogram(isTimer: Bool)

        func makeSeries(_ bounds: [Double]) -> any MetricSeries {
            switch self {
            case .counter: CounterSeries(buckets: bounds)
            case .gauge: GaugeSeries(buckets: bounds)
            case .histogram: HistogramSeries(buckets: bounds)
            }
        }
    }

    struct Label: Hashable {
        var name: String
        var value: String
    }

    private struct Member {
        var series: any MetricSeries
        /// How many metric objects of the application share the series.
        var holders = 1
    }

    let name: String
    let kind: Kind
    private let bounds: [Double]
    private let limit: Int
    private var members: [[Label]: Member] = [:]
    /// The labels of each series, to find it again.
    private var labels: [ObjectIdentifier: [Label]] = [:]

    init(name: String, kind: Kind, bounds: [Double], limit: Int) {
        self.name = name
        self.kind = kind
        self.bounds = bounds
        self.limit = limit
    }

    var isEmpty: Bool { members.isEmpty }

    /// How many series there are.
    var count: Int { members.count }

    /// What stands for all further sets of labels (https://opentelemetry.io/docs/specs/otel/metrics/sdk/#overflow-attribute).
    static let overflow = [Label(name: "otel.metric.overflow", value: "true")]

    /// The series of a set of labels; the one of the overflow where the metric has as many series as it may.
    mutating func series(of pairs: [(String, String)]) -> any MetricSeries {
        var set = pairs.map { Label(name: $0.0, value: $0.1) }.sorted { $0.name < $1.name }
        if members[set] == nil, members.count >= limit { set = Self.overflow }
        if let member = members[set] {
            members[set]?.holders += 1
            return member.series
        }
        let series = kind.makeSeries(bounds)
        members[set] = Member(series: series)
        labels[ObjectIdentifier(series)] = set
        return series
    }

    /// Gives a series back; once nobody has it, it is gone.
    mutating func release(_ series: AnyObject) {
        guard let set = labels[ObjectIdentifier(series)] else { return }
        members[set]?.holders -= 1
        guard members[set]?.holders == 0 else { return }
        members[set] = nil
        labels[ObjectIdentifier(series)] = nil
    }
}

extension OTLPMetricFamily {
    /// The messages `Metric` of `opentelemetry/proto/metrics/v1/metrics.proto`.
    ///
    /// - Parameters:
    ///   - start: Since when sums and distributions are counted, in nanoseconds since 1970.
    ///   - now: When the values were read.
    ///   - limit: The most data points of a message.
    /// - Returns: Each message with the number of its data points.
    func encoded(since start: UInt64, at now: UInt64, pointsPerMessage limit: Int) -> [(bytes: [UInt8], count: Int)] {
        let points = members.map { set, member in
            point(member.series, set, since: start, at: now)
        }
        return stride(from: 0, to: points.count, by: limit)
            .map { first in
                let part = points[first..<min(points.count, first + limit)]
                return (message(part), part.count)
            }
    }

    private func message(_ points: ArraySlice<[UInt8]>) -> [UInt8] {
        var metric = ProtobufWriter()
        metric.string(1, name)
        metric.string(2, AuraMetric.help[name] ?? "")
        if kind == .histogram(isTimer: true) { metric.string(3, "s") }
        let field =
            switch kind {
            case .gauge: 5
            case .counter: 7
            case .histogram: 9
            }
        metric.message(field) { data in
            for point in points { data.message(1, encoded: point) }
            let cumulative: UInt64 = 2
            if kind != .gauge { data.varint(2, cumulative) }
            let isMonotonic: UInt64 = 1
            if kind == .counter { data.varint(3, isMonotonic) }
        }
        return metric.bytes
    }

    private func point(_ series: any MetricSeries, _ labels: [Label], since start: UInt64, at now: UInt64) -> [UInt8] {
        var point = ProtobufWriter()
        let attributes: Int
        if series is GaugeSeries { point.fixed64(2, 0) } else { point.fixed64(2, start) }
        point.fixed64(3, now)
        switch series {
        case let counter as CounterSeries:
            let (whole, fractional) = counter.sums
            if fractional == 0 {
                point.member(6, fixed64: UInt64(clamping: Int64(clamping: whole)))
            } else {
                point.member(4, fixed64: (Double(whole) + fractional).bitPattern)
            }
            attributes = 7
        case let gauge as GaugeSeries:
            point.member(4, fixed64: gauge.value.bitPattern)
            attributes = 7
        case let histogram as HistogramSeries:
            let (counts, sum) = histogram.distribution
            point.fixed64(4, counts.reduce(0, &+))
            point.member(5, fixed64: sum.bitPattern)
            point.packed(6, counts)
            point.packed(7, histogram.bounds.map(\.bitPattern))
            attributes = 9
        default: preconditionFailure("A series is a counter, a gauge or a histogram.")
        }
        for label in labels { point.attribute(attributes, label.name, attribute(label)) }
        return point.bytes
    }

    private func attribute(_ label: Label) -> SpanAttribute {
        [label] == Self.overflow ? .bool(true) : .string(label.value)
    }
}
