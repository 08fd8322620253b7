internal import AuraEffects

/// Where a key's value lies: the one folder and the one file name that the key's bytes lead to.
///
/// Both come from the SHA-256 of the bytes in small letters and digits, so that a key may hold anything and be longer than a
/// file name, and names stay apart where a file system takes large and small letters or look-alikes for the same. The first
/// two letters choose one of 1024 folders.
struct ValueName: Hashable {
    let shard: String
    let file: String

    init(_ key: StorageKey) {
        var text = key.text
        let digest = text.withUTF8 { unsafe SHA256.hash(UnsafeRawBufferPointer($0)) }
        let letters = Self.base32(digest)
        shard = String(decoding: letters[..<2], as: UTF8.self)
        file = String(decoding: letters[2...], as: UTF8.self)
    }

    /// The name under which the file is written before it takes its place.
    var newFile: String { file + ".new" }

    /// The file's path below the storage's folder.
    var path: String { shard + "/" + file }

    private static let alphabet = Array("0123456789abcdefghijklmnopqrstuv".utf8)

    /// The digest's bits in groups of five, from the highest on.
    private static func base32(_ digest: SHA256Digest) -> [UInt8] {
        var letters: [UInt8] = []
        letters.reserveCapacity(52)
        var (bits, count) = (UInt32(0), 0)
        for byte in digest.bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 5 {
                count -= 5
                letters.append(alphabet[Int(bits >> UInt32(count)) & 31])
            }
            bits &= 1 << UInt32(count) - 1
        }
        if count > 0 { letters.append(alphabet[Int(bits << UInt32(5 - count)) & 31]) }
        return letters
    }
}
