public import AuraEffects

/// Where an application's spans and metrics are sent by OTLP over HTTP (https://opentelemetry.io/docs/specs/otlp/).
///
/// In a profile:
///
/// ```yaml
/// telemetry:
///   otlp:
///     endpoint: https://collector.example:4318
///     headers: { authorization: "${secret:COLLECTOR_TOKEN}" }
///     interval: 60s
///     delay: 5s
///     timeout: 10s
///     queue: 2048
/// ```
public struct OTLPSettings: Sendable, Hashable {
    /// The collector's address: spans go to `/v1/traces` below it, metrics to `/v1/metrics`.
    public var endpoint: HTTPURL
    /// Further fields of each request, such as credentials; their values are secrets.
    public var headers: [HTTPField]
    /// How often metrics are sent.
    public var interval = Duration.seconds(60)
    /// How long a span waits at most before its batch is sent.
    public var delay = Duration.seconds(5)
    /// How long a request may take; the last ones, at the end of the application, may take as long together.
    public var timeout = Duration.seconds(10)
    /// The most spans that wait; further ones are dropped and counted.
    ///
    /// A quarter of them is a batch.
    public var queue = Self.standardQueue

    static let standardQueue = 2048

    /// Creates settings.
    ///
    /// - Parameters:
    ///   - endpoint: The collector's address.
    ///   - headers: Further fields of each request.
    public init(endpoint: HTTPURL, headers: [HTTPField] = []) {
        self.endpoint = endpoint
        self.headers = headers
    }

    /// How many spans, or data points of metrics, a request has at most.
    var batchSize: Int { max(1, queue / 4) }
}

extension OTLPSettings {
    /// Reads the section `telemetry.otlp` of a profile; `nil` where there is no telling where to send to.
    ///
    /// - Parameters:
    ///   - node: The section's value.
    ///   - secrets: Where secrets are found.
    ///   - problems: Takes what is wrong.
    init?(parsing node: ProfileNode, secrets: SecretStore, problems: inout [ProfileError]) {
        let key = "telemetry.otlp"
        let keys = ["endpoint", "headers", "interval", "delay", "timeout", "queue"]
        let example = "otlp: { endpoint: 'http://127.0.0.1:4318' }"
        var section = SectionReader(node, key: key, takes: keys, example: example)
        defer { problems += section.problems }
        guard let entry = section.entry("endpoint") else {
            if node.entries != nil {
                let message = "is missing; write '\(example)'"
                problems.append(ProfileError(.missingKey, at: node.place, key: "\(key).endpoint", message))
            }
            return nil
        }
        guard let endpoint = section.endpoint(entry) else { return nil }
        self.init(endpoint: endpoint)
        if let entry = section.entry("headers") {
            headers = Self.headers(entry, key: "\(key).headers", secrets, &problems)
        }
        if let entry = section.entry("interval") { interval = section.time(entry) ?? interval }
        if let entry = section.entry("delay") { delay = section.time(entry) ?? delay }
        if let entry = section.entry("timeout") { timeout = section.time(entry) ?? timeout }
        if let entry = section.entry("queue"),
            case .integer(let count)? = section.value(entry, as: .integer(4...1_000_000))
        {
            queue = count
        }
    }

    /// The fields that the exporter sets itself.
    private static let ownFields: Set<String> = ["content-type", "content-length", "content-encoding", "host"]

    private static func headers(
        _ entry: ProfileEntry,
        key: String,
        _ secrets: SecretStore,
        _ problems: inout [ProfileError]
    ) -> [HTTPField] {
        let example = "headers: { authorization: '${secret:NAME}' }"
        var section = SectionReader(entry.value, key: key, example: example)
        defer { problems += section.problems }
        return section.all.compactMap { entry in
            guard case .string(let text)? = section.value(entry, as: .string) else { return nil }
            do throws(SecretStore.Refusal) {
                let (text, pending) = try secrets.resolve(text)
                guard pending.isEmpty else {
                    let message = "takes no secret of a service; take it from a variable or a file, by '${secret:NAME}'"
                    throw SecretStore.Refusal(code: .invalidValue, message: message)
                }
                let field = HTTPField(entry.key, text, isSecret: true)
                if field.isValid, !ownFields.contains(entry.key.lowercased()) { return field }
                // The value is not quoted: it may be a secret.
                section.refuse(
                    entry,
                    "cannot be sent: its name is no field's or the exporter's own, or its value has a line break"
                )
            } catch {
                section.refuse(entry, error.message, code: error.code)
            }
            return nil
        }
    }
}

extension SectionReader {
    fileprivate mutating func endpoint(_ entry: ProfileEntry) -> HTTPURL? {
        guard case .string(let text)? = value(entry, as: .string) else { return nil }
        guard let url = HTTPURL(text), url.query == nil else {
            // The text is not quoted: it may hold a password where it should not.
            refuse(
                entry,
                "is no address of a collector; write 'http://127.0.0.1:4318', without a user, a password or a query"
            )
            return nil
        }
        return url
    }

    /// A time that is not too short to wait for again and again.
    fileprivate mutating func time(_ entry: ProfileEntry) -> Duration? {
        guard let time = duration(entry) else { return nil }
        guard time >= .milliseconds(10) else {
            refuse(entry, "must be at least '10ms'")
            return nil
        }
        return time
    }
}
