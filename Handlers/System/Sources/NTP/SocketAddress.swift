#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An address of a socket, as the system's calls take it.
struct SocketAddress: Sendable, Hashable {
    private let bytes: [UInt8]
    let family: Int32

    /// Looks a name up; blocks the calling thread meanwhile.
    ///
    /// It is the first address that the system's resolver gives; `nil` where it gives none.
    ///
    /// - Parameter name: The name, or an address as text.
    init?(resolving name: NTPServerName) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Self.datagram
        unsafe hints.ai_flags = AI_NUMERICSERV
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(name.host, String(name.port), &hints, &found) == 0, let first = unsafe found else {
            return nil
        }
        defer { unsafe freeaddrinfo(first) }
        guard let address = unsafe first.pointee.ai_addr else { return nil }
        let count = Int(unsafe first.pointee.ai_addrlen)
        bytes = unsafe Array(UnsafeRawBufferPointer(start: address, count: count))
        family = unsafe first.pointee.ai_family
    }

    /// Opens a socket that does not block, for datagrams to and from this address alone.
    ///
    /// - Returns: Its descriptor; `nil` where the system gives none.
    func connectedSocket() -> Int32? {
        let descriptor = socket(family, Self.datagram, 0)
        guard descriptor >= 0 else { return nil }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe connect(
                descriptor,
                bytes.assumingMemoryBound(to: sockaddr.self).baseAddress,
                socklen_t(bytes.count)
            )
        }
        guard status == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }

    private static var datagram: Int32 {
        #if canImport(Glibc)
        Int32(SOCK_DGRAM.rawValue)
        #else
        SOCK_DGRAM
        #endif
    }
}

extension SocketAddress: CustomStringConvertible {
    /// The address as numbers, without the port.
    var description: String {
        var host = [CChar](repeating: 0, count: 64)
        let status = unsafe bytes.withUnsafeBytes { bytes in
            unsafe getnameinfo(
                bytes.assumingMemoryBound(to: sockaddr.self).baseAddress,
                socklen_t(bytes.count),
                &host,
                socklen_t(host.count),
                nil,
                0,
                NI_NUMERICHOST
            )
        }
        guard status == 0 else { return "unknown" }
        return String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
