internal import AuraEffects
internal import AuraRuntime

/// Carries out the exchanges of the queue, some at once.
struct ExchangeRunner: Duty {
    let core: ReplicationCore

    func run() async throws(EffectError) {
        let result = await withDiscardingTaskGroup { group in
            while true {
                let generation = core.queueChanges.generation
                while let exchange = core.withState({ $0.queue.next() }) {
                    group.addTask { await perform(exchange) }
                }
                do throws(EffectError) {
                    try await core.queueChanges.wait(beyond: generation)
                } catch {
                    group.cancelAll()
                    return Result<Void, EffectError>.failure(error)
                }
            }
        }
        try result.get()
    }

    private func perform(_ work: ExchangeQueue.Exchange) async {
        let exchange = Exchange(core: core, peer: work.peer)
        do throws(EffectError) {
            let heads = work.heads.sorted { $0.key < $1.key }
                .map { OriginHead(origin: $0.key, sequence: $0.value.sequence, hash: $0.value.hash) }
            _ = work.asksFrontier ? try await exchange.run() : try await exchange.pull(heads)
        } catch {
            if error.code != .cancelled { exchange.failed(error) }
        }
        let waiting = core.withState { $0.queue.finish(work.peer) }
        for request in waiting { await RequestServer(core: core).send(ReplicationReply.encodedSettled, to: request) }
        core.queueChanges.notify()
    }
}
