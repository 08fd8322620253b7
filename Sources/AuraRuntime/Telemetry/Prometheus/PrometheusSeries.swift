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

/// A series that writes its lines.
protocol PrometheusSeries: MetricSeries {
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

extension CounterSeries: PrometheusSeries {
    func expose(_ parts: PrometheusLineParts, _ labels: [UInt8], to output: inout [UInt8]) {
        exposeName(parts.name, labels, to: &output)
        let (whole, fraction) = sums
        if fraction == 0 {
            PrometheusText.append(whole, to: &output)
        } else {
            PrometheusText.append(Double(whole) + fraction, to: &output)
        }
        output.append(UInt8(ascii: "\n"))
    }
}

extension GaugeSeries: PrometheusSeries {
    func expose(_ parts: PrometheusLineParts, _ labels: [UInt8], to output: inout [UInt8]) {
        exposeName(parts.name, labels, to: &output)
        PrometheusText.append(value, to: &output)
        output.append(UInt8(ascii: "\n"))
    }
}

extension HistogramSeries: PrometheusSeries {
    func expose(_ parts: PrometheusLineParts, _ labels: [UInt8], to output: inout [UInt8]) {
        let (counts, sum) = distribution
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
