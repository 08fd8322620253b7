#if Curl
internal import AuraEffects
internal import AuraRuntime
internal import CCurl

/// Runs libcurl's multi interface on an executor of its own, which it holds until it is stopped.
actor CurlEngine {
    nonisolated let mailbox: EngineMailbox
    private let executor: any SerialExecutor
    private let configuration: CurlConfiguration
    private let time: any TimeEffects
    private let metrics: ConnectionMetrics
    private let counter: ConnectionCounter
    private var multi: MultiHandle?
    private var transfers: [ObjectIdentifier: Transfer] = [:]
    /// Those that wait for a request.
    private var idle: [Transfer] = []
    private var nextLook = MonotonicInstant(nanoseconds: .min)
    private var isStopping = false

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe executor.asUnownedSerialExecutor()
    }

    /// Creates the engine; ``run()`` has to be called.
    ///
    /// - Throws: `resourceExhausted` where there is no memory.
    init(_ configuration: CurlConfiguration, _ context: HandlerContext) throws(EffectError) {
        guard let multi = MultiHandle(configuration) else { throw Self.noMemory }
        mailbox = EngineMailbox(multi.waker)
        executor = context.executors.makeExecutor(label: CurlHTTPHandler.technology)
        self.configuration = configuration
        time = context.time
        metrics = context.metrics.connections()
        counter = ConnectionCounter(metrics)
        self.multi = multi
    }

    private static let noMemory = CurlHTTPHandler.errors.error(
        .resourceExhausted,
        in: "send",
        "There is no memory for libcurl's handles."
    )

    private static let abandoned = CurlHTTPHandler.errors.error(
        .cancelled,
        in: "send",
        "The exchange was given up by who began it.",
        outcome: .unknown
    )

    /// Carries requests out until it is stopped.
    func run() {
        guard let multi else { return }
        while true {
            for message in mailbox.take() { carryOut(message, multi) }
            if isStopping { break }
            multi.perform()
            while let (transfer, code) = multi.nextFinished() { finish(transfer, code, multi) }
            for transfer in transfers.values where transfer.hasNews && !transfer.tell() { fail(transfer, multi) }
            let patience = endSilentOnes(multi)
            if mailbox.beginWaiting() {
                multi.wait(milliseconds: patience)
                mailbox.endWaiting()
            }
        }
        close(multi)
    }

    private func carryOut(_ message: EngineMailbox.Message, _ multi: MultiHandle) {
        switch message {
        case .begin(let exchange): begin(exchange, multi)
        case .proceed(let exchange):
            if let transfer = transfers[ObjectIdentifier(exchange)], !transfer.proceed() { fail(transfer, multi) }
        case .abandon(let exchange):
            guard let transfer = transfers[ObjectIdentifier(exchange)] else { return }
            exchange.finish(.failure(Self.abandoned))
            remove(transfer, exchange, multi)
        case .stop: isStopping = true
        }
    }

    private func begin(_ exchange: Exchange, _ multi: MultiHandle) {
        guard let transfer = idle.popLast() ?? EasyHandle(configuration, counter).map({ Transfer($0, configuration) })
        else { return exchange.finish(.failure(Self.noMemory)) }
        let isPrepared = transfer.begin(exchange)
        transfers[ObjectIdentifier(exchange)] = transfer
        metrics.underWay(transfers.count)
        guard isPrepared else {
            let failure = transfer.handle.failure(transfer.handle.problem)
            exchange.finish(.failure(failure.effectError(at: exchange.place, .notApplied)))
            return remove(transfer, exchange, multi)
        }
        guard multi.add(transfer.handle) else {
            exchange.finish(.failure(Self.noMemory))
            return remove(transfer, exchange, multi)
        }
    }

    private func finish(_ transfer: Transfer, _ code: CURLcode, _ multi: MultiHandle) {
        guard let exchange = transfer.exchange else { return }
        if exchange.outcome == .unknown { metrics.used(isNew: transfer.handle.openedConnection) }
        transfer.finish(code)
        remove(transfer, exchange, multi, isReusable: code == CURLE_OK)
    }

    /// Ends a transfer that cannot go on.
    private func fail(_ transfer: Transfer, _ multi: MultiHandle) {
        guard let exchange = transfer.exchange else { return }
        transfer.finish(CURLE_RECV_ERROR)
        remove(transfer, exchange, multi)
    }

    /// Takes a transfer out; its handle is used again where it came to its end.
    private func remove(
        _ transfer: Transfer,
        _ exchange: Exchange,
        _ multi: MultiHandle,
        isReusable: Bool = false
    ) {
        multi.remove(transfer.handle)
        transfers[ObjectIdentifier(exchange)] = nil
        metrics.underWay(transfers.count)
        transfer.end()
        if isReusable, idle.count < configuration.connectionsPerHost { idle.append(transfer) }
    }

    /// Ends the exchanges whose server is silent.
    ///
    /// - Returns: After how many milliseconds to look again.
    private func endSilentOnes(_ multi: MultiHandle) -> Int32 {
        guard !transfers.isEmpty else { return Self.longestWait }
        let now = time.monotonicNow
        let interval = max(.milliseconds(1), configuration.idleTimeout / 4)
        if now >= nextLook {
            nextLook = now.advanced(by: interval)
            for transfer in transfers.values where transfer.silence(at: now) > configuration.idleTimeout {
                guard let exchange = transfer.exchange else { continue }
                transfer.tell()
                exchange.finish(.failure(transfer.hasConnection ? silent(exchange) : unconnected(exchange)))
                remove(transfer, exchange, multi)
            }
        }
        let milliseconds = now.duration(to: nextLook).nanoseconds / 1_000_000
        return Int32(clamping: min(Int64(Self.longestWait), max(1, milliseconds)))
    }

    private static let longestWait: Int32 = 60_000

    private func silent(_ exchange: Exchange) -> EffectError {
        CurlHTTPHandler.errors.error(
            .deadlineExceeded,
            in: "send",
            "\(exchange.place): the server was silent for \(configuration.idleTimeout): try again, or raise 'idleTimeout'.",
            outcome: exchange.outcome
        )
    }

    private func unconnected(_ exchange: Exchange) -> EffectError {
        CurlHTTPHandler.errors.error(
            .unavailable,
            in: "send",
            "\(exchange.place): no connection came about or was free for \(configuration.idleTimeout): try again, raise "
                + "'connectionsPerHost', or consume the answers that are open.",
            outcome: exchange.outcome
        )
    }

    private func close(_ multi: MultiHandle) {
        for message in mailbox.close() {
            if case .begin(let exchange) = message { exchange.finish(.failure(stopped(exchange))) }
        }
        for transfer in transfers.values {
            guard let exchange = transfer.exchange else { continue }
            exchange.finish(.failure(stopped(exchange)))
            multi.remove(transfer.handle)
        }
        transfers = [:]
        idle = []
        // Connections are closed with it, which the counter hears of.
        self.multi = nil
    }

    private func stopped(_ exchange: Exchange) -> EffectError {
        var error = CurlHTTPHandler.errors.stopped(in: "send")
        error.outcome = exchange.outcome
        return error
    }
}
#endif
