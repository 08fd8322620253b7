/// A metric: its series, up to a limit.
struct PrometheusFamily {
    enum Kind: String {
        case counter, gauge, histogram

        /// What a metric is called where another kind of metric has its name already.
        func otherName(for name: String) -> String {
            self == .counter ? "\(name.dropLast("_total".count))_counter_total" : "\(name)_\(rawValue)"
        }

        /// The names of a metric's lines.
        func sampleNames(of name: String) -> [String] {
            self == .histogram ? ["\(name)_bucket", "\(name)_sum", "\(name)_count"] : [name]
        }

        func makeSeries(buckets: [Double]) -> any PrometheusSeries {
            switch self {
            case .counter: CounterSeries(buckets: buckets)
            case .gauge: GaugeSeries(buckets: buckets)
            case .histogram: HistogramSeries(buckets: buckets)
            }
        }
    }

    struct Member {
        var labels: [UInt8]
        var series: any PrometheusSeries
        /// How many metric objects of the application share the series.
        var holders: Int
    }

    let name: String
    let kind: Kind
    let help: String
    let buckets: [Double]
    private let lineParts: PrometheusLineParts
    private let limit: Int
    private var members: [Member] = []
    private var indices: [[UInt8]: Int] = [:]
    /// How often a set of labels fell under `other`.
    private(set) var droppedCount: UInt64 = 0

    init(name: String, kind: Kind, help: String, buckets: [Double], limit: Int) {
        self.name = name
        self.kind = kind
        self.help = help
        self.buckets = buckets
        self.limit = limit
        lineParts = PrometheusLineParts(name: name, buckets: buckets)
    }

    var isEmpty: Bool { members.isEmpty }

    /// The series of a set of labels; the one of `other` where the metric has as many series as it may.
    mutating func series(of labels: [(String, String)]) -> any PrometheusSeries {
        let text = Self.text(of: labels)
        if let index = indices[text] { return hold(index) }
        if members.count < limit { return add(text) }
        droppedCount += 1
        let other = Self.text(of: labels.map { ($0.0, "other") })
        if let index = indices[other] { return hold(index) }
        return add(other)
    }

    private mutating func hold(_ index: Int) -> any PrometheusSeries {
        members[index].holders += 1
        return members[index].series
    }

    private mutating func add(_ labels: [UInt8]) -> any PrometheusSeries {
        let series = kind.makeSeries(buckets: buckets)
        indices[labels] = members.count
        members.append(Member(labels: labels, series: series, holders: 1))
        return series
    }

    /// Gives a series back; once nobody has it, it is gone.
    ///
    /// - Returns: Whether it is gone.
    mutating func release(_ series: AnyObject) -> Bool {
        guard let index = members.firstIndex(where: { $0.series === series }) else { return false }
        members[index].holders -= 1
        guard members[index].holders == 0 else { return false }
        indices[members[index].labels] = nil
        let last = members.removeLast()
        if index < members.count {
            members[index] = last
            indices[last.labels] = index
        }
        return true
    }

    /// The labels in the order of their names, as they stand between the braces.
    private static func text(of labels: [(String, String)]) -> [UInt8] {
        var names: Set<String> = []
        var pairs: [(name: String, value: String)] = []
        for (label, value) in labels {
            var name = PrometheusText.labelName(label)
            while !names.insert(name).inserted { name += "_" }
            pairs.append((name, value))
        }
        var text: [UInt8] = []
        for (name, value) in pairs.sorted(by: { $0.name < $1.name }) {
            if !text.isEmpty { text.append(UInt8(ascii: ",")) }
            text.append(contentsOf: name.utf8)
            text.append(contentsOf: "=\"".utf8)
            PrometheusText.append(labelValue: value, to: &text)
            text.append(UInt8(ascii: "\""))
        }
        return text
    }

    func expose(as format: PrometheusMetrics.Format, to output: inout [UInt8]) {
        let isOpenMetrics = format == .openMetrics
        // OpenMetrics names a counter without the end that its lines have.
        let described = isOpenMetrics && kind == .counter ? String(name.dropLast("_total".count)) : name
        output.append(contentsOf: "# HELP \(described) ".utf8)
        PrometheusText.append(help: help, escapingQuotes: isOpenMetrics, to: &output)
        output.append(contentsOf: "\n# TYPE \(described) \(kind.rawValue)\n".utf8)
        for member in members { member.series.expose(lineParts, member.labels, to: &output) }
    }
}
