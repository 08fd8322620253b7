#if Curl
internal import AuraCurl
internal import AuraEffects
internal import Testing
internal import Tracing

@testable internal import AuraRuntime

@Suite("Spans that a collector gets by OTLP")
struct OTLPSpanTests {
    private struct Moment: TracerInstant {
        var nanosecondsSinceEpoch: UInt64

        static func < (left: Moment, right: Moment) -> Bool {
            left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
        }
    }

    private struct Broken: Error, CustomStringConvertible {
        var description: String { "refused: Bearer s3cret-token" }
    }

    @Test("a collector reads what was recorded")
    func recorded() async throws {
        try await OTLPHarness.run("spans") { harness in
            let tracer = harness.exporter.tracer
            let parent = tracer.startSpan(
                "outer",
                context: .topLevel,
                ofKind: .server,
                at: Moment(nanosecondsSinceEpoch: 10)
            )
            let child = tracer.startSpan(
                "inner",
                context: parent.context,
                ofKind: .client,
                at: Moment(nanosecondsSinceEpoch: 1_767_225_600_000_000_001)
            )
            child.attributes = [
                "text": "ä", "empty": "", "flag": true, "off": false, "number": .int64(-7), "zero": .int32(0),
                "share": .double(0.25), "list": .int32Array([1, -1]), "names": .stringArray(["a", ""]),
            ]
            child.addEvent(
                SpanEvent(name: "event", at: Moment(nanosecondsSinceEpoch: 11), attributes: ["key": "value"])
            )
            child.recordError(Broken(), attributes: [:], at: Moment(nanosecondsSinceEpoch: 12))
            child.addLink(SpanLink(context: parent.context, attributes: ["why": "because"]))
            child.setStatus(SpanStatus(code: .error, message: "It broke."))
            child.end(at: Moment(nanosecondsSinceEpoch: 1_767_225_600_000_000_009))
            parent.end(at: Moment(nanosecondsSinceEpoch: 20))
            parent.end(at: Moment(nanosecondsSinceEpoch: 99))
            await harness.exporter.stop()

            let taken = try #require(try await harness.collector.received("v1/traces").first)
            #expect(taken.isExact)
            #expect(
                taken.message["resource_spans"][0]["resource"]["attributes"].attributes
                    == [
                        "service.name": "string_value notes", "telemetry.sdk.name": "string_value aura",
                        "telemetry.sdk.language": "string_value swift",
                    ]
            )
            let spans = try await harness.collector.spans
            #expect(spans.map { $0["name"].text } == ["inner", "outer"])
            let (inner, outer) = (spans[0], spans[1])
            let trace = try #require(child.context.traceContext)
            let parentTrace = try #require(parent.context.traceContext)
            #expect(inner["trace_id"].hexadecimal == trace.traceID)
            #expect(outer["trace_id"].hexadecimal == trace.traceID)
            #expect(inner["span_id"].hexadecimal == trace.parentID)
            #expect(outer["span_id"].hexadecimal == parentTrace.parentID)
            #expect(inner["parent_span_id"].hexadecimal == parentTrace.parentID)
            #expect(!outer["parent_span_id"].isThere)
            #expect(inner["kind"].text == "SPAN_KIND_CLIENT")
            #expect(outer["kind"].text == "SPAN_KIND_SERVER")
            #expect(inner["start_time_unix_nano"].text == "1767225600000000001")
            #expect(inner["end_time_unix_nano"].text == "1767225600000000009")
            #expect(outer["end_time_unix_nano"].text == "20")
            #expect(
                inner["attributes"].attributes
                    == [
                        "text": "string_value ä", "empty": "string_value ", "flag": "bool_value 1",
                        "off": "bool_value 0", "number": "int_value -7", "zero": "int_value 0",
                        "share": "double_value 0.25", "list": "[int_value 1, int_value -1]",
                        "names": "[string_value a, string_value ]",
                    ]
            )
            #expect(inner["events"].list.map { $0["name"].text } == ["event", "exception"])
            #expect(inner["events"][0]["time_unix_nano"].text == "11")
            #expect(inner["events"][0]["attributes"].attributes == ["key": "string_value value"])
            let message = try #require(inner["events"][1]["attributes"].attributes["exception.message"])
            #expect(message.contains("refused") && !message.contains("s3cret"))
            #expect(inner["links"][0]["span_id"].hexadecimal == parentTrace.parentID)
            #expect(inner["links"][0]["attributes"].attributes == ["why": "string_value because"])
            #expect(inner["status"]["code"].text == "STATUS_CODE_ERROR")
            #expect(inner["status"]["message"].text == "It broke.")
            #expect(!outer["status"].isThere)
        }
    }

    @Test("what a caller samples is sent below its span, and what it does not sample is not")
    func sampling() async throws {
        try await OTLPHarness.run("sampling") { harness in
            let tracer = harness.exporter.tracer
            func context(flags: Int) -> InstrumentationContext {
                var context = InstrumentationContext.topLevel
                let headers = [
                    "traceparent": "00-\(String(repeating: "a", count: 32))-00000000000000b\(flags)-0\(flags)"
                ]
                tracer.extract(headers, into: &context, using: HeaderCarrier())
                return context
            }
            let silent = tracer.startSpan("silent", context: context(flags: 0))
            #expect(!silent.isRecording)
            #expect(silent.context.traceContext?.parentID == "00000000000000b0")
            silent.end()
            let sampled = tracer.startSpan("sampled", context: context(flags: 1))
            var sent: [String: String] = [:]
            tracer.inject(sampled.context, into: &sent, using: HeaderCarrier())
            #expect(sent["traceparent"] == sampled.context.traceContext?.traceparent)
            sampled.end()
            await harness.exporter.stop()
            let spans = try await harness.collector.spans
            #expect(spans.map { $0["name"].text } == ["sampled"])
            #expect(spans[0]["parent_span_id"].hexadecimal == "00000000000000b1")
            #expect(spans[0]["flags"].number == 0x301)
        }
    }

    @Test("events and attributes beyond the limit are counted")
    func limits() async throws {
        try await OTLPHarness.run("limits") { harness in
            let span = harness.exporter.tracer.startSpan("large")
            for number in 0..<130 {
                span.addEvent(SpanEvent(name: "event-\(number)"))
                span.attributes.set("key-\(number)", value: .int64(1))
            }
            span.end()
            await harness.exporter.stop()
            let sent = try #require(try await harness.collector.spans.first)
            #expect(sent["events"].list.count == 128)
            #expect(sent["dropped_events_count"].number == 2)
            #expect(sent["attributes"].list.count == 128)
            #expect(sent["dropped_attributes_count"].number == 2)
        }
    }
}
#endif
