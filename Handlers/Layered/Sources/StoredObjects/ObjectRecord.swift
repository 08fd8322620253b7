internal import AuraEffects

/// What a storage keeps of an object besides its bytes.
struct ObjectRecord: Hashable {
    /// Bytes that were sent together.
    struct Run: Hashable {
        /// Their name within the group.
        var name: String
        var byteCount: Int
    }

    var modified: WallTime
    var metadata: ObjectMetadata
    /// The name of what belongs to the object alone: its chunks are removed with it.
    var group: String
    /// How many bytes a chunk has, but for the last one of each run.
    var chunkBytes: Int
    /// The object's bytes in their order.
    var runs: [Run]

    var byteCount: Int { runs.reduce(0) { $0 + $1.byteCount } }

    private static let version: UInt8 = 1

    var encoded: [UInt8] {
        var writer = RecordWriter(Self.version)
        writer.add(Int(modified.nanosecondsSinceEpoch))
        writer.add(metadata)
        writer.add(group)
        writer.add(chunkBytes)
        writer.add(runs.count)
        for run in runs {
            writer.add(run.name)
            writer.add(run.byteCount)
        }
        return writer.bytes
    }

    init(modified: WallTime, metadata: ObjectMetadata, group: String, chunkBytes: Int, runs: [Run]) {
        self.modified = modified
        self.metadata = metadata
        self.group = group
        self.chunkBytes = chunkBytes
        self.runs = runs
    }

    /// Reads a record; `nil` where the bytes are none.
    init?(_ encoded: [UInt8]) {
        guard var reader = RecordReader(encoded, version: Self.version),
            let modified = reader.number(), let metadata = reader.metadata(),
            let group = reader.text(), let chunkBytes = reader.number(), chunkBytes > 0,
            let count = reader.number(), (0...100_000).contains(count)
        else { return nil }
        var runs: [Run] = []
        for _ in 0..<count {
            guard let name = reader.text(), let byteCount = reader.number(), byteCount >= 0 else { return nil }
            runs.append(Run(name: name, byteCount: byteCount))
        }
        self.init(
            modified: WallTime(nanosecondsSinceEpoch: Int64(modified)),
            metadata: metadata,
            group: group,
            chunkBytes: chunkBytes,
            runs: runs
        )
    }
}

/// What a storage keeps of an upload that goes on.
struct UploadRecord: Hashable {
    var key: ObjectKey
    var metadata: ObjectMetadata

    private static let version: UInt8 = 1

    var encoded: [UInt8] {
        var writer = RecordWriter(Self.version)
        writer.add(key.text)
        writer.add(metadata)
        return writer.bytes
    }

    init(_ upload: ObjectUpload) {
        key = upload.key
        metadata = upload.metadata
    }

    /// Reads a record; `nil` where the bytes are none.
    init?(_ encoded: [UInt8]) {
        guard var reader = RecordReader(encoded, version: Self.version),
            let key = reader.text(), let metadata = reader.metadata()
        else { return nil }
        self.key = ObjectKey(key)
        self.metadata = metadata
    }
}

extension ObjectRecord.Run {
    private static let version: UInt8 = 1

    /// What a storage keeps of an upload's part.
    var encoded: [UInt8] {
        var writer = RecordWriter(Self.version)
        writer.add(name)
        writer.add(byteCount)
        return writer.bytes
    }

    /// Reads a part's record; `nil` where the bytes are none.
    init?(_ encoded: [UInt8]) {
        guard var reader = RecordReader(encoded, version: Self.version),
            let name = reader.text(), let byteCount = reader.number(), byteCount >= 0
        else { return nil }
        self.init(name: name, byteCount: byteCount)
    }
}

/// Writes numbers as eight bytes, big-endian, and texts as their length and their UTF-8 bytes.
private struct RecordWriter {
    private(set) var bytes: [UInt8]

    init(_ version: UInt8) {
        bytes = [version]
    }

    mutating func add(_ number: Int) {
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }

    mutating func add(_ text: String) {
        add(text.utf8.count)
        bytes += text.utf8
    }

    mutating func add(_ metadata: ObjectMetadata) {
        add(metadata.contentType == nil ? 0 : 1)
        if let contentType = metadata.contentType { add(contentType) }
        add(metadata.attributes.count)
        for (name, value) in metadata.attributes.sorted(by: { $0.key < $1.key }) {
            add(name)
            add(value)
        }
    }
}

private struct RecordReader {
    private var rest: ArraySlice<UInt8>

    /// Begins to read; `nil` for another version.
    init?(_ bytes: [UInt8], version: UInt8) {
        guard bytes.first == version else { return nil }
        rest = bytes.dropFirst()
    }

    mutating func number() -> Int? {
        guard rest.count >= 8 else { return nil }
        let number = rest.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        rest = rest.dropFirst(8)
        return Int(Int64(bitPattern: number))
    }

    mutating func text() -> String? {
        guard let count = number(), count >= 0, count <= rest.count else { return nil }
        let text = String(validating: rest.prefix(count), as: UTF8.self)
        rest = rest.dropFirst(count)
        return text
    }

    mutating func metadata() -> ObjectMetadata? {
        guard let hasContentType = number() else { return nil }
        var metadata = ObjectMetadata()
        if hasContentType == 1 {
            guard let contentType = text() else { return nil }
            metadata.contentType = contentType
        }
        guard let count = number(), (0...100_000).contains(count) else { return nil }
        for _ in 0..<count {
            guard let name = text(), let value = text() else { return nil }
            metadata.attributes[name] = value
        }
        return metadata
    }
}
