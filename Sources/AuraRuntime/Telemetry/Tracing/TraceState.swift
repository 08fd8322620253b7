/// What tracing systems carry along in a trace context: names and values, the latest one first.
public struct TraceState: Sendable, Hashable {
    /// What one tracing system carries.
    public struct Member: Sendable, Hashable {
        /// The system's name.
        public let key: String
        /// What it carries.
        public let value: String
    }

    /// The most members that a state has.
    public static let memberLimit = 32

    /// The members, the latest one first.
    public private(set) var members: [Member] = []

    /// Creates an empty state.
    public init() {}

    /// Reads the header `tracestate`; `nil` where it is malformed, has a name twice or more than 32 members.
    ///
    /// - Parameter header: The header's value; several of them joined by commas.
    public init?(header: String) {
        var keys: Set<Substring> = []
        for part in header.split(separator: ",") {
            let member = part.drop(while: Self.isSpace).trimmingEnd(while: Self.isSpace)
            if member.isEmpty { continue }
            let sides = member.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, Self.isKey(sides[0]), Self.isValue(sides[1]) else { return nil }
            guard keys.insert(sides[0]).inserted, keys.count <= Self.memberLimit else { return nil }
            members.append(Member(key: String(sides[0]), value: String(sides[1])))
        }
    }

    /// The header `tracestate`; empty where there are no members.
    public var header: String {
        members.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    /// What a tracing system carries.
    public subscript(key: String) -> String? {
        members.first { $0.key == key }?.value
    }

    /// Sets what a tracing system carries, as the latest member; the oldest one goes where there are too many.
    ///
    /// - Parameters:
    ///   - value: What it carries.
    ///   - key: The system's name.
    /// - Returns: Whether key and value are of their form; nothing is set where they are not.
    @discardableResult
    public mutating func set(_ value: String, for key: String) -> Bool {
        guard Self.isKey(key[...]), Self.isValue(value[...]) else { return false }
        members.removeAll { $0.key == key }
        members.insert(Member(key: key, value: value), at: 0)
        if members.count > Self.memberLimit { members.removeLast() }
        return true
    }

    private static func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }

    /// Lower-case letters, digits and some signs, of which a letter or a digit comes first.
    private static func isKey(_ key: Substring) -> Bool {
        func isLetterOrDigit(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: false
            }
        }
        guard let first = key.utf8.first, isLetterOrDigit(first), key.utf8.count <= 256 else { return false }
        return key.utf8.allSatisfy { isLetterOrDigit($0) || "_-*/@".utf8.contains($0) }
    }

    /// Printable ASCII without `,` and `=`, and no space at the end.
    private static func isValue(_ value: Substring) -> Bool {
        value.utf8.count <= 256 && value.utf8.last != 0x20 && !value.isEmpty
            && value.utf8.allSatisfy { (0x20...0x7E).contains($0) && !",=".utf8.contains($0) }
    }
}

extension Substring {
    fileprivate func trimmingEnd(while isTrimmed: (Character) -> Bool) -> Substring {
        guard let last = lastIndex(where: { !isTrimmed($0) }) else { return self[startIndex..<startIndex] }
        return self[...last]
    }
}
