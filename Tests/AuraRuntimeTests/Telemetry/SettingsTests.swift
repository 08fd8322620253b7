internal import AuraEffects
internal import Logging
internal import Testing

@testable internal import AuraRuntime

@Suite("Telemetry and faults in profiles")
struct SettingsTests {
    private func section(_ text: String) throws -> ProfileNode {
        let entries = try ProfileParser.parse(Array(text.utf8), file: "p.yaml")
        return try #require(entries.first).value
    }

    private func telemetry(_ text: String) throws -> (TelemetrySettings, [String]) {
        var problems: [ProfileError] = []
        let settings = TelemetrySettings(
            parsing: try section(text),
            secrets: SecretStore(variables: ["TOKEN": "s3cret"]),
            problems: &problems
        )
        return (settings, problems.map(\.description))
    }

    private func faults(_ text: String) throws -> (FaultSettings, [String]) {
        var problems: [ProfileError] = []
        let operations = StorageEffectsOperations.all + [operation("journal", "append")]
        let settings = FaultSettings(parsing: try section(text), operations: operations, problems: &problems)
        return (settings, problems.map(\.description))
    }

    @Test("telemetry is read")
    func readsTelemetry() throws {
        let (settings, problems) = try telemetry(
            "telemetry: { metrics: false, tracing: true, log: debug, histogramBuckets: [0.001, 1, 5] }"
        )
        #expect(problems == [])
        #expect(
            settings
                == TelemetrySettings(metrics: false, tracing: true, logLevel: .debug, histogramBuckets: [0.001, 1, 5])
        )
        #expect(try telemetry("telemetry: { log: off }").0 == TelemetrySettings())
    }

    @Test("a collector is read, and the secrets of its fields are resolved and not shown")
    func readsCollector() throws {
        let (settings, problems) = try telemetry(
            """
            telemetry:
              otlp:
                endpoint: https://collector.example:4318/below
                headers: { Authorization: "Bearer ${secret:TOKEN}", x-tenant: notes }
                interval: 10s
                delay: 500ms
                timeout: 3s
                queue: 100
            """
        )
        #expect(problems == [])
        let otlp = try #require(settings.otlp)
        #expect(otlp.endpoint == HTTPURL(.https, host: "collector.example", port: 4318, path: "/below"))
        #expect(otlp.headers.map(\.name) == ["Authorization", "x-tenant"])
        #expect(otlp.headers.map(\.value) == ["Bearer s3cret", "notes"])
        #expect(otlp.interval == .seconds(10) && otlp.delay == .milliseconds(500) && otlp.timeout == .seconds(3))
        #expect(otlp.queue == 100 && otlp.batchSize == 25)
        #expect(!"\(otlp)".contains("s3cret"))
        #expect(try telemetry("telemetry: { otlp: { endpoint: 'http://[::1]:4318' } }").0.otlp?.queue == 2048)
    }

    @Test(
        "what is wrong with a collector is said with its place and what to do",
        arguments: [
            ("on", "p.yaml:1:20: telemetry.otlp: must be a mapping, not text; write 'otlp: { endpoint: "),
            ("{ queue: 9 }", "p.yaml:1:20: telemetry.otlp.endpoint: is missing; write 'otlp: { endpoint: "),
            (
                "{ endpoint: 'http://me:s3cret@h' }",
                "p.yaml:1:32: telemetry.otlp.endpoint: is no address of a collector"
            ),
            (
                "{ endpoint: 'http://h', endpont: x }",
                "telemetry.otlp.endpont: unknown setting; did you mean 'endpoint'?"
            ),
            ("{ endpoint: 'http://h', delay: 1ms }", "telemetry.otlp.delay: must be at least '10ms'"),
            ("{ endpoint: 'http://h', queue: 1 }", "telemetry.otlp.queue: "),
            ("{ endpoint: 'http://h', headers: [] }", "telemetry.otlp.headers: must be a mapping, not a list"),
            (
                "{ endpoint: 'http://h', headers: { a: '${secret:GONE}' } }",
                "telemetry.otlp.headers.a: the secret 'GONE' is missing"
            ),
            ("{ endpoint: 'http://h', headers: { 'a b': s3cret } }", "telemetry.otlp.headers.a b: cannot be sent"),
            ("{ endpoint: 'http://h', headers: { Host: s3cret } }", "telemetry.otlp.headers.Host: cannot be sent"),
        ]
    )
    func collectorMistakes(collector: String, message: String) throws {
        let problems = try telemetry("telemetry: { otlp: \(collector) }").1
        #expect(problems.count == 1)
        #expect(try #require(problems.first).contains(message))
        #expect(!problems.joined().contains("s3cret"))
    }

    @Test("faults are read")
    func readsFaults() throws {
        let (settings, problems) = try faults(
            """
            faults:
              seed: 7
              operations:
                storage.write: { rate: 0.1, error: unavailable, delay: 10ms }
                journal.*: { rate: 1, error: deadlineExceeded, when: after }
                "*": { rate: 0.5, hang: true }
            """
        )
        #expect(problems == [])
        #expect(
            settings
                == FaultSettings(
                    seed: 7,
                    faults: [
                        "storage.write": .init(rate: 0.1, error: .unavailable, delay: .milliseconds(10)),
                        "journal.*": .init(rate: 1, error: .deadlineExceeded, failsAfterwards: true),
                        "*": .init(rate: 0.5, hangs: true),
                    ]
                )
        )
    }

    @Test(
        "what is wrong with telemetry is said with its place and what to do",
        arguments: [
            ("telemetry: on", "p.yaml:1:12: telemetry: must be a mapping, not text; write 'telemetry: { log: debug }'"),
            (
                "telemetry: { metric: true }",
                "p.yaml:1:14: telemetry.metric: unknown setting; did you mean 'metrics'? "
                    + "'telemetry' takes: metrics, tracing, log, histogramBuckets, otlp"
            ),
            ("telemetry: { metrics: yes }", "p.yaml:1:23: telemetry.metrics: must be true or false, not 'yes'"),
            (
                "telemetry: { log: debgu }",
                "p.yaml:1:19: telemetry.log: must be one of off, trace, debug, info, notice, warning, error, critical, "
                    + "not 'debgu'; did you mean 'debug'?"
            ),
            (
                "telemetry: { histogramBuckets: [2, 1] }",
                "p.yaml:1:32: telemetry.histogramBuckets: must rise from one bound to the next, and hold at least one; "
                    + "write '[0.001, 0.01, 0.1, 1]'"
            ),
            (
                "telemetry: { histogramBuckets: [1, x] }",
                "p.yaml:1:36: telemetry.histogramBuckets: must be a list of numbers of seconds; "
                    + "write '[0.001, 0.01, 0.1, 1]'"
            ),
            (
                "telemetry: { histogramBuckets: 3 }",
                "p.yaml:1:32: telemetry.histogramBuckets: must be a list of numbers, not text; "
                    + "write '[0.001, 0.01, 0.1, 1]'"
            ),
        ]
    )
    func telemetryMistakes(text: String, message: String) throws {
        let (settings, problems) = try telemetry(text)
        #expect(problems == [message])
        #expect(settings == TelemetrySettings())
    }

    @Test(
        "what is wrong with faults is said with its place and what to do",
        arguments: [
            ("{ rate: 0.1, eror: unavailable, delay: 1s }", "eror: unknown setting; did you mean 'error'? "),
            ("{ rate: 2, error: unavailable }", "rate: must be a share of calls from 0 to 1"),
            ("{ error: unavailable }", "rate: is missing; write 'storage.write: { rate: 0.1, error: unavailable }'"),
            ("{ rate: 1, error: unavailabel }", "not 'unavailabel'; did you mean 'unavailable'?"),
            ("{ rate: 1, delay: 10 }", "delay: must be a time with a unit such as '250ms'"),
            ("{ rate: 1, delay: 1s, when: after }", "when: says when an 'error' happens"),
            ("{ rate: 1, hang: true, error: conflict }", "hang: leaves no answer to be an 'error'"),
            ("{ rate: 1 }", "error: is missing: a fault has 'error', 'delay' or 'hang'"),
            ("often", "storage.write: must be a mapping, not text"),
        ]
    )
    func faultMistakes(fault: String, message: String) throws {
        let (settings, problems) = try faults("faults:\n  operations:\n    storage.write: \(fault)")
        #expect(problems.count == 1)
        #expect(try #require(problems.first).contains(message))
        #expect(try #require(problems.first).hasPrefix("p.yaml:3:"))
        #expect(try #require(problems.first).contains("faults.operations.storage.write"))
        #expect(settings.faults.isEmpty)
    }

    @Test("an operation that is unknown, or cannot fail, is named")
    func unknownOperations() throws {
        let (_, problems) = try faults(
            "faults: { seed: -1, operations: { storage.wirte: { rate: 1 }, storage.capabilities: { rate: 1 } } }"
        )
        #expect(problems.count == 3)
        #expect(problems[0] == "p.yaml:1:17: faults.seed: must be a whole number of at least 0; write 'seed: 7'")
        #expect(
            problems[1]
                == "p.yaml:1:35: faults.operations.storage.wirte: unknown operation; did you mean 'storage.write'? "
                + "write EFFECT.OPERATION, 'EFFECT.*' or '*'"
        )
        #expect(problems[2].contains("answers at once and cannot fail"))
    }
}
