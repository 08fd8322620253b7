internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct CloudCatCommand: OneBucketCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat",
        abstract: "Write an object to the standard output stream, byte by byte as it is.",
        discussion: """
            With --json only what is known of the object is printed, and not its bytes. Exit code 66: there is no such object.

            Examples:
              aura cloud cat reports/2026.txt --profile production
              aura cloud cat logs/today --profile production --offset 1048576 --count 4096
            """
    )

    @Argument(help: "The object's key.")
    var key: String

    @Option(help: "The first byte.")
    var offset: Int?

    @Option(help: "How many bytes.")
    var count: Int?

    @OptionGroup var bucket: CloudOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let offset, offset < 0 { throw ValidationError("--offset must be at least 0.") }
        if let count, count < 1 { throw ValidationError("--count must be at least 1.") }
    }

    func run(_ opened: Opened<any ObjectStorageEffects>) async throws {
        if output.json {
            guard let info = try await opened.handler.info(ObjectKey(key)) else {
                throw opened.missing(key, in: "info")
            }
            print(info.json)
            return
        }
        let range = offset == nil && count == nil ? nil : ObjectRange(offset: offset ?? 0, count: count)
        guard let content = try await opened.handler.get(ObjectKey(key), range: range) else {
            throw opened.missing(key, in: "get")
        }
        let sink = ExportOutput()
        for try await chunk in content.body { try await sink.write(chunk) }
    }
}

extension ObjectInfo {
    /// What is known of the object.
    var json: JSONValue {
        [
            "key": .string(key.text),
            "bytes": .integer(byteCount),
            "modified": .string(UTCTime.iso(UInt64(max(0, modified.nanosecondsSinceEpoch / 1_000_000)))),
            "revision": .string(revision.rawValue),
            "contentType": .optional(metadata.contentType),
            "attributes": .object(
                metadata.attributes.sorted { $0.key < $1.key }
                    .map { JSONValue.Member(key: $0.key, value: .string($0.value)) }
            ),
        ]
    }
}
