internal import Tracing

/// Who measured: what every request says once.
///
/// The names are those of OpenTelemetry's semantic conventions (https://opentelemetry.io/docs/specs/semconv/resource/).
struct OTLPResource: Sendable {
    private let encoded: [UInt8]
    private let scope: [UInt8]

    init(service: String) {
        var resource = ProtobufWriter()
        resource.attribute(1, "service.name", service)
        resource.attribute(1, "telemetry.sdk.name", "aura")
        resource.attribute(1, "telemetry.sdk.language", "swift")
        encoded = resource.bytes
        var scope = ProtobufWriter()
        scope.string(1, "aura")
        self.scope = scope.bytes
    }

    /// A request with spans or metrics of this resource: both signals nest them in the same fields.
    ///
    /// - Parameter messages: The spans or metrics, each encoded.
    /// - Returns: An `ExportTraceServiceRequest` or an `ExportMetricsServiceRequest`.
    func request(_ messages: [[UInt8]]) -> [UInt8] {
        var request = ProtobufWriter()
        request.message(1) { group in
            group.message(1, encoded: encoded)
            group.message(2) { inner in
                inner.message(1, encoded: scope)
                for message in messages { inner.message(2, encoded: message) }
            }
        }
        return request.bytes
    }
}

extension ProtobufWriter {
    /// A `KeyValue` whose value is a text.
    mutating func attribute(_ field: Int, _ name: String, _ text: String) {
        attribute(field, name, .string(text))
    }

    /// A `KeyValue`.
    mutating func attribute(_ field: Int, _ name: String, _ value: SpanAttribute) {
        message(field) { pair in
            pair.string(1, name)
            pair.message(2) { $0.anyValue(value) }
        }
    }

    /// The attributes in the order of their names, up to a limit.
    ///
    /// - Parameters:
    ///   - field: The field of the attributes.
    ///   - attributes: The attributes.
    ///   - limit: The most that are written.
    /// - Returns: How many were left out.
    mutating func attributes(_ field: Int, _ attributes: SpanAttributes, atMost limit: Int) -> Int {
        var pairs: [(name: String, value: SpanAttribute)] = []
        // They are no sequence.
        // swift-format-ignore
        attributes.forEach { pairs.append(($0, $1)) }
        for pair in pairs.sorted(by: { $0.name < $1.name }).prefix(limit) { attribute(field, pair.name, pair.value) }
        return max(0, pairs.count - limit)
    }

    private mutating func anyValue(_ value: SpanAttribute) {
        switch value {
        case .string(let text): member(1, string: text)
        case .bool(let flag): member(2, varint: flag ? 1 : 0)
        case .int32(let number): member(3, varint: UInt64(bitPattern: Int64(number)))
        case .int64(let number): member(3, varint: UInt64(bitPattern: number))
        case .double(let number): member(4, fixed64: number.bitPattern)
        case .stringConvertible(let value): member(1, string: value.description)
        case .int32Array(let numbers): array(numbers.map { .int64(Int64($0)) })
        case .int64Array(let numbers): array(numbers.map { .int64($0) })
        case .doubleArray(let numbers): array(numbers.map { .double($0) })
        case .boolArray(let flags): array(flags.map { .bool($0) })
        case .stringArray(let texts): array(texts.map { .string($0) })
        case .stringConvertibleArray(let values): array(values.map { .string($0.description) })
        // A kind that a later version of the tracing API adds.
        default: member(1, string: String(describing: value))
        }
    }

    private mutating func array(_ values: [SpanAttribute]) {
        message(5) { list in
            for value in values { list.message(1) { $0.anyValue(value) } }
        }
    }
}
