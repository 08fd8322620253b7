#if Curl
internal import AuraRuntime
internal import CCurl
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Counts the sockets that libcurl has open; on libcurl's thread alone.
///
/// It outlives every handle that reports to it.
final class ConnectionCounter {
    private let metrics: ConnectionMetrics
    private(set) var open = 0

    init(_ metrics: ConnectionMetrics) {
        self.metrics = metrics
    }

    /// Has a handle report the sockets that it opens and closes.
    func watch(_ handle: EasyHandle) {
        let place = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe _ = aura_curl_set_socket_functions(handle.pointer, ConnectionCounter.opened, ConnectionCounter.closing)
        unsafe _ = aura_curl_set_pointer(handle.pointer, CURLOPT_SOCKOPTDATA, place)
        unsafe _ = aura_curl_set_pointer(handle.pointer, CURLOPT_CLOSESOCKETDATA, place)
    }

    private static let opened: curl_sockopt_callback = { place, _, _ in
        if let place = unsafe place {
            unsafe Unmanaged<ConnectionCounter>.fromOpaque(place).takeUnretainedValue().count(1)
        }
        return Int32(CURL_SOCKOPT_OK)
    }

    private static let closing: curl_closesocket_callback = { place, socket in
        if let place = unsafe place {
            unsafe Unmanaged<ConnectionCounter>.fromOpaque(place).takeUnretainedValue().count(-1)
        }
        return close(socket)
    }

    private func count(_ step: Int) {
        open += step
        metrics.open(open)
    }
}
#endif
