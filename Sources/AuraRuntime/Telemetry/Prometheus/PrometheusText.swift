/// Writes the parts of Prometheus' text formats.
enum PrometheusText {
    /// A name that a metric may have: letters, digits, `_` and `:`, and no digit first; other characters become `_`.
    static func metricName(_ label: String) -> String {
        name(label) { $0 == UInt8(ascii: ":") }
    }

    /// A name that a label may have: letters, digits and `_`, and no digit first; other characters become `_`.
    ///
    /// Names that begin with two underscores, and `le`, are Prometheus' own: they get `exported_` before them.
    static func labelName(_ label: String) -> String {
        let name = name(label) { _ in false }
        return name.hasPrefix("__") || name == "le" ? "exported_\(name)" : name
    }

    private static func name(_ label: String, allowing isAllowed: (UInt8) -> Bool) -> String {
        var bytes: [UInt8] = []
        for byte in label.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                bytes.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if bytes.isEmpty { bytes.append(UInt8(ascii: "_")) }
                bytes.append(byte)
            default:
                bytes.append(isAllowed(byte) ? byte : UInt8(ascii: "_"))
            }
        }
        return bytes.isEmpty ? "_" : String(decoding: bytes, as: UTF8.self)
    }

    /// A label's value, as it stands between quotation marks.
    static func append(labelValue value: String, to output: inout [UInt8]) {
        append(value, escapingQuotes: true, to: &output)
    }

    /// A help text, as it stands at the end of its line.
    ///
    /// - Parameters:
    ///   - text: The text.
    ///   - escapesQuotes: OpenMetrics wants quotation marks escaped, the older format does not.
    ///   - output: Where to write.
    static func append(help text: String, escapingQuotes escapesQuotes: Bool, to output: inout [UInt8]) {
        append(text, escapingQuotes: escapesQuotes, to: &output)
    }

    private static func append(_ text: String, escapingQuotes escapesQuotes: Bool, to output: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): output.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): output.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\"") where escapesQuotes: output.append(contentsOf: #"\""#.utf8)
            default: output.append(byte)
            }
        }
    }

    /// A whole number.
    static func append(_ number: UInt64, to output: inout [UInt8]) {
        let start = output.count
        var rest = number
        repeat {
            output.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        output[start...].reverse()
    }

    /// A number as Prometheus reads it: `NaN`, `+Inf`, `-Inf`, or the shortest digits that give it back.
    static func append(_ number: Double, to output: inout [UInt8]) {
        if let whole = Int64(exactly: number), whole.magnitude < 1 << 53, !(whole == 0 && number.sign == .minus) {
            if whole < 0 { output.append(UInt8(ascii: "-")) }
            append(whole.magnitude, to: &output)
        } else if number.isNaN {
            output.append(contentsOf: "NaN".utf8)
        } else if number.isInfinite {
            output.append(contentsOf: (number < 0 ? "-Inf" : "+Inf").utf8)
        } else {
            output.append(contentsOf: number.description.utf8)
        }
    }
}
