/// Splits UTF-8 text into words and gives each as a hash, part by part: a word may cross the border of two parts.
///
/// A word is a run of letters, digits and marks; case does not count. An ideograph is a word of its own. Of a longer word
/// the first 64 bytes count.
struct Tokenizer {
    /// A word, and where it stands in the text.
    struct Word {
        var hash: UInt64
        var start: Int
        var end: Int
    }

    private static let maximumByteCount = 64

    private var offset = 0
    private var hash = Tokenizer.emptyHash
    private var length = 0
    private var start = 0
    // The bytes so far of a scalar beyond ASCII, and how many are still to come.
    private var scalar: UInt32 = 0
    private var missing = 0
    private var scalarStart = 0

    /// Takes in the next part of the text.
    mutating func feed(_ bytes: [UInt8], _ word: (Word) -> Void) {
        for byte in bytes {
            if byte < 0x80 {
                missing = 0
                let folded = Self.foldedASCII[Int(byte)]
                if folded == 0 {
                    endWord(at: offset, word)
                } else {
                    append(folded, at: offset)
                }
            } else {
                feedBeyondASCII(byte, word)
            }
            offset &+= 1
        }
    }

    /// Ends the text.
    mutating func finish(_ word: (Word) -> Void) {
        endWord(at: offset, word)
    }

    /// The hashes of all words of a text.
    static func words(of text: [UInt8]) -> Set<UInt64> {
        var words: Set<UInt64> = []
        var tokenizer = Tokenizer()
        tokenizer.feed(text) { words.insert($0.hash) }
        tokenizer.finish { words.insert($0.hash) }
        return words
    }

    private mutating func feedBeyondASCII(_ byte: UInt8, _ word: (Word) -> Void) {
        if byte >= 0xc0 {
            missing = byte >= 0xf0 ? 3 : byte >= 0xe0 ? 2 : 1
            scalar = UInt32(byte) & (0x3f >> UInt32(missing))
            scalarStart = offset
            return
        }
        guard missing > 0 else { return }
        scalar = scalar << 6 | UInt32(byte & 0x3f)
        missing -= 1
        guard missing == 0, let scalar = Unicode.Scalar(scalar) else { return }
        let properties = scalar.properties
        if properties.isIdeographic {
            endWord(at: scalarStart, word)
            append(scalar)
            endWord(at: offset + 1, word)
        } else if properties.isAlphabetic || properties.numericType != nil || Self.isMark(properties.generalCategory) {
            append(scalar)
        } else {
            endWord(at: scalarStart, word)
        }
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        for byte in scalar.properties.lowercaseMapping.utf8 { append(byte, at: scalarStart) }
    }

    private mutating func append(_ byte: UInt8, at offset: Int) {
        if length == 0 { start = offset }
        guard length < Self.maximumByteCount else { return }
        length &+= 1
        hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }

    private mutating func endWord(at end: Int, _ word: (Word) -> Void) {
        guard length > 0 else { return }
        word(Word(hash: Self.mixed(hash), start: start, end: end))
        length = 0
        hash = Self.emptyHash
    }

    // FNV-1a, 64 bits (draft-eastlake-fnv), whose upper bits the finalizer of SplitMix64 spreads.
    private static let emptyHash: UInt64 = 0xcbf2_9ce4_8422_2325

    private static func mixed(_ hash: UInt64) -> UInt64 {
        let first = (hash ^ hash >> 30) &* 0xbf58_476d_1ce4_e5b9
        let second = (first ^ first >> 27) &* 0x94d0_49bb_1331_11eb
        return second ^ second >> 31
    }

    private static func isMark(_ category: Unicode.GeneralCategory) -> Bool {
        switch category {
        case .nonspacingMark, .spacingMark, .enclosingMark: true
        default: false
        }
    }

    /// Letters in lower case and digits by their byte; zero for what is part of no word.
    private static let foldedASCII: [UInt8] = (0..<128)
        .map { (byte: UInt8) in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            default: 0
            }
        }
}
