internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import InMemoryTracing
internal import Testing
internal import Tracing

@Suite("Tracing")
struct TracingTests {
    private func interceptor(
        _ tracer: InMemoryTracer,
        time: any TimeEffects = ManualTimeHandler(),
        showsResource: Bool = false
    ) throws -> TracingInterceptor {
        try #require(
            TracingInterceptor(
                of: EffectTarget(effect: "storage", handler: "fake"),
                time: time,
                showsResource: showsResource,
                tracer: tracer
            )
        )
    }

    @Test("a call is a span with its names and times, and without what it is about")
    func spans() async throws {
        let tracer = InMemoryTracer()
        let time = ManualTimeHandler()
        let chain = chain([try interceptor(tracer, time: time)], time: time)
        _ = try await chain.perform(chain.call(StorageEffectsOperations.read, resource: "somebody")) {
            () async throws(EffectError) -> Int in
            time.advance(by: .seconds(2))
            return 1
        }
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.operationName == "storage.read")
        #expect(span.attributes["aura.effect"]?.toSpanAttribute() == .string("storage"))
        #expect(span.attributes["aura.operation"]?.toSpanAttribute() == .string("read"))
        #expect(span.attributes["aura.handler"]?.toSpanAttribute() == .string("fake"))
        #expect(span.attributes.count == 3)
        #expect(span.status == nil)
        let start = UInt64(ManualTimeHandler.defaultStart.nanosecondsSinceEpoch)
        #expect(span.startInstant.nanosecondsSinceEpoch == start)
        #expect(span.endInstant.nanosecondsSinceEpoch == start + 2_000_000_000)
    }

    @Test("the resource is an attribute where it is asked for")
    func resource() async throws {
        let tracer = InMemoryTracer()
        let chain = chain([try interceptor(tracer, showsResource: true)])
        _ = try await chain.perform(chain.call(StorageEffectsOperations.read, resource: "somebody")) {
            () async throws(EffectError) in 1
        }
        #expect(tracer.finishedSpans.first?.attributes["aura.resource"]?.toSpanAttribute() == .string("somebody"))
    }

    @Test("a failed call's span says so, without the error underneath")
    func errors() async throws {
        struct Cause: Error {}
        let tracer = InMemoryTracer()
        let chain = chain([try interceptor(tracer)])
        let error = await failure { () async throws(EffectError) in
            try await chain.perform(chain.call(StorageEffectsOperations.read)) { () async throws(EffectError) -> Int in
                throw EffectError(.unavailable, "gone", cause: Cause())
            }
        }
        #expect(error?.cause is Cause)
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.status?.code == .error)
        #expect(span.attributes["error.type"]?.toSpanAttribute() == .string("unavailable"))
        let recorded = try #require(span.errors.first?.error as? EffectError)
        #expect(recorded.code == .unavailable)
        #expect(recorded.cause == nil)
    }

    @Test("a call within a call is its child")
    func nesting() async throws {
        let tracer = InMemoryTracer()
        let outer = chain(of: "outer", [try interceptor(tracer)])
        let inner = InterceptedStorageEffects(MemoryStorageHandler(), chain([try interceptor(tracer)]))
        _ = try await outer.perform(outer.call(operation("outer", "call"))) { () async throws(EffectError) in
            try await inner.read("a")
        }
        let spans = tracer.finishedSpans
        #expect(spans.map(\.operationName) == ["storage.read", "outer.call"])
        #expect(spans[0].spanContext.parentSpanID == spans[1].spanContext.spanID)
        #expect(spans[0].spanContext.traceID == spans[1].spanContext.traceID)
    }

    @Test("without a tracer there is no interceptor")
    func noTracer() {
        #expect(TracingInterceptor(of: EffectTarget(effect: "storage"), time: ManualTimeHandler()) == nil)
    }

    @Test("a request's receiver works on as the caller's child, and the reply carries its context")
    func acrossTheNetwork() async throws {
        let tracer = InMemoryTracer()
        let time = ManualTimeHandler()
        let network = MemoryNetwork()
        let client = TracedNetworkHandler(try network.join(PeerID("client"), time: time), instrument: tracer)
        let server = TracedNetworkHandler(try network.join(PeerID("server"), time: time), instrument: tracer)
        let work = chain(of: "notes", [try interceptor(tracer)])
        let call = chain(of: "network", [try interceptor(tracer)])

        let serving = Task {
            for try await envelope in server.incoming("work") {
                _ = try await withTraceContext(of: envelope, using: tracer) { () async throws(EffectError) in
                    try await work.perform(work.call(operation("notes", "add"))) { () async throws(EffectError) in
                        try await server.reply(Envelope(channel: "", payload: [2]), to: envelope)
                        return 1
                    }
                }
            }
        }
        let reply = try await call.perform(call.call(operation("network", "request"))) { () async throws(EffectError) in
            try await client.request(
                Envelope(channel: "work", payload: [1]),
                to: PeerID("server"),
                timeout: .seconds(5)
            )
        }
        while tracer.finishedSpans.count < 2 { await Task.yield() }
        serving.cancel()
        let spans = tracer.finishedSpans
        let request = try #require(spans.first { $0.operationName == "network.request" })
        let add = try #require(spans.first { $0.operationName == "notes.add" })
        #expect(add.spanContext.traceID == request.spanContext.traceID)
        #expect(add.spanContext.parentSpanID == request.spanContext.spanID)
        #expect(reply.serviceContext(using: tracer).inMemorySpanContext?.spanID == add.spanContext.spanID)
    }

    @Test("without a tracer a W3C context still passes through a service to the next")
    func passingThrough() async throws {
        let time = ManualTimeHandler()
        let network = MemoryNetwork()
        let instrument = W3CTraceContextInstrument()
        let first = TracedNetworkHandler(try network.join(PeerID("first"), time: time), instrument: instrument)
        let second = TracedNetworkHandler(try network.join(PeerID("second"), time: time), instrument: instrument)
        let third = try network.join(PeerID("third"), time: time)

        let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let arrived = Envelope(channel: "in", headers: ["traceparent": header, "tracestate": "a=b"], payload: [])
        try await withTraceContext(of: arrived, using: instrument) { () async throws(EffectError) in
            try await first.send(Envelope(channel: "x", headers: ["own": "1"], payload: []), to: PeerID("second"))
        }
        var atSecond = second.incoming("x").makeAsyncIterator()
        let message = try #require(try await atSecond.next())
        #expect(message.headers == ["own": "1", "traceparent": header, "tracestate": "a=b"])
        try await withTraceContext(of: message, using: instrument) { () async throws(EffectError) in
            try await second.send(Envelope(channel: "y", payload: []), to: PeerID("third"))
        }
        try await second.send(Envelope(channel: "y", payload: []), to: PeerID("third"))
        var atThird = third.incoming("y").makeAsyncIterator()
        let forwarded = try #require(try await atThird.next())
        #expect(forwarded.serviceContext(using: instrument).traceContext?.traceparent == header)
        let other = try #require(try await atThird.next())
        #expect(other.headers.isEmpty)
    }

    @Test("headers that are malformed leave an envelope without a context")
    func malformedHeaders() {
        let envelope = Envelope(channel: "x", headers: ["traceparent": "00-zz"], payload: [])
        let context = envelope.serviceContext(using: W3CTraceContextInstrument())
        #expect(context.traceContext == nil)
        #expect(context.isEmpty)
    }
}
