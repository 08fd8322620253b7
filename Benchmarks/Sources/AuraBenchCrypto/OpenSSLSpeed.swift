internal import Glibc

/// OpenSSL's own measure of a cipher.
enum OpenSSLSpeed {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// How many bytes a second the program `openssl` encrypts or decrypts in messages of a size, by the wall clock as ours is.
    static func bytesPerSecond(_ cipher: String, isDecrypting: Bool, messageBytes: Int) throws -> Double {
        let command =
            "openssl speed -evp \(cipher) \(isDecrypting ? "-decrypt " : "")-bytes \(messageBytes) -seconds 1 -elapsed -mr "
            + "2>/dev/null"
        guard let pipe = popen(command, "r") else { throw Failure(description: "Cannot start openssl.") }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
        let text = String(decoding: output, as: UTF8.self)
        // '+F:22:AES-256-GCM:3456789012.34', the bytes of a second.
        guard pclose(pipe) == 0, let line = text.split(separator: "\n").first(where: { $0.hasPrefix("+F:") }),
            let rate = line.split(separator: ":").last.flatMap({ Double($0) })
        else { throw Failure(description: "openssl speed failed: \(text.suffix(400))") }
        return rate
    }
}
