internal import AuraEffects

/// What a file turned out to be.
enum FileReading {
    /// A text that an operation holds in place.
    case small([UInt8])
    /// A text that goes into chunks, after a first reading.
    case large(LargeFile)
    case notText

    /// Reads a file: a small one whole, a large one part by part.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - folder: The effect to read it with.
    ///   - chunkByteCount: The largest text that an operation holds in place, and the size of a chunk.
    /// - Returns: What the file turned out to be.
    /// - Throws: What the folder throws.
    static func read(
        _ path: String,
        in folder: any FolderEffects,
        chunkByteCount: Int
    ) async throws(EffectError) -> FileReading {
        var check = TextCheck()
        var part = try await folder.read(path, from: 0, limit: chunkByteCount)
        guard check.feed(part) else { return .notText }
        let first = part
        var file = LargeFile(chunkByteCount: chunkByteCount)
        var hash = SHA256()
        while !part.isEmpty {
            hash.update(part)
            file.byteCount += part.count
            file.chunkDigests.append(SHA256.hash(part))
            if part.count < chunkByteCount { break }
            part = try await folder.read(path, from: file.byteCount, limit: chunkByteCount)
            guard check.feed(part) else { return .notText }
        }
        guard check.isWholeText else { return .notText }
        if file.chunkDigests.count <= 1 { return .small(first) }
        file.digest = hash.finalize()
        return .large(file)
    }
}

/// A large file after its first reading: a second one must find the same.
struct LargeFile {
    let chunkByteCount: Int
    var byteCount = 0
    var digest = SHA256Digest.zero
    var chunkDigests: [SHA256Digest] = []

    init(chunkByteCount: Int) {
        self.chunkByteCount = chunkByteCount
    }
}
