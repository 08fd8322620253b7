internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Sends a file in parts, several at a time, and goes on where an earlier run was stopped.
struct PartedUpload: Sendable {
    /// What came of it.
    struct Receipt: Sendable {
        var revision: CloudRevision
        var parts: Int
        /// How many parts an earlier run had sent.
        var known: Int
    }

    private static let atATime = 4

    let objects: any ObjectStorageEffects
    let file: LocalFile
    let stateFile: TransferStateFile<UploadState>
    let progress: @Sendable (_ done: Int) -> Void

    /// The size of parts: at least what the service asks for, and so large that it takes as many as there are.
    static func partBytes(of byteCount: Int, wanted: Int, _ capabilities: Capabilities) -> Int {
        let most = capabilities.limit(.uploadParts)
        let needed = most == .max ? 1 : (byteCount + most - 1) / most
        return min(max(wanted, needed, capabilities.limits[.leastPartBytes] ?? 1), capabilities.limit(.partBytes))
    }

    /// Sends what is not sent yet, and stores the object.
    ///
    /// - Parameters:
    ///   - fresh: The state of an upload that would begin now; its upload's id is not used.
    ///   - precondition: What must be stored under the key when the upload ends.
    /// - Returns: What came of it.
    /// - Throws: ``EffectError``; the state stays then, for another run.
    func run(
        _ fresh: UploadState,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> Receipt {
        let found = try await stateFile.load()
        if let found, found.continues(fresh) {
            do throws(EffectError) {
                return try await send(found, if: precondition)
            } catch {
                // The service has dropped the upload meanwhile: begin another one.
                guard error.code == .notFound else { throw error }
            }
        } else if let found {
            // Of another file or to another place; where that is another bucket, it does not know the upload.
            if found.bucket == fresh.bucket { try await objects.abortUpload(found.upload) }
        }
        var state = fresh
        state.upload = try await objects.beginUpload(to: fresh.upload.key, metadata: fresh.upload.metadata)
        do throws(EffectError) {
            try await stateFile.save(state)
        } catch {
            try await objects.abortUpload(state.upload)
            throw error
        }
        return try await send(state, if: precondition)
    }

    private func send(
        _ state: UploadState,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> Receipt {
        let count = max(1, (state.byteCount + state.partBytes - 1) / state.partBytes)
        let current = Mutex(state)
        progress(state.parts.values.reduce(0) { $0 + $1.byteCount })
        let missing = (1...count).filter { state.parts[$0] == nil }
        let result = await withTaskGroup(of: Result<UploadedPart, EffectError>.self) { group in
            var rest = missing[...]
            func begin() {
                guard let number = rest.popFirst() else { return }
                group.addTask { await sendPart(number, of: state) }
            }
            for _ in 0..<Self.atATime { begin() }
            while let ended = await group.next() {
                do throws(EffectError) {
                    let part = try ended.get()
                    let saved = current.withLock { current in
                        current.parts[part.number] = part
                        return current
                    }
                    try await stateFile.save(saved)
                } catch {
                    group.cancelAll()
                    return Result<Void, EffectError>.failure(error)
                }
                begin()
            }
            return .success(())
        }
        try result.get()
        let parts = current.withLock { $0.parts }.values.sorted { $0.number < $1.number }
        let revision = try await objects.completeUpload(state.upload, parts: parts, if: precondition)
        await stateFile.remove()
        return Receipt(revision: revision, parts: count, known: count - missing.count)
    }

    private func sendPart(_ number: Int, of state: UploadState) async -> Result<UploadedPart, EffectError> {
        let start = (number - 1) * state.partBytes
        let range = start..<min(state.byteCount, start + state.partBytes)
        do throws(EffectError) {
            return .success(
                try await objects.uploadPart(number, of: state.upload, file.body(range, whenRead: progress))
            )
        } catch {
            return .failure(error)
        }
    }
}
