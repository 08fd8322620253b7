#if PostgreSQL
internal import Foundation

/// A TCP socket on loopback that never blocks.
struct ProxySocket: Sendable {
    enum Reading {
        case bytes([UInt8])
        case nothingYet
        case end
        case broken
    }

    enum Writing {
        case written(Int)
        case notYet
        case broken
    }

    let descriptor: Int32

    private init(_ descriptor: Int32) {
        self.descriptor = descriptor
        Self.makeOwn(descriptor)
        var yes: Int32 = 1
        unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    private init() throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw ProxyFailure("socket") }
        self.init(descriptor)
    }

    /// A socket that listens; on port 0 for a port that the system chooses.
    static func listening(on port: Int) throws -> ProxySocket {
        let listener = try ProxySocket()
        var yes: Int32 = 1
        unsafe setsockopt(
            listener.descriptor,
            SOL_SOCKET,
            SO_REUSEADDR,
            &yes,
            socklen_t(MemoryLayout<Int32>.size)
        )
        guard unsafe listener.withAddress(port, { unsafe bind(listener.descriptor, $0, $1) }) == 0 else {
            throw ProxyFailure("bind")
        }
        guard listen(listener.descriptor, 128) == 0 else { throw ProxyFailure("listen") }
        return listener
    }

    /// A socket that is or will be connected; where that fails, reading from it says so.
    static func connecting(to port: Int) throws -> ProxySocket {
        let socket = try ProxySocket()
        let result = unsafe socket.withAddress(port) { unsafe connect(socket.descriptor, $0, $1) }
        guard result == 0 || errno == EINPROGRESS else {
            close(socket.descriptor)
            throw ProxyFailure("connect")
        }
        return socket
    }

    var port: Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = unsafe getsockname(descriptor, $0, &size)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// The next connection that waits for this listener.
    func accepted() -> ProxySocket? {
        let descriptor = Foundation.accept(descriptor, nil, nil)
        return descriptor >= 0 ? ProxySocket(descriptor) : nil
    }

    func read(atMost count: Int) -> Reading {
        var failed = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            let result = unsafe recv(descriptor, buffer.baseAddress, count, 0)
            failed = result < 0
            filled = max(0, result)
        }
        if !bytes.isEmpty { return .bytes(bytes) }
        guard failed else { return .end }
        return Self.isTemporary(errno) ? .nothingYet : .broken
    }

    func write(_ bytes: ArraySlice<UInt8>) -> Writing {
        let result = unsafe bytes.withUnsafeBytes { buffer in
            unsafe send(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
        }
        if result >= 0 { return .written(result) }
        return Self.isTemporary(errno) ? .notYet : .broken
    }

    /// Lets a descriptor block nobody, and no process that is started get it.
    static func makeOwn(_ descriptor: Int32) {
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    }

    /// Tells the other side that nothing more will come.
    func endWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    /// Closes the socket; with `reset` the other side gets RST.
    func close(reset: Bool = false) {
        if reset {
            var noLingering = linger(l_onoff: 1, l_linger: 0)
            unsafe setsockopt(
                descriptor,
                SOL_SOCKET,
                SO_LINGER,
                &noLingering,
                socklen_t(MemoryLayout<linger>.size)
            )
        }
        Self.close(descriptor)
    }

    private static func close(_ descriptor: Int32) {
        Foundation.close(descriptor)
    }

    private static func isTemporary(_ error: Int32) -> Bool {
        error == EAGAIN || error == EINTR || error == ENOTCONN
    }

    private func withAddress(_ port: Int, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
#endif
