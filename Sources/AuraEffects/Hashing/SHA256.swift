/// SHA-256 as in FIPS 180-4, in Swift alone.
///
/// A bundle of handlers on a C library may bring a faster one, see ``accelerate(with:)``; the digests are the same.
public struct SHA256: Sendable {
    struct State {
        var a: UInt32 = 0x6a09_e667
        var b: UInt32 = 0xbb67_ae85
        var c: UInt32 = 0x3c6e_f372
        var d: UInt32 = 0xa54f_f53a
        var e: UInt32 = 0x510e_527f
        var f: UInt32 = 0x9b05_688c
        var g: UInt32 = 0x1f83_d9ab
        var h: UInt32 = 0x5be0_cd19

        var digest: SHA256Digest {
            func pair(_ high: UInt32, _ low: UInt32) -> UInt64 { UInt64(high) << 32 | UInt64(low) }
            return SHA256Digest(words: pair(a, b), pair(c, d), pair(e, f), pair(g, h))
        }
    }

    static let blockSize = 64

    private var state = State()
    private var pending: [UInt8] = []
    private var byteCount: UInt64 = 0

    /// Creates a hash of nothing yet.
    public init() {}

    /// The digest of one buffer.
    ///
    /// - Parameter bytes: The message.
    /// - Returns: The digest.
    /// - Complexity: O(*n*) in the number of bytes, without an allocation.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> SHA256Digest {
        var state = State()
        let tail = compressWholeBlocks(of: bytes, into: &state)
        finish(&state, tail: tail, byteCount: UInt64(bytes.count))
        return state.digest
    }

    /// The digest of an array of bytes.
    public static func hash(_ bytes: [UInt8]) -> SHA256Digest {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// Adds bytes to the message.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount &+= UInt64(bytes.count)
        var rest = bytes
        if !pending.isEmpty {
            let taken = min(Self.blockSize - pending.count, rest.count)
            pending.append(contentsOf: rest[..<taken])
            rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
            guard pending.count == Self.blockSize else { return }
            pending.withUnsafeBytes { _ = Self.compressWholeBlocks(of: $0, into: &state) }
            pending.removeAll(keepingCapacity: true)
        }
        pending.append(contentsOf: Self.compressWholeBlocks(of: rest, into: &state))
    }

    /// Adds an array of bytes to the message.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// The digest of the message so far; more may be added after.
    public func finalize() -> SHA256Digest {
        var state = state
        pending.withUnsafeBytes { Self.finish(&state, tail: $0, byteCount: byteCount) }
        return state.digest
    }

    /// Mixes in every whole block and returns what is left.
    static func compressWholeBlocks(
        of bytes: UnsafeRawBufferPointer,
        into state: inout State
    ) -> UnsafeRawBufferPointer {
        let whole = bytes.count / blockSize * blockSize
        guard whole > 0, let base = bytes.baseAddress else { return bytes }
        if let blockFunction {
            compress(&state, base, blockCount: whole / blockSize, by: blockFunction)
        } else {
            var offset = 0
            while offset < whole {
                compress(&state, base + offset)
                offset &+= blockSize
            }
        }
        return UnsafeRawBufferPointer(rebasing: bytes[whole...])
    }

    /// Mixes in the last, padded block or two.
    static func finish(_ state: inout State, tail: UnsafeRawBufferPointer, byteCount: UInt64) {
        withUnsafeTemporaryAllocation(byteCount: 2 * blockSize, alignment: 16) { padded in
            let length = tail.count < blockSize - 8 ? blockSize : 2 * blockSize
            padded.copyMemory(from: tail)
            padded[tail.count] = 0x80
            for index in (tail.count + 1)..<(length - 8) { padded[index] = 0 }
            padded.storeBytes(of: (byteCount &* 8).bigEndian, toByteOffset: length - 8, as: UInt64.self)
            _ = compressWholeBlocks(of: UnsafeRawBufferPointer(rebasing: padded[..<length]), into: &state)
        }
    }
}
