#if Curl
internal import CCurl

extension Transfer {
    /// Has libcurl call this transfer.
    ///
    /// Safe: the transfer owns the handle, so it lives while libcurl may call.
    func installCallbacks() {
        let place = unsafe Unmanaged.passUnretained(self).toOpaque()
        let handle = unsafe handle.pointer
        unsafe _ = aura_curl_set_pointer(handle, CURLOPT_PRIVATE, place)
        unsafe _ = aura_curl_set_start_function(handle, Self.willSend)
        unsafe _ = aura_curl_set_pointer(handle, CURLOPT_PREREQDATA, place)
        unsafe _ = aura_curl_set_data_function(handle, CURLOPT_HEADERFUNCTION, Self.tookLine)
        unsafe _ = aura_curl_set_pointer(handle, CURLOPT_HEADERDATA, place)
        unsafe _ = aura_curl_set_data_function(handle, CURLOPT_WRITEFUNCTION, Self.tookBody)
        unsafe _ = aura_curl_set_pointer(handle, CURLOPT_WRITEDATA, place)
        unsafe _ = aura_curl_set_data_function(handle, CURLOPT_READFUNCTION, Self.wantsBody)
        unsafe _ = aura_curl_set_pointer(handle, CURLOPT_READDATA, place)
        unsafe _ = aura_curl_set_seek_function(handle, Self.seeks)
        unsafe _ = aura_curl_set_pointer(handle, CURLOPT_SEEKDATA, place)
    }

    /// The transfer of a handle that libcurl names.
    static func of(_ handle: UnsafeMutableRawPointer) -> Transfer? {
        var place: UnsafeMutableRawPointer?
        unsafe _ = aura_curl_get_pointer(handle, CURLINFO_PRIVATE, &place)
        return unsafe at(place)
    }

    private static func at(_ place: UnsafeMutableRawPointer?) -> Transfer? {
        guard let place = unsafe place else { return nil }
        return unsafe Unmanaged<Transfer>.fromOpaque(place).takeUnretainedValue()
    }

    private static let willSend: curl_prereq_callback = { place, _, _, _, _ in
        unsafe at(place)?.willSend() ?? false ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
    }

    private static let tookLine: aura_curl_data_function = { bytes, size, count, place in
        let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        return unsafe at(place)?.take(line: line) ?? false ? line.count : 0
    }

    private static let tookBody: aura_curl_data_function = { bytes, size, count, place in
        let body = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
        return unsafe at(place)?.take(body: body) ?? false ? body.count : Int(CURL_WRITEFUNC_PAUSE)
    }

    private static let wantsBody: aura_curl_data_function = { bytes, size, count, place in
        let target = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
        return switch unsafe at(place)?.bring(into: target) ?? .failed {
        case .bytes(let count): count
        case .end: 0
        case .nothingYet: Int(CURL_READFUNC_PAUSE)
        case .failed: Int(CURL_READFUNC_ABORT)
        }
    }

    private static let seeks: curl_seek_callback = { place, offset, origin in
        guard offset == 0, origin == SEEK_SET, unsafe at(place)?.rewind() ?? false else { return CURL_SEEKFUNC_FAIL }
        return CURL_SEEKFUNC_OK
    }
}
#endif
