internal import AuraEffects

/// Copies values from one storage to another, a page of keys at a time.
///
/// Values that the target has already are left as they are, so a copy that was interrupted goes on where it was.
struct StorageCopy {
    /// What a pass over the source found.
    struct Report: Sendable, Hashable {
        /// How many values were written.
        var copied = 0
        /// How many bytes were written.
        var copiedBytes = 0
        /// How many values the target had already.
        var same = 0
        /// Keys under which the target has another value; the first ones.
        var differing: [StorageKey] = []
        var differingCount = 0

        var seen: Int { copied + same + differingCount }
    }

    private static let pageSize = 1000
    private static let shownKeys = 20

    let source: any StorageEffects
    let target: any StorageEffects
    var prefix = ""
    /// Whether a value that differs is written over.
    var overwrites = false
    var progress: @Sendable (Report) -> Void = { _ in }

    /// Copies what the target lacks.
    func run() async throws(EffectError) -> Report {
        try await pass { key, value, known throws(EffectError) in
            guard known == nil || overwrites else { return false }
            let condition = known.map { StoragePrecondition.matches($0.revision) } ?? .absent
            do throws(EffectError) {
                _ = try await target.write(value.bytes, to: key, if: condition)
                return true
            } catch  where error.code == .preconditionFailed {
                // Somebody else has just written there.
                return false
            }
        }
    }

    /// Compares every value of the source with the target's.
    func verify() async throws(EffectError) -> Report {
        try await pass { _, _, _ throws(EffectError) in false }
    }

    private func pass(
        _ handle: (StorageKey, StoredValue, _ known: StoredValue?) async throws(EffectError) -> Bool
    ) async throws(EffectError) -> Report {
        var report = Report()
        var next: StorageKey?
        repeat {
            let page = try await source.list(prefix: prefix, after: next, limit: Self.pageSize)
            for item in page.items {
                // It may have been removed meanwhile.
                guard let value = try await source.read(item.key) else { continue }
                let known = try await target.read(item.key)
                if known?.bytes == value.bytes {
                    report.same += 1
                } else if try await handle(item.key, value, known) {
                    report.copied += 1
                    report.copiedBytes += value.bytes.count
                } else {
                    report.differingCount += 1
                    if report.differing.count < Self.shownKeys { report.differing.append(item.key) }
                }
                progress(report)
            }
            next = page.next
        } while next != nil
        return report
    }
}
