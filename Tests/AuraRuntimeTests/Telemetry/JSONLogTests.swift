internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Logging
internal import Synchronization
internal import Testing

@Suite("JSON log")
struct JSONLogTests {
    @Test("a message is one line with time, level, label, source and metadata")
    func wholeLine() {
        let lines = Lines()
        let time = ManualTimeHandler()
        time.advance(by: .microseconds(1500))
        var logger = Logger(label: "notes") { label in
            JSONLogHandler(label: label, output: LogOutput { lines.add($0) }, clock: { time.now })
        }
        logger[metadataKey: "node"] = "a"
        logger.info(
            "hello",
            metadata: ["count": .stringConvertible(3), "list": ["x", ["y": "z"]], "on": .stringConvertible(true)],
            source: "Tests"
        )
        logger.debug("too quiet")
        #expect(
            lines.texts == [
                #"{"time":"2026-01-01T00:00:00.001500Z","level":"info","label":"notes","message":"hello","#
                    + #""source":"Tests","metadata":{"count":3,"list":["x",{"y":"z"}],"node":"a","on":true}}"# + "\n"
            ]
        )
    }

    @Test("control characters and line separators are escaped, so that a line stays a line")
    func escaping() throws {
        let lines = Lines()
        let message = "a\nb\u{0}c\u{7F}d\u{2028}e\u{85}f\"g\\h 🙂\r\n"
        lines.logger().info("\(message)", metadata: ["k\n": "v\t"])
        let text = try #require(lines.texts.first)
        #expect(text.unicodeScalars.filter { $0.properties.generalCategory == .control } == ["\n"])
        #expect(!text.contains("\u{2028}"))
        let object = try #require(try lines.objects().first)
        #expect(object["message"] as? String == message)
        #expect((object["metadata"] as? [String: Any])?["k\n"] as? String == "v\t")
    }

    @Test("values of keys that name secrets are not shown, at any depth")
    func keysOfSecrets() throws {
        let lines = Lines()
        let keys = [
            "password", "db_Password", "client-secret", "access.token", "Authorization", "apiKey", "Set-Cookie",
        ]
        for key in keys {
            lines.logger().info("x", metadata: ["\(key)": "hunter2", "deep": ["list": [["\(key)": "hunter2"]]]])
        }
        lines.logger().info("x", metadata: ["user": .stringConvertible(Secret("hunter2"))])
        #expect(lines.texts.count == keys.count + 1)
        for text in lines.texts {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("<redacted>"))
        }
    }

    @Test(
        "credentials within texts are not shown",
        arguments: [
            ("postgres://app:hunter2@db:5432/notes failed", "postgres://<redacted>@db:5432/notes failed"),
            ("'redis://:hunter2@cache'", "'redis://<redacted>@cache'"),
            ("a://u:hun/ter2@b and c://v:hunter2@d", "a://<redacted>@b and c://<redacted>@d"),
            ("a://u:p@hunter2@b", "a://<redacted>@b"),
            ("host=db password=hunter2 user=app", "host=db password=<redacted> user=app"),
            ("password='hunter2 more' user=app", "password='<redacted>' user=app"),
            ("https://x/?page=2&access_token=hunter2&y=1", "https://x/?page=2&access_token=<redacted>&y=1"),
            ("header: Bearer abcdefhunter2", "header: Bearer <redacted>"),
            ("a secret=hunter2", "a secret=<redacted>"),
        ]
    )
    func credentials(text: String, redacted: String) {
        #expect(LogRedaction().redacted(text) == redacted)
    }

    @Test(
        "what holds no credentials stays as it is",
        arguments: [
            "http://example.org:80/a?b=c@d", "ssh://git@example.org/x", "basic types and bearer of news", "a=b", "://",
            "=",
            "mail me@example.org: now",
        ]
    )
    func harmless(text: String) {
        #expect(LogRedaction().redacted(text) == text)
    }

    @Test("further names of secrets can be given")
    func configuredNames() {
        let redaction = LogRedaction(names: LogRedaction.standardNames.union(["PIN-code"]))
        #expect(redaction.hides("user_pinCode"))
        #expect(!redaction.hides("pin"))
    }

    @Test("an error beside a message is redacted too")
    func errors() throws {
        struct Failure: Error, CustomStringConvertible { let description = "cannot reach a://u:hunter2@b" }
        let lines = Lines()
        lines.logger().error("failed", error: Failure())
        #expect(try lines.objects().first?["error"] as? String == "cannot reach a://<redacted>@b")
    }

    @Test("what the task carries comes between the handler's metadata and the message's")
    func metadataProvider() throws {
        let lines = Lines()
        let provider = Logger.MetadataProvider { ["a": "provider", "b": "provider", "c": "provider"] }
        var logger = Logger(label: "x") { label in
            JSONLogHandler(label: label, metadataProvider: provider, output: LogOutput { lines.add($0) })
        }
        logger[metadataKey: "a"] = "handler"
        logger[metadataKey: "d"] = "handler"
        logger.info("x", metadata: ["b": "message"])
        let metadata = try #require(try lines.objects().first?["metadata"] as? [String: String])
        #expect(metadata == ["a": "provider", "b": "message", "c": "provider", "d": "handler"])
    }

    @Test("lines of many tasks stay whole")
    func concurrency() async throws {
        let output = Mutex<[UInt8]>([])
        let isWriting = Mutex(false)
        let destination = LogOutput { bytes in
            #expect(
                isWriting.withLock { was in
                    defer { was = true }
                    return !was
                }
            )
            for byte in bytes { output.withLock { $0.append(byte) } }
            isWriting.withLock { $0 = false }
        }
        await withTaskGroup { group in
            for task in 0..<8 {
                group.addTask {
                    let logger = Logger(label: "\(task)") { JSONLogHandler(label: $0, output: destination) }
                    for number in 0..<100 { logger.info("message \(number)") }
                }
            }
        }
        let lines = Lines()
        for line in output.withLock({ $0 }).split(separator: UInt8(ascii: "\n")) { lines.add(Array(line)) }
        #expect(try lines.objects().count == 800)
    }
}
