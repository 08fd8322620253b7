/// Checks part by part that bytes are UTF-8 text without NUL (Unicode 16, table 3-7).
package struct TextCheck {
    private var missing = 0
    private var lowest: UInt8 = 0x80
    private var highest: UInt8 = 0xbf
    private var isText = true

    /// Creates a check of nothing so far.
    package init() {}

    /// Takes in the next part.
    ///
    /// - Returns: Whether everything so far can be the start of a text.
    package mutating func feed(_ bytes: [UInt8]) -> Bool {
        for byte in bytes where isText { feed(byte) }
        return isText
    }

    /// Whether everything taken in is a whole text.
    package var isWholeText: Bool { isText && missing == 0 }

    private mutating func feed(_ byte: UInt8) {
        if missing > 0 {
            guard byte >= lowest, byte <= highest else {
                isText = false
                return
            }
            missing -= 1
            lowest = 0x80
            highest = 0xbf
            return
        }
        switch byte {
        case 0x01...0x7f: break
        case 0xc2...0xdf: missing = 1
        case 0xe0...0xef:
            missing = 2
            if byte == 0xe0 { lowest = 0xa0 }
            if byte == 0xed { highest = 0x9f }
        case 0xf0...0xf4:
            missing = 3
            if byte == 0xf0 { lowest = 0x90 }
            if byte == 0xf4 { highest = 0x8f }
        default: isText = false
        }
    }
}
