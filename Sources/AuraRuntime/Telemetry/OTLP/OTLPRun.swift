internal import AuraEffects
internal import Synchronization

/// What an exporter does while it runs.
final class OTLPRun: Sendable {
    private let sender: OTLPSender
    private let resource: OTLPResource
    private let queue: OTLPSpanQueue
    private let metrics: OTLPMetrics
    private let report: OTLPReport
    /// The batch that was being sent when the run was stopped.
    private let interrupted = Mutex<[OTLPSpanRecord]>([])

    init(
        _ sender: OTLPSender,
        _ resource: OTLPResource,
        _ queue: OTLPSpanQueue,
        _ metrics: OTLPMetrics,
        _ report: OTLPReport
    ) {
        self.sender = sender
        self.resource = resource
        self.queue = queue
        self.metrics = metrics
        self.report = report
    }

    /// Sends spans until the task is cancelled: batches as soon as they are full, the rest after the delay.
    func sendSpans() async {
        while !Task.isCancelled {
            await waitForBatch()
            while !Task.isCancelled {
                let (spans, dropped) = queue.take()
                report.dropped(.traces, .queue, dropped)
                guard !spans.isEmpty else { break }
                await send(spans, sender)
                if !queue.hasBatch { break }
            }
        }
    }

    private func waitForBatch() async {
        let generation = queue.signal.generation
        guard !queue.hasBatch else { return }
        await withTaskGroup(of: Void.self) { [self] group in
            group.addTask { [self] in _ = try? await sender.time.sleep(for: sender.settings.delay) }
            group.addTask { [self] in _ = try? await queue.signal.wait(beyond: generation) }
            await group.next()
            group.cancelAll()
        }
    }

    private func send(_ spans: [OTLPSpanRecord], _ sender: OTLPSender) async {
        let outcome = await sender.send(resource.request(spans.map { $0.encoded() }), to: "/v1/traces")
        switch outcome {
        case .interrupted: interrupted.withLock { $0 = spans }
        default: report.ended(.traces, spans.count, outcome)
        }
    }

    /// Sends the metrics at every interval, until the task is cancelled.
    func sendMetrics() async {
        while !Task.isCancelled {
            do throws(EffectError) { try await sender.time.sleep(for: sender.settings.interval) } catch { return }
            await sendMetrics(sender)
        }
    }

    private func sendMetrics(_ sender: OTLPSender) async {
        let now = sender.time.now
        for (batch, count) in metrics.requests(at: now, pointsPerRequest: sender.settings.batchSize) {
            let outcome = await sender.send(resource.request(batch), to: "/v1/metrics")
            // What is not sent now is part of the next sums.
            if case .interrupted = outcome { return }
            report.ended(.metrics, count, outcome)
        }
    }

    /// Sends what is left, each request once, within the time of one request; drops the rest.
    func finish() async {
        var last = sender
        last.retry = .none
        let end = last.time.monotonicNow.advanced(by: last.settings.timeout)
        await withTaskGroup(of: Void.self) { [self, last] group in
            group.addTask { [self] in await sendRest(last, until: end) }
            group.addTask { _ = try? await last.time.sleep(until: end) }
            await group.next()
            group.cancelAll()
        }
        var left = interrupted.withLock { $0.count }
        while true {
            let (spans, dropped) = queue.take()
            report.dropped(.traces, .queue, dropped)
            guard !spans.isEmpty else { break }
            left += spans.count
        }
        report.lost(left)
    }

    private func sendRest(_ sender: OTLPSender, until end: MonotonicInstant) async {
        var spans = interrupted.withLock { spans in
            defer { spans = [] }
            return spans
        }
        while true {
            if !spans.isEmpty { await send(spans, sender) }
            // What is left in the queue is counted there. A request may run out of time before it is cancelled.
            guard !Task.isCancelled, sender.time.monotonicNow < end else { return }
            let (next, dropped) = queue.take()
            report.dropped(.traces, .queue, dropped)
            guard !next.isEmpty else { break }
            spans = next
        }
        await sendMetrics(sender)
    }
}
