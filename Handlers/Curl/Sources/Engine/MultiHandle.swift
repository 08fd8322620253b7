#if Curl
internal import AuraRuntime
internal import CCurl

/// The one owner of a handle of libcurl's multi interface: connections, and the requests on them.
@safe
final class MultiHandle {
    private let pointer: UnsafeMutableRawPointer

    /// Creates a handle; `nil` where there is no memory.
    init?(_ configuration: CurlConfiguration) {
        guard Self.isLibraryReady, let pointer = unsafe curl_multi_init() else { return nil }
        unsafe self.pointer = pointer
        set(CURLMOPT_MAX_TOTAL_CONNECTIONS, configuration.connections)
        set(CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsPerHost)
        set(CURLMOPT_MAXCONNECTS, configuration.connections)
    }

    deinit {
        unsafe _ = curl_multi_cleanup(pointer)
    }

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private func set(_ option: CURLMoption, _ value: Int) {
        unsafe _ = aura_curl_multi_set_long(pointer, option, value)
    }

    var waker: Waker { unsafe Waker(pointer) }

    /// Begins a request.
    func add(_ handle: EasyHandle) -> Bool {
        unsafe curl_multi_add_handle(pointer, handle.pointer) == CURLM_OK
    }

    /// Ends a request; one that is under way gives its connection or stream up.
    func remove(_ handle: EasyHandle) {
        unsafe _ = curl_multi_remove_handle(pointer, handle.pointer)
    }

    /// Sends and receives what can be without waiting.
    func perform() {
        var running: Int32 = 0
        unsafe _ = curl_multi_perform(pointer, &running)
    }

    /// A request that has ended since the last call.
    func nextFinished() -> (Transfer, CURLcode)? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(pointer, &left) {
            guard unsafe message.pointee.msg == CURLMSG_DONE, let handle = unsafe message.pointee.easy_handle,
                let transfer = unsafe Transfer.of(handle)
            else { continue }
            return (transfer, unsafe message.pointee.data.result)
        }
        return nil
    }

    /// Waits for sockets, for libcurl's own timers, and for the waker.
    func wait(milliseconds: Int32) {
        unsafe _ = curl_multi_poll(pointer, nil, 0, milliseconds, nil)
    }
}
#endif
