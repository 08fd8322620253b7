/// Reads the XML that services answer with: elements, text, the five named entities and numbered ones, CDATA sections.
///
/// Comments, attributes and processing instructions are skipped. A document type is refused, so that no entity of its own can
/// grow, and so are documents that are nested too deeply.
public struct XMLReader {
    /// Why bytes are not read.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        /// Where the reader stood, from zero.
        public let offset: Int
        /// What is wrong.
        public let message: String

        /// What is wrong, and where.
        public var description: String { "\(message) at byte \(offset)" }
    }

    private static let maximumDepth = 64

    private let bytes: [UInt8]
    private var offset = 0

    private init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Reads a document.
    ///
    /// - Parameter bytes: The document, in UTF-8.
    /// - Returns: Its outermost element.
    /// - Throws: ``Fault`` where it is no such document.
    public static func read(_ bytes: [UInt8]) throws(Fault) -> XMLElement {
        var reader = XMLReader(bytes)
        return try reader.document()
    }

    private mutating func document() throws(Fault) -> XMLElement {
        _ = skip("\u{feff}")
        // The elements that are open, the outermost first: no recursion that a document could exhaust the stack by.
        var open: [XMLElement] = []
        var texts: [[UInt8]] = []
        while true {
            if open.isEmpty { skipSpace() }
            guard offset < bytes.count else { throw fault("the document breaks off") }
            if bytes[offset] != UInt8(ascii: "<") {
                guard !open.isEmpty else { throw fault("there is text outside the outermost element") }
                try readText(into: &texts[texts.count - 1])
            } else if skip("<!--") {
                try skipPast("-->")
            } else if skip("<?") {
                try skipPast("?>")
            } else if !open.isEmpty, skip("<![CDATA[") {
                let start = offset
                try skipPast("]]>")
                texts[texts.count - 1] += bytes[start..<offset - 3]
            } else if skip("<!") {
                throw fault("the document has a type of its own")
            } else if skip("</") {
                let name = try readName()
                skipSpace()
                try expect(">")
                guard var element = open.popLast(), element.name == name, let text = texts.popLast() else {
                    throw fault("an element ends that did not begin")
                }
                guard let decoded = String(validating: text, as: UTF8.self) else { throw fault("text is not UTF-8") }
                element.text = decoded
                guard !open.isEmpty else { return try end(element) }
                open[open.count - 1].children.append(element)
            } else {
                offset += 1
                let element = XMLElement(name: try readName())
                if try skipAttributes() {
                    guard !open.isEmpty else { return try end(element) }
                    open[open.count - 1].children.append(element)
                } else {
                    guard open.count < Self.maximumDepth else { throw fault("elements are nested too deeply") }
                    open.append(element)
                    texts.append([])
                }
            }
        }
    }

    /// Nothing but comments follows the outermost element.
    private mutating func end(_ element: XMLElement) throws(Fault) -> XMLElement {
        skipSpace()
        while skip("<!--") {
            try skipPast("-->")
            skipSpace()
        }
        guard offset == bytes.count else { throw fault("there is something after the outermost element") }
        return element
    }

    /// A name without its prefix.
    private mutating func readName() throws(Fault) -> String {
        let start = offset
        while offset < bytes.count, isNameByte(bytes[offset]) { offset += 1 }
        let name = bytes[start..<offset]
        let local = name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name
        guard !local.isEmpty, let text = String(validating: local, as: UTF8.self) else {
            throw fault("an element has no name")
        }
        return text
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte != 0x7F && !"<>/=\"'&".utf8.contains(byte)
    }

    /// Skips what follows an element's name.
    ///
    /// - Returns: Whether the element ends with it.
    private mutating func skipAttributes() throws(Fault) -> Bool {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: ">"):
                offset += 1
                return false
            case UInt8(ascii: "/"):
                offset += 1
                try expect(">")
                return true
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                let quote = bytes[offset]
                guard let end = bytes[(offset + 1)...].firstIndex(of: quote) else {
                    throw fault("an attribute's value breaks off")
                }
                offset = end + 1
            case UInt8(ascii: "<"):
                throw fault("an element begins within another one's beginning")
            default: offset += 1
            }
        }
        throw fault("an element's beginning breaks off")
    }

    private mutating func readText(into text: inout [UInt8]) throws(Fault) {
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "<") {
            if bytes[offset] == UInt8(ascii: "&") {
                text += try readEntity().utf8
            } else {
                text.append(bytes[offset])
                offset += 1
            }
        }
    }

    private mutating func readEntity() throws(Fault) -> String {
        let start = offset + 1
        // The longest is that of the last code point.
        guard let end = bytes[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else {
            throw fault("an entity breaks off")
        }
        let name = String(decoding: bytes[start..<end], as: UTF8.self)
        guard let text = Self.entity(name) else { throw fault("an entity is not known") }
        offset = end + 1
        return text
    }

    private static func entity(_ name: String) -> String? {
        switch name {
        case "amp": return "&"
        case "lt": return "<"
        case "gt": return ">"
        case "quot": return "\""
        case "apos": return "'"
        default:
            guard name.hasPrefix("#") else { return nil }
            let isHexadecimal = name.hasPrefix("#x")
            let digits = name.dropFirst(isHexadecimal ? 2 : 1)
            // No sign, which the initializer would take.
            guard digits.allSatisfy(\.isHexDigit) else { return nil }
            return UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init).map { String($0) }
        }
    }

    // MARK: Bytes

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
    }

    private mutating func skip(_ text: String) -> Bool {
        guard bytes[offset...].starts(with: text.utf8) else { return false }
        offset += text.utf8.count
        return true
    }

    private mutating func expect(_ text: String) throws(Fault) {
        guard skip(text) else { throw fault("'\(text)' is missing") }
    }

    private mutating func skipPast(_ text: String) throws(Fault) {
        let end = Array(text.utf8)
        while offset + end.count <= bytes.count {
            if bytes[offset...].starts(with: end) {
                offset += end.count
                return
            }
            offset += 1
        }
        throw fault("'\(text)' is missing")
    }

    private func fault(_ message: String) -> Fault {
        Fault(offset: offset, message: message)
    }
}

/// Text as it stands in an XML document.
public enum XMLText {
    /// Replaces the characters that mean something to XML; control characters, which no document may have, become numbers.
    public static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case _ where scalar.value < 0x20: escaped += "&#\(scalar.value);"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
