/// A number of bytes.
public struct ByteCount: Sendable, Hashable, Comparable, Codable {
    /// The number of bytes.
    public var bytes: Int

    /// Creates a number of bytes.
    public init(bytes: Int) {
        self.bytes = bytes
    }

    /// So many bytes.
    public static func bytes(_ count: Int) -> ByteCount { ByteCount(bytes: count) }
    /// So many KiB of 1,024 bytes, rounded down to a byte.
    public static func kibibytes(_ count: Double) -> ByteCount { ByteCount(bytes: Int(count * 1024)) }
    /// So many MiB of 1,048,576 bytes, rounded down to a byte.
    public static func mebibytes(_ count: Double) -> ByteCount { ByteCount(bytes: Int(count * 1_048_576)) }
    /// So many GiB of 1,073,741,824 bytes, rounded down to a byte.
    public static func gibibytes(_ count: Double) -> ByteCount { ByteCount(bytes: Int(count * 1_073_741_824)) }

    /// Whether the left count is the smaller one.
    public static func < (left: ByteCount, right: ByteCount) -> Bool {
        left.bytes < right.bytes
    }
}

extension ByteCount: CustomStringConvertible {
    /// The count in the largest binary unit that it reaches, with at most two decimals, such as `204.8 MiB`.
    public var description: String {
        let units: [(String, Int)] = [("GiB", 1_073_741_824), ("MiB", 1_048_576), ("KiB", 1024)]
        for (name, size) in units where bytes.magnitude >= size.magnitude {
            let hundredths = (Double(bytes) / Double(size) * 100).rounded() / 100
            let isWhole = hundredths == hundredths.rounded()
            return isWhole ? "\(Int(hundredths)) \(name)" : "\(hundredths) \(name)"
        }
        return "\(bytes) B"
    }
}

/// A rate of data.
public struct BytesPerSecond: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The bytes in a second.
    public var bytesPerSecond: Int

    /// Creates a rate.
    public init(_ bytesPerSecond: Int) {
        self.bytesPerSecond = bytesPerSecond
    }

    /// So many MiB a second.
    public static func mebibytes(_ count: Double) -> BytesPerSecond {
        BytesPerSecond(ByteCount.mebibytes(count).bytes)
    }

    /// Whether the left rate is the lower one.
    public static func < (left: BytesPerSecond, right: BytesPerSecond) -> Bool {
        left.bytesPerSecond < right.bytesPerSecond
    }

    /// The rate in the largest binary unit that it reaches, such as `10 MiB/s`.
    public var description: String { "\(ByteCount(bytes: bytesPerSecond))/s" }
}
