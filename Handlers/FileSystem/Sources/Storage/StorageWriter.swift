internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Writes for a handler, in groups, on an executor of its own and under the storage's lock.
///
/// Nothing suspends while the lock is held.
actor StorageWriter {
    typealias Queue = WorkQueue<StorageCall>

    private struct Opened {
        var lock: OpenFile
        var catalog: Catalog
        var revisions: RevisionSource
        var due: CheckpointDue
    }

    /// When the next checkpoint is due.
    private struct CheckpointDue {
        /// The most changes that a log holds: more would take memory and make listings slow.
        private static let recordLimit = 65_536

        private let position: UInt64
        private let recordCount: Int

        /// After so much more than there is by now.
        init(_ log: ByteCount, after position: UInt64 = StorageLog.start, _ recordCount: Int = 0) {
            self.position = position + UInt64(log.bytes)
            self.recordCount = recordCount + Self.recordLimit
        }

        func isReached(by position: UInt64, _ recordCount: Int) -> Bool {
            position >= self.position || recordCount >= self.recordCount
        }
    }

    private let executor: any SerialExecutor
    private let configuration: FileSystemConfiguration
    private let validation: StorageValidation
    private let retry: LockRetry
    private let logger: Logger
    private let volume: any FileVolume
    private var opened: Opened?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    init(_ configuration: FileSystemConfiguration, _ context: HandlerContext, validation: StorageValidation) {
        executor = context.executors.makeExecutor(label: "aura.files.w")
        self.configuration = configuration
        self.validation = validation
        logger = context.logger
        volume = context.volume ?? MachineVolume.shared
        retry = LockRetry(time: context.time, random: context.random, timeout: configuration.lockTimeout)
    }

    private func place(_ operation: String) -> FilePlace {
        FilePlace(errors: validation.errors, folder: configuration.path, operation: operation)
    }

    private var isDurable: Bool { configuration.synchronous == .full }

    // MARK: Opening and closing

    /// Opens the storage, making it where there is none.
    func open() async throws(EffectError) -> Catalog {
        let place = place("open")
        let (folder, lock) = try place.mapping { () throws(FileFailure) in
            let folder = try StorageFolder(configuration.path, on: volume)
            try folder.checkOwner()
            return (folder, try folder.open(StorageFolder.lockName, [.write, .create]))
        }
        try await take(lock, at: place)
        let opened = try place.mapping { () throws(FileFailure) in
            defer { lock.unlock() }
            return try prepare(folder, lock)
        }
        self.opened = opened
        return opened.catalog
    }

    private func prepare(_ folder: StorageFolder, _ lock: OpenFile) throws(FileFailure) -> Opened {
        let log = try StorageLog(in: folder)
        try StorageOpening(folder: folder, log: log, isDurable: isDurable).run()
        return Opened(
            lock: lock,
            catalog: try Catalog(folder, log),
            revisions: try RevisionSource(log),
            due: CheckpointDue(configuration.log)
        )
    }

    private func take(_ lock: OpenFile, at place: FilePlace) async throws(EffectError) {
        func isBusy(_ error: EffectError) -> Bool { (error.cause as? FileFailure)?.reason == .locked }
        func cancelled() -> EffectError { place.errors.cancelled(in: place.operation) }
        try await retry.run(isBusy: isBusy, cancelled: cancelled) { () throws(EffectError) in
            try place.mapping { () throws(FileFailure) in try lock.lock() }
        }
    }

    /// Gives every value its file and closes the storage; where that fails the log keeps what there is.
    func close() async {
        guard let lock = opened?.lock else { return }
        do throws(EffectError) {
            try await take(lock, at: place("close"))
            checkpoint(shrinksLog: true)
            lock.unlock()
        } catch {
            logger.warning("\(error)")
        }
        opened?.catalog.close()
        opened = nil
    }

    // MARK: Writing

    /// Commits queued calls in groups until the queue is finished and empty.
    ///
    /// A group is taken only under the lock, so that calls may be withdrawn while another process holds it.
    func commitGroups(from queue: Queue) async {
        while await queue.hasWork() {
            guard let lock = opened?.lock else { return queue.fail(validation.errors.stopped(in: "write")) }
            do throws(EffectError) {
                try await take(lock, at: place("write"))
                commitGroup(from: queue)
                lock.unlock()
            } catch {
                queue.fail(error)
            }
        }
    }

    /// Commits one group and answers its calls.
    private func commitGroup(from queue: Queue) {
        do throws(EffectError) {
            queue.settle(try writeGroup(from: queue))
            if isCheckpointDue { checkpoint(shrinksLog: false) }
        } catch {
            queue.fail(error)
        }
    }

    /// How often a group takes in what was queued while it was judged.
    ///
    /// The callers of the group before are awake again by then, so that they share a sync instead of waiting for the next.
    private static let roundsPerGroup = 4

    private func writeGroup(from queue: Queue) throws(EffectError) -> [Queue.Answer] {
        let place = place("write")
        var outcome = EffectError.Outcome.notApplied
        do throws(FileFailure) {
            guard var opened else { throw FileFailure(reason: .stopped, file: "the storage") }
            // Also where the group fails: a revision that a failed batch names may be found in the log after a crash.
            defer { self.opened = opened }
            let catalog = opened.catalog
            try catalog.folder.checkPlace()
            if try catalog.log.header().isCheckpointing {
                try StorageOpening(folder: catalog.folder, log: catalog.log, isDurable: isDurable).endCheckpoint()
            }
            opened.revisions.pass(try catalog.withView(\.lastRevision))
            var writing = try GroupWriting(catalog, validation)
            for _ in 0..<Self.roundsPerGroup {
                let joining = queue.joinGroup(byteLimit: configuration.batch.bytes)
                if joining.isEmpty { break }
                for call in joining { try writing.add(call, revisions: &opened.revisions) }
            }
            guard !writing.isEmpty else { return writing.answers }
            try writing.write()
            outcome = .unknown
            if isDurable { try catalog.log.sync() }
            try writing.commit(isSynced: isDurable)
            return writing.answers
        } catch {
            throw error.effectError(at: place, outcome: outcome)
        }
    }

    // MARK: Checkpoints

    private func logSize() -> (position: UInt64, recordCount: Int)? {
        try? opened?.catalog.withView { ($0.position, $0.recent.count) }
    }

    private var isCheckpointDue: Bool {
        guard let opened, let (position, recordCount) = logSize() else { return false }
        return opened.due.isReached(by: position, recordCount)
    }

    /// Does a checkpoint where the log holds anything; where it fails the log goes on growing until the next is due.
    private func checkpoint(shrinksLog: Bool) {
        guard let catalog = opened?.catalog else { return }
        do throws(FileFailure) {
            try catalog.folder.checkPlace()
            try Checkpoint(catalog)?.run(shrinksLog: shrinksLog)
            opened?.due = CheckpointDue(configuration.log)
        } catch {
            if let (position, recordCount) = logSize() {
                opened?.due = CheckpointDue(configuration.log, after: position, recordCount)
            }
            logger.warning("\(error.effectError(at: place("checkpoint"))) What is written stays in the log.")
        }
    }
}
