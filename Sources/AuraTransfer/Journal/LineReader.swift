internal import AuraEffects

/// Cuts a stream of bytes into lines.
final class LineReader {
    private static let chunkSize = 1024 * 1024

    private let source: any ByteSource
    private var buffer: [UInt8] = []
    /// Where the next line begins, and how far it was searched for its end.
    private var start = 0
    private var searched = 0
    /// The number of the last line; the first is 1.
    private(set) var number = 0

    init(_ source: any ByteSource) {
        self.source = source
    }

    /// What ``next()`` found.
    enum Line {
        /// A line, as a range of bytes to pass to ``withBytes(of:_:)``.
        case whole(Range<Int>)
        /// A line without the line feed that ends it, at the end of the stream.
        case cutShort(Range<Int>)
        /// No line of an export is as long.
        case tooLong
    }

    /// The next line; `nil` at the end.
    func next() async throws(EffectError) -> Line? {
        while true {
            if let end = buffer.withUnsafeBytes({ ByteSearch.first(UInt8(ascii: "\n"), in: $0, from: searched) }) {
                defer { (start, searched) = (end + 1, end + 1) }
                number += 1
                return .whole(start..<end)
            }
            searched = buffer.count
            if searched - start > ExportFormat.maximumLineBytes {
                number += 1
                return .tooLong
            }
            let chunk = try await source.read(upTo: Self.chunkSize)
            if chunk.isEmpty {
                guard start < buffer.count else { return nil }
                number += 1
                defer { start = buffer.count }
                return .cutShort(start..<buffer.count)
            }
            buffer.removeSubrange(..<start)
            searched -= start
            start = 0
            buffer += chunk
        }
    }

    /// Lends the bytes of the last line.
    func withBytes<Result>(
        of line: Range<Int>,
        _ body: (UnsafeRawBufferPointer) throws(LineFault) -> Result
    ) throws(LineFault) -> Result {
        try buffer.withUnsafeBufferPointer { bytes throws(LineFault) in
            try body(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[line]))
        }
    }
}
