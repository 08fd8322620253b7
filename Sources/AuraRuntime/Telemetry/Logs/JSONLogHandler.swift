public import AuraEffects
public import Logging

/// Writes log messages as JSON objects, one a line.
///
/// ```swift
/// LoggingSystem.bootstrap({ JSONLogHandler(label: $0, metadataProvider: $1) }, metadataProvider: nil)
/// ```
///
/// A line has the keys `time` (RFC 3339, UTC), `level`, `label`, `message`, `source`, where there is one `error`, and where
/// there is any `metadata`. Without a clock `time` is missing: give the profile's ``TimeEffects``. What ``LogRedaction``
/// finds is not shown, and a `Secret` never is.
public struct JSONLogHandler: LogHandler {
    /// The least severe level that is written.
    public var logLevel: Logger.Level

    /// What every line of this handler carries.
    public var metadata: Logger.Metadata = [:]

    /// Adds what the current task carries.
    public var metadataProvider: Logger.MetadataProvider?

    private let label: String
    private let output: LogOutput
    private let redaction: LogRedaction
    private let clock: (@Sendable () -> WallTime)?

    /// Creates a handler.
    ///
    /// - Parameters:
    ///   - label: The logger's label.
    ///   - level: The least severe level that is written.
    ///   - metadataProvider: Adds what the current task carries.
    ///   - output: Where lines go.
    ///   - redaction: What is not shown.
    ///   - clock: Says what time it is, such as `{ time.now }` with a ``TimeEffects``.
    public init(
        label: String,
        level: Logger.Level = .info,
        metadataProvider: Logger.MetadataProvider? = nil,
        output: LogOutput = .standardError,
        redaction: LogRedaction = LogRedaction(),
        clock: (@Sendable () -> WallTime)? = nil
    ) {
        self.label = label
        self.logLevel = level
        self.metadataProvider = metadataProvider
        self.output = output
        self.redaction = redaction
        self.clock = clock
    }

    /// A value of the metadata that every line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a message.
    public func log(event: LogEvent) {
        var line = JSONLine()
        line.beginObject()
        if let clock {
            line.key("time")
            line.string(UTCTime.precise(clock().nanosecondsSinceEpoch))
        }
        line.key("level")
        line.string(event.level.rawValue)
        line.key("label")
        line.string(label)
        line.key("message")
        line.string(redaction.redacted(event.message.description))
        line.key("source")
        line.string(event.source)
        if let error = event.error {
            line.key("error")
            line.string(redaction.redacted("\(error)"))
        }
        let metadata = merged(event.metadata)
        if !metadata.isEmpty {
            line.key("metadata")
            append(metadata, to: &line)
        }
        line.endObject()
        line.endLine()
        output.writeLine(line.bytes)
    }

    /// What the line carries: the message's own values come before the provider's, and those before the handler's.
    private func merged(_ own: Logger.Metadata?) -> Logger.Metadata {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, provided in provided } }
        if let own { merged.merge(own) { _, own in own } }
        return merged
    }

    private func append(_ metadata: Logger.Metadata, to line: inout JSONLine) {
        line.beginObject()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line.key(key)
            if redaction.hides(key) {
                line.string(LogRedaction.mark)
            } else {
                append(value, to: &line)
            }
        }
        line.endObject()
    }

    private func append(_ value: Logger.Metadata.Value, to line: inout JSONLine) {
        switch value {
        case .string(let text):
            line.string(redaction.redacted(text))
        case .stringConvertible(let value as any BinaryInteger):
            line.literal("\(value)")
        case .stringConvertible(let value as Bool):
            line.literal("\(value)")
        case .stringConvertible(let value as Double) where value.isFinite:
            line.literal("\(value)")
        case .stringConvertible(let value):
            line.string(redaction.redacted(value.description))
        case .array(let values):
            line.beginArray()
            for value in values { append(value, to: &line) }
            line.endArray()
        case .dictionary(let metadata):
            append(metadata, to: &line)
        }
    }
}
