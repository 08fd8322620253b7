#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraRuntime

@Suite("Collectors that fail")
struct OTLPFaultTests {
    @Test("what a collector cannot take now is sent again, when it asks for that", arguments: [429, 502, 503, 504])
    func sentAgain(status: Int) async throws {
        try await OTLPHarness.run("again-\(status)", interval: .seconds(3600)) { harness in
            try await harness.collector.answer([.init(status: status), .init(status: status, retryAfter: 45)])
            harness.emit(3)
            try await harness.advance { try await !harness.collector.spans.isEmpty }
            // Without being asked for more the two pauses are below three seconds.
            #expect(harness.clock.monotonicNow >= MonotonicInstant(nanoseconds: 45_000_000_000))
            let spans = try await harness.collector.spans
            #expect(spans.map { $0["name"].text } == ["work-0", "work-1", "work-2"])
            #expect(try await harness.collector.seen == 3)
            await harness.exporter.stop()
            #expect(try harness.dropped("traces", "failed") == 0)
            #expect(harness.log.texts == [])
        }
    }

    @Test("what a collector refuses is dropped, counted, and logged once without its credentials")
    func refused() async throws {
        let headers = [HTTPField("authorization", "Bearer s3cret", isSecret: true)]
        try await OTLPHarness.run("refused", headers: headers, interval: .seconds(3600)) { harness in
            try await harness.collector.answer([.init(status: 400), .init(status: 401)])
            for seen in 1...3 {
                harness.emit(2)
                try await harness.advance { try await harness.collector.seen == seen }
            }
            // The exporter has heard of the last answer too.
            try await harness.advance { harness.log.texts.count == 2 }
            await harness.exporter.stop()
            #expect(try harness.dropped("traces", "rejected") == 4)
            #expect(try await harness.collector.spans.count == 2)
            #expect(harness.log.texts[0].hasPrefix("warning"))
            #expect(harness.log.texts[0].contains("answered 400"))
            #expect(harness.log.texts[1].hasPrefix("notice"))
            #expect(!harness.log.texts.joined().contains("s3cret"))
        }
    }

    @Test("a collector that never recovers costs five attempts, and nobody waits")
    func neverRecovers() async throws {
        try await OTLPHarness.run("never", interval: .seconds(3600)) { harness in
            try await harness.collector.answer(Array(repeating: .init(status: 503), count: 5))
            harness.emit(2)
            try await harness.advance { try harness.dropped("traces", "failed") == 2 }
            #expect(try await harness.collector.seen == 5)
            await harness.exporter.stop()
            #expect(try await harness.collector.spans.isEmpty)
        }
    }

    @Test("what a collector takes in part is counted")
    func partialSuccess() async throws {
        try await OTLPHarness.run("partial") { harness in
            try await harness.collector.answer([.init(reject: 2)])
            harness.emit(5)
            await harness.exporter.stop()
            #expect(try harness.dropped("traces", "rejected") == 2)
            #expect(harness.log.texts.count == 1)
            #expect(
                harness.log.texts[0].contains("rejected 2 of 5") && harness.log.texts[0].contains("Too much of it.")
            )
        }
    }

    @Test("while a collector is silent spans beyond the queue are counted, and the end does not wait for it")
    func silent() async throws {
        try await OTLPHarness.run("silent", queue: 8, interval: .seconds(3600), timeout: .seconds(10)) { harness in
            try await harness.collector.answer(Array(repeating: .init(hang: true), count: 8))
            // A batch: it goes without the clock.
            harness.emit(2)
            try await harness.collector.waitUntilSeen(1)
            harness.emit(100)
            try await harness.stopWhileTimePasses()
            #expect(try harness.dropped("traces", "queue") == 92)
            #expect(try harness.dropped("traces", "failed") == 10)
            #expect(harness.log.texts.last?.contains("were not sent") == true)
            #expect(try await harness.collector.spans.isEmpty)
        }
    }
}
#endif
