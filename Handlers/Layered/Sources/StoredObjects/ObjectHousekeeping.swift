internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Removes the chunks that no object has any more, one job after the other, behind the calls that leave them.
final class ObjectHousekeeping: Sendable {
    /// What is to be removed.
    enum Job: Sendable {
        /// What processes have left that ended amid a change.
        case leftovers
        /// A group that no object has any more.
        case group(String)
        /// A run of an upload, with the record of its part where that is of this run.
        case part(number: Int, run: String, group: String)
        /// The parts of a completed upload, and the runs that the object has not.
        case parts(group: String, keeping: Set<String>)
    }

    private let jobs: AsyncStream<Job>.Continuation
    private let owner = TaskOwner()

    /// Begins with what others have left.
    init(_ bodies: ObjectBodies, _ logger: Logger) {
        let (waiting, jobs) = AsyncStream<Job>.makeStream()
        self.jobs = jobs
        jobs.yield(.leftovers)
        owner.start {
            for await job in waiting {
                do throws(EffectError) {
                    try await bodies.carryOut(job)
                } catch {
                    // It stays marked: a later start removes it.
                    logger.debug("Chunks of removed objects stay for now: \(error)")
                }
            }
        }
    }

    func add(_ job: Job) {
        jobs.yield(job)
    }

    /// Waits until everything is removed.
    func finish() async {
        jobs.finish()
        await owner.wait()
    }
}

extension ObjectBodies {
    fileprivate func carryOut(_ job: ObjectHousekeeping.Job) async throws(EffectError) {
        switch job {
        case .leftovers: try await removeLeftovers()
        case .group(let group): try await remove(group)
        case .part(let number, let run, let group):
            let place = places.part(number, of: group)
            if let record = try await storage.read(place), ObjectRecord.Run(record.bytes)?.name == run {
                try await storage.remove(place, if: .matches(record.revision))
            }
            try await removeAll(places.chunks(of: run, in: group))
        case .parts(let group, let kept):
            var after: StorageKey?
            repeat {
                let page = try await storage.list(prefix: places.parts(of: group), after: after, limit: 1000)
                for item in page.items {
                    guard let run = try await storage.read(item.key).flatMap({ ObjectRecord.Run($0.bytes) }),
                        !kept.contains(run.name)
                    else { continue }
                    try await removeAll(places.chunks(of: run.name, in: group))
                }
                after = page.next
            } while after != nil
            try await removeAll(places.parts(of: group))
        }
    }
}
