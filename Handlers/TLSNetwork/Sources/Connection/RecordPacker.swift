#if TLSNetwork
/// Fills TLS records with frames: small ones share a record, and what fills records of its own is not copied.
struct RecordPacker {
    private var staged: [UInt8] = []

    init() {}

    /// Encrypts frames.
    ///
    /// - Throws: ``TLSFailure``.
    mutating func write(_ frames: [OutgoingFrame], to session: TLSSession) throws(TLSFailure) {
        session.reserve(frames.reduce(0) { $0 + $1.byteCount })
        for frame in frames {
            try write(frame.head, to: session)
            try write(frame.payload, to: session)
        }
        try writeStaged(to: session)
        staged = []
    }

    private mutating func write(_ bytes: [UInt8], to session: TLSSession) throws(TLSFailure) {
        let room = TLSSession.recordBytes - staged.count
        guard bytes.count >= room else {
            staged += bytes
            return
        }
        var rest = bytes[...]
        if !staged.isEmpty {
            staged += rest.prefix(room)
            rest = rest.dropFirst(room)
            try writeStaged(to: session)
        }
        let whole = rest.count - rest.count % TLSSession.recordBytes
        try session.write(rest.prefix(whole))
        staged += rest.dropFirst(whole)
    }

    private mutating func writeStaged(to session: TLSSession) throws(TLSFailure) {
        guard !staged.isEmpty else { return }
        try session.write(staged[...])
        staged.removeAll(keepingCapacity: true)
    }
}
#endif
