#if Curl
internal import AuraEffects

/// The head of an answer, read line by line as libcurl passes it on.
///
/// Heads of 1xx are passed over (RFC 9110, section 15.2), and so are the trailers after a body.
struct ResponseHead: Sendable {
    enum Failure: Error, Hashable {
        case tooLarge
        case malformed
    }

    private(set) var status = 0
    private(set) var version = HTTPResponse.Version.http1_1
    private(set) var fields: [HTTPField] = []
    /// Whether the last line has been read.
    private(set) var isComplete = false
    private var byteCount = 0
    private let limit: Int

    init(atMost limit: Int) {
        self.limit = limit
    }

    /// Takes the next line.
    ///
    /// - Parameter line: The line with its end.
    /// - Throws: `tooLarge` once the fields have more bytes than they may, `malformed` for what is no head.
    mutating func take(_ line: UnsafeRawBufferPointer) throws(Failure) {
        guard !isComplete else { return }
        byteCount += line.count
        guard byteCount <= limit else { throw .tooLarge }
        var count = line.count
        while count > 0, unsafe line[count - 1] == UInt8(ascii: "\r") || line[count - 1] == UInt8(ascii: "\n") {
            count -= 1
        }
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: line[..<count])
        guard count > 0 else { return try end() }
        if status == 0 { return unsafe try takeStatus(bytes) }
        unsafe takeField(bytes)
    }

    private mutating func end() throws(Failure) {
        guard status > 0 else { throw .malformed }
        if status >= 200 {
            isComplete = true
        } else {
            status = 0
            fields = []
            byteCount = 0
        }
    }

    /// Such as `HTTP/1.1 200 OK`, or `HTTP/2 200`.
    private mutating func takeStatus(_ line: UnsafeRawBufferPointer) throws(Failure) {
        let words = unsafe line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard unsafe words.count >= 2, let number = Int(unsafe String(decoding: words[1], as: UTF8.self)), number >= 100
        else { throw .malformed }
        switch unsafe String(decoding: words[0], as: UTF8.self) {
        case "HTTP/1.0": version = .http1_0
        case "HTTP/1.1": version = .http1_1
        case "HTTP/2", "HTTP/2.0": version = .http2
        default: throw .malformed
        }
        status = number
    }

    private mutating func takeField(_ line: UnsafeRawBufferPointer) {
        // A line that begins with a blank goes on with the value before it (RFC 9112, section 5.2).
        if unsafe line[0] == UInt8(ascii: " ") || line[0] == UInt8(ascii: "\t"), let last = fields.popLast() {
            let rest = unsafe String(decoding: line, as: UTF8.self)
            fields.append(HTTPField(last.name, "\(last.value) \(HTTPField("", rest).value)"))
            return
        }
        guard let colon = unsafe line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = unsafe String(decoding: line[..<colon], as: UTF8.self)
        // Nearly always one blank follows: a value without it need not be made twice.
        let start = unsafe colon + 1 < line.count && line[colon + 1] == UInt8(ascii: " ") ? colon + 2 : colon + 1
        fields.append(HTTPField(name, unsafe String(decoding: line[start...], as: UTF8.self)))
    }
}
#endif
