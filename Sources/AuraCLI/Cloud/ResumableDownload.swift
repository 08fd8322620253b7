internal import AuraEffects

/// Writes an object to a file, and goes on where an earlier run was stopped.
struct ResumableDownload: Sendable {
    /// What came of it.
    struct Receipt: Sendable {
        var info: ObjectInfo
        /// How many bytes an earlier run had fetched.
        var known: Int
    }

    let objects: any ObjectStorageEffects
    let key: ObjectKey
    /// The bucket as the profile names it.
    let bucket: String
    let path: String
    let stateFile: TransferStateFile<DownloadState>
    /// After how many bytes each it is kept how far it is; a smaller object is fetched in one go.
    let stepBytes: Int
    let progress: @Sendable (_ fetched: Int, _ total: Int) -> Void

    /// Fetches what is not there yet.
    ///
    /// - Returns: What came of it; `nil` where there is no such object.
    /// - Throws: ``EffectError``; what is there stays then, for another run.
    func run() async throws(EffectError) -> Receipt? {
        let file = try ExportFile(path, isResumable: true)
        if let (content, known) = try await rest(in: file) {
            return try await write(content, behind: known, to: file)
        }
        // Before its bytes: what is written from here on may be another object's.
        await stateFile.remove()
        try await file.resume(at: 0)
        guard let content = try await objects.get(key) else { return nil }
        return try await write(content, behind: 0, to: file)
    }

    /// What is missing of the object that an earlier run began; `nil` where there is none, or another one by now.
    private func rest(in file: ExportFile) async throws(EffectError) -> (content: ObjectContent, known: Int)? {
        guard let found = try await stateFile.load(), found.isOf(key, in: bucket, to: path),
            try await file.resume(at: found.have)
        else { return nil }
        do throws(EffectError) {
            let range = ObjectRange(offset: found.have)
            return try await objects.get(key, range: range, if: .matches(found.revision)).map { ($0, found.have) }
        } catch {
            guard error.code == .preconditionFailed else { throw error }
            return nil
        }
    }

    private func write(
        _ content: ObjectContent,
        behind known: Int,
        to file: ExportFile
    ) async throws(EffectError) -> Receipt {
        var state = DownloadState(path: path, bucket: bucket, info: content.info)
        state.have = known
        var kept = known
        progress(known, state.byteCount)
        do throws(EffectError) {
            var body = content.body.makeAsyncIterator()
            while let chunk = try await body.next() {
                try await file.write(chunk)
                state.have += chunk.count
                progress(chunk.count, state.byteCount)
                if state.have - kept >= stepBytes {
                    try await keep(state, of: file)
                    kept = state.have
                }
            }
        } catch {
            if state.have > kept, state.byteCount > stepBytes { try? await keep(state, of: file) }
            throw error
        }
        try await file.finish()
        await stateFile.remove()
        return Receipt(info: content.info, known: known)
    }

    private func keep(_ state: DownloadState, of file: ExportFile) async throws(EffectError) {
        guard state.have < state.byteCount else { return }
        try await file.keep()
        try await stateFile.save(state)
    }
}
