internal import AuraEffects
internal import AuraRuntime
internal import Testing

@Suite("Dates of HTTP")
struct HTTPDateTests {
    @Test("dates are read in the forms that services write")
    func dates() {
        let moment = WallTime(nanosecondsSinceEpoch: 784_111_777_000_000_000)
        #expect(HTTPDate.time("Sun, 06 Nov 1994 08:49:37 GMT") == moment)
        #expect(HTTPDate.isoTime("1994-11-06T08:49:37Z") == moment)
        #expect(HTTPDate.isoTime("1994-11-06T08:49:37.999Z") == moment)
        #expect(HTTPDate.time("Thu, 29 Feb 2024 00:00:00 GMT")?.nanosecondsSinceEpoch == 1_709_164_800_000_000_000)
        for text in [
            "", "Sunday", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Foo 1994 08:49:37 GMT", "Sun, 06 Nov 94 8:9:7 GMT",
        ] {
            #expect(HTTPDate.time(text) == nil)
        }
        for text in ["", "1994-11-06", "1994-11-06T08:49:37", "1994-13-06T08:49:37Z", "1994-11-06T08:49:37+01:00"] {
            #expect(HTTPDate.isoTime(text) == nil)
        }
    }

    @Test(
        "a server's wish to wait is seconds or a date",
        arguments: [
            ("7", 7), ("0", 0), ("100000", 86_400), ("Sun, 06 Nov 1994 08:50:07 GMT", 30),
            ("Sun, 13 Nov 1994 08:49:37 GMT", 86_400), ("Sun, 06 Nov 1994 08:49:07 GMT", nil), ("-1", nil),
            ("soon", nil), ("", nil),
        ]
    )
    func retryAfter(_ text: String, _ seconds: Int?) {
        let fields: HTTPFields = ["date": "Sun, 06 Nov 1994 08:49:37 GMT", "retry-after": text]
        #expect(HTTPResponse(status: 503, fields: fields).retryAfter == seconds.map { .seconds($0) })
    }

    @Test("a date to wait for means nothing where the server does not say what time it is")
    func noDate() {
        let fields: HTTPFields = ["retry-after": "Sun, 06 Nov 1994 08:50:07 GMT"]
        #expect(HTTPResponse(status: 503, fields: fields).retryAfter == nil)
        #expect(HTTPResponse(status: 503).retryAfter == nil)
    }
}
