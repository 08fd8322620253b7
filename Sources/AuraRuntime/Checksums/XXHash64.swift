package import AuraEffects

/// XXH64: a fast checksum that finds damage, not forgery.
///
/// Source: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
package enum XXHash64 {
    private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
    private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
    private static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
    private static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
    private static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5

    @inline(__always)
    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 &- count)
    }

    @inline(__always)
    private static func round(_ accumulator: UInt64, _ lane: UInt64) -> UInt64 {
        rotate(accumulator &+ lane &* prime2, 31) &* prime1
    }

    @inline(__always)
    private static func merge(_ result: UInt64, _ accumulator: UInt64) -> UInt64 {
        (result ^ round(0, accumulator)) &* prime1 &+ prime4
    }

    /// The checksum of a buffer.
    package static func hash(_ bytes: UnsafeRawBufferPointer, seed: UInt64 = 0) -> UInt64 {
        let count = bytes.count
        var offset = 0
        @inline(__always)
        func lane() -> UInt64 {
            defer { offset &+= 8 }
            return unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        var result: UInt64
        if count >= 32 {
            var a = seed &+ prime1 &+ prime2
            var b = seed &+ prime2
            var c = seed
            var d = seed &- prime1
            while offset &+ 32 <= count {
                a = round(a, lane())
                b = round(b, lane())
                c = round(c, lane())
                d = round(d, lane())
            }
            result = rotate(a, 1) &+ rotate(b, 7) &+ rotate(c, 12) &+ rotate(d, 18)
            result = merge(result, a)
            result = merge(result, b)
            result = merge(result, c)
            result = merge(result, d)
        } else {
            result = seed &+ prime5
        }
        result = result &+ UInt64(count)
        while offset &+ 8 <= count {
            result = rotate(result ^ round(0, lane()), 27) &* prime1 &+ prime4
        }
        if offset &+ 4 <= count {
            let word = unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            result = rotate(result ^ UInt64(word) &* prime1, 23) &* prime2 &+ prime3
            offset &+= 4
        }
        while offset < count {
            result = unsafe rotate(result ^ UInt64(bytes[offset]) &* prime5, 11) &* prime1
            offset &+= 1
        }
        result = (result ^ result &>> 33) &* prime2
        result = (result ^ result &>> 29) &* prime3
        return result ^ result &>> 32
    }
}

extension XXHash64 {
    /// The checksum of a stored value, which fits no other key and no other version.
    package static func checksum(key: StorageKey, revision: UInt64, bytes: UnsafeRawBufferPointer) -> UInt64 {
        var text = key.text
        let seed = text.withUTF8 { unsafe hash(UnsafeRawBufferPointer($0), seed: revision) }
        return unsafe hash(bytes, seed: seed)
    }
}
