/// Puts what a hash table wrote in its own order into one order that is always the same.
enum JSONOrder {
    /// Sorts the elements of the array, or the members of the object, that bytes end with.
    ///
    /// - Parameters:
    ///   - bytes: Bytes that end with an array or an object without white space.
    ///   - start: Where that begins.
    ///   - inPairs: Whether an array's elements are keys and values in turn.
    static func sort(_ bytes: inout [UInt8], from start: Int, inPairs: Bool) {
        let first = bytes[start]
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "[") else { return }
        var parts = elements(of: bytes[(start + 1)..<(bytes.count - 1)])
        if inPairs, first == UInt8(ascii: "[") {
            parts = stride(from: 0, to: parts.count - 1, by: 2)
                .map { bytes[parts[$0].startIndex..<parts[$0 + 1].endIndex] }
        }
        guard parts.count > 1 else { return }
        let sorted = parts.sorted { $0.lexicographicallyPrecedes($1) }.map(Array.init)
        let close = bytes[bytes.count - 1]
        bytes.removeSubrange((start + 1)...)
        for (index, part) in sorted.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            bytes.append(contentsOf: part)
        }
        bytes.append(close)
    }

    /// The parts between the commas of the outermost level.
    private static func elements(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var depth = 0
        var isInString = false
        var index = start
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\\") where isInString: index += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            case UInt8(ascii: ",") where depth == 0:
                parts.append(bytes[start..<index])
                start = index + 1
            default: break
            }
            index += 1
        }
        if start < bytes.endIndex { parts.append(bytes[start...]) }
        return parts
    }
}
