internal import AuraEffects

/// Writes `Encodable` values as JSON straight to the end of bytes; one instance writes many values one after the other.
///
/// What is written does not depend on hash seeds: sets and dictionaries are in the order of their elements' JSON.
final class ValueEncoding {
    /// How byte arrays are written.
    enum ByteStyle {
        /// As they are.
        case whole
        /// Those of more than ``longestBytes`` by their count and checksum: enough to compare them.
        case compared
    }

    static let longestBytes = 64

    /// What has been written.
    var bytes: [UInt8] = []
    var byteStyle = ByteStyle.whole
    /// Whether a value written since this was set held a secret.
    var hasSecret = false

    private var containers: [Container] = []
    private var containerCount = 0
    private var treatments: [ObjectIdentifier: Treatment] = [:]
    private var failure: String?

    private struct Container {
        var number: Int
        var close: UInt8
        var isEmpty = true
    }

    /// Names an open container, so that writing to one that was closed meanwhile is noticed.
    struct Handle {
        fileprivate var depth: Int
        fileprivate var number: Int
    }

    /// Types that are written in a way of their own.
    private enum Treatment {
        case encodable
        case secret
        case unorderedElements
        case unorderedPairs
    }

    /// Writes a value, or nothing where it cannot be written.
    ///
    /// - Returns: Why it cannot be written; `nil` where it was.
    func write(_ value: any Encodable) -> String? {
        let start = bytes.count
        do {
            try encode(value)
            if failure == nil { return nil }
        } catch {
            failure = failure ?? Self.text(error)
        }
        bytes.removeSubrange(start...)
        containers.removeAll()
        defer { failure = nil }
        return failure
    }

    private static func text(_ error: any Error) -> String {
        guard case EncodingError.invalidValue(_, let context) = error else { return "its encoding failed" }
        return context.debugDescription
    }

    func encode<Value: Encodable>(_ value: Value) throws {
        if !writeDirectly(value) {
            let start = bytes.count
            let depth = containers.count
            guard depth < JSONParser.maximumDepth else { throw refusal("it is nested too deeply") }
            let treatment = treatment(of: Value.self)
            if treatment == .secret { hasSecret = true }
            try value.encode(to: ValueEncoder(self, depth: depth, start: start))
            close(to: depth)
            guard bytes.count > start else { throw refusal("a value of type \(Value.self) writes nothing") }
            switch treatment {
            case .unorderedElements: JSONOrder.sort(&bytes, from: start, inPairs: false)
            case .unorderedPairs: JSONOrder.sort(&bytes, from: start, inPairs: true)
            case .encodable, .secret: break
            }
        }
    }

    func append(_ value: [UInt8]) {
        guard byteStyle == .compared, value.count > Self.longestBytes else { return bytes.append(base64: value) }
        let checksum = unsafe value.withUnsafeBytes { unsafe XXHash64.hash($0) }
        bytes.append("{\"count\":")
        bytes.append(decimal: value.count)
        bytes.append(",\"xxh64\":\"")
        bytes.append(hex: checksum)
        bytes.append("\"}")
    }

    private func treatment(of type: Any.Type) -> Treatment {
        let id = ObjectIdentifier(type)
        if let known = treatments[id] { return known }
        let treatment: Treatment =
            switch type {
            case is any SecretValue.Type: .secret
            case is any UnorderedElements.Type: .unorderedElements
            case is any UnorderedPairs.Type: .unorderedPairs
            default: .encodable
            }
        treatments[id] = treatment
        return treatment
    }

    // MARK: Containers

    /// Begins an object or an array, or goes on with the one that the value at this depth has begun.
    func open(_ open: UInt8, _ close: UInt8, depth: Int, start: Int) -> Handle {
        if containers.count > depth {
            if containers[depth].close != close { fail("it begins two containers of different kinds") }
        } else {
            if bytes.count != start { fail("it writes two values in the place of one") }
            containerCount += 1
            containers.append(Container(number: containerCount, close: close))
            bytes.append(open)
        }
        return Handle(depth: depth, number: containers[depth].number)
    }

    /// Makes room for another element of a container: closes what is open within it, and separates it from the one before.
    func beginElement(of handle: Handle) {
        guard handle.depth < containers.count, containers[handle.depth].number == handle.number else {
            return fail("it goes back to a container after it began another value")
        }
        close(to: handle.depth + 1)
        finishMember()
        if !containers[handle.depth].isEmpty { bytes.append(UInt8(ascii: ",")) }
        containers[handle.depth].isEmpty = false
    }

    /// How many levels are open below a container's elements.
    func depth(within handle: Handle) -> Int { handle.depth + 1 }

    private func close(to depth: Int) {
        while containers.count > depth {
            finishMember()
            bytes.append(containers.removeLast().close)
        }
    }

    /// Gives a member that was begun and left without a value, by an encoder that nobody used, a null.
    private func finishMember() {
        if bytes.last == UInt8(ascii: ":") { bytes.append("null") }
    }

    /// Remembers why the value cannot be written, where the encoder's protocol has no error to throw.
    func fail(_ reason: String) {
        failure = failure ?? reason
    }

    private func refusal(_ reason: String) -> EncodingError {
        EncodingError.invalidValue((), EncodingError.Context(codingPath: [], debugDescription: reason))
    }
}

private protocol SecretValue {}
extension Secret: SecretValue {}

private protocol UnorderedElements {}
extension Set: UnorderedElements {}

private protocol UnorderedPairs {}
extension Dictionary: UnorderedPairs {}

extension ValueEncoding {
    func append(_ value: Bool) {
        bytes.append(value ? "true" : "false")
    }

    /// A number in the shortest spelling that reads back as the same; JSON has none for infinities and what is no number.
    func append(_ value: some BinaryFloatingPoint & LosslessStringConvertible) {
        if value.isFinite {
            bytes.append(contentsOf: value.description.utf8)
        } else {
            bytes.append(jsonString: value.description)
        }
    }
}
