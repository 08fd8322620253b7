extension PlantedBug {
    /// A `catch` for a broken connection takes the cancellation for one.
    public static let swallowedCancellation = PlantedBug(
        name: "swallowed cancellation",
        fault: "A retry takes every error for a broken connection, a cancellation too, and sends once more.",
        buggy: { try await leaveScreen { service in await uploadRetryingAlways(to: service) } },
        fixed: { try await leaveScreen { service in await upload(to: service) } }
    )
}

private struct ConnectionBroken: Error {}

private actor UploadService {
    private var isCancelled = false
    private(set) var requestsAfterCancellation = 0

    func put(_ part: Int) async throws {
        if isCancelled { requestsAfterCancellation += 1 }
        if Int.random(in: 0..<4) == 0 { throw ConnectionBroken() }
        try await Task.sleep(for: .milliseconds(.random(in: 1...20)))
    }

    func noteCancellation() {
        isCancelled = true
    }
}

private func uploadRetryingAlways(to service: UploadService) async {
    for part in 1...5 where !Task.isCancelled {
        for _ in 1...3 {
            do {
                try await service.put(part)
                break
            } catch {
                try? await Task.sleep(for: .milliseconds(5))
            }
        }
    }
}

private func upload(to service: UploadService) async {
    for part in 1...5 where !Task.isCancelled {
        for _ in 1...3 {
            do {
                try await service.put(part)
                break
            } catch is CancellationError {
                return
            } catch {
                guard (try? await Task.sleep(for: .milliseconds(5))) != nil else { return }
            }
        }
    }
}

private func leaveScreen(_ upload: @escaping @Sendable (UploadService) async -> Void) async throws {
    let service = UploadService()
    let uploading = Task { await upload(service) }
    try await Task.sleep(for: .milliseconds(.random(in: 1...100)))
    uploading.cancel()
    await service.noteCancellation()
    await uploading.value
    let requests = await service.requestsAfterCancellation
    // One may have been on its way.
    try require(requests <= 1, "\(requests) requests were sent after the cancellation")
}
