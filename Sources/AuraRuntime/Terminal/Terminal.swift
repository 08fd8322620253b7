package import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The process's standard streams.
package enum Terminal {
    /// Whether what is printed goes to a person.
    package static var showsOutput: Bool { isatty(STDOUT_FILENO) == 1 }

    /// Whether messages go to a person.
    package static var showsMessages: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes to the standard error stream.
    package static func message(_ text: String) {
        write(Array(text.utf8), to: STDERR_FILENO)
    }

    /// Hands on what was printed, also where no terminal takes it line by line.
    package static func flush() {
        fflush(nil)
    }

    /// Writes bytes to the standard output stream as they are.
    package static func output(_ bytes: [UInt8]) {
        flush()
        write(bytes, to: STDOUT_FILENO)
    }

    /// Reads the standard input stream to its end.
    ///
    /// - Parameter limit: The most bytes taken.
    /// - Returns: The stream's bytes; `nil` where there are more.
    /// - Throws: `unavailable` where the stream cannot be read.
    package static func input(limit: Int) throws(EffectError) -> [UInt8]? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes { unsafe read(STDIN_FILENO, $0.baseAddress, $0.count) }
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw EffectError(.unavailable, "The standard input stream cannot be read.")
            }
            bytes += buffer[..<count]
            if bytes.count > limit { return nil }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe systemWrite(descriptor, $0) }
            if count < 0 && errno != EINTR { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Darwin)
        unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
