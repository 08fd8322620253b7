/// Bytes that count up from one to 250 and then from zero again: short to write down, whatever their number, and different
/// at the same place of every page.
public struct CountedBytes: Sendable, Hashable {
    /// How many bytes.
    public var count: Int

    /// The first byte.
    public var first: UInt8

    /// Bytes that count up.
    ///
    /// - Parameters:
    ///   - count: How many bytes.
    ///   - first: The first byte, at most 250.
    /// - Returns: The bytes.
    public static func counting(_ count: Int, from first: UInt8 = 0) -> CountedBytes {
        CountedBytes(count: count, first: first)
    }

    /// The bytes.
    public var bytes: [UInt8] {
        (0..<count).map { UInt8((Int(first) + $0) % Self.period) }
    }

    private static let period = 251

    var source: String {
        first == 0 ? ".counting(\(count))" : ".counting(\(count), from: \(first))"
    }

    var simplifications: [CountedBytes] {
        let counts = Set([0, 1, count / 2]).filter { $0 < count }.sorted()
        return counts.map { .counting($0, from: first) } + (first == 0 ? [] : [.counting(count)])
    }

    /// Bytes as an answer has them: as Swift code where they count up, otherwise as they are.
    static func describe(_ bytes: [UInt8]) -> String {
        let counted = CountedBytes.counting(bytes.count, from: bytes.first ?? 0)
        return counted.bytes == bytes ? counted.source : "\(bytes)"
    }
}
