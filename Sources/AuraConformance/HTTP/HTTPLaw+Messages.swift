internal import AuraEffects

extension Law where Handler == any HTTPEffects {
    static var messages: [HTTPLaw] {
        [
            HTTPLaw("a request arrives with its method, its path and its query as they are") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                try expectEqual(handler.capabilities, harness.capabilities, "what the handler declares")
                for method in [.get, .post, .put, .delete, .patch, .options, "PROPFIND"] as [HTTPMethod] {
                    let answer = try await handler.send(harness.request(method, "echo"))
                    try expectEqual(answer.status, 200, "the status")
                    try expectEqual(answer.fields["x-method"], method.rawValue, "the method")
                }
                let targets = [
                    ("echo/a%20b+c", nil), ("echo/%2F%2e", "a=b&c=%26"), ("echo/a;b=c,d/@:!$&'()*", ""),
                    ("echo/%F0%9F%91%A9", "q=%C3%A9+%2B"), ("echo/~-._", "?=/:@"),
                ]
                for (route, query) in targets {
                    let answer = try await handler.send(harness.request(.get, route, query: query))
                    let target = "/\(route)" + (query.map { "?\($0)" } ?? "")
                    try expectEqual(answer.fields["x-target"], target, "the path and the query")
                }
            },
            HTTPLaw("fields arrive as they are, in their order, and come back so") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let fields = HTTPFields([
                    HTTPField("X-Law-One", "1"), HTTPField("x-law-two", "a, b"), HTTPField("X-LAW-ONE", "2"),
                    HTTPField("x-law-signs", "!\"#$%&'()*+,-./:;<=>?@[]^_`{|}~"), HTTPField("x-law-tab", "a\tb"),
                    HTTPField("x-law-long", String(repeating: "l", count: 3000)),
                ])
                let answer = try await handler.send(harness.request(.get, "echo", fields: fields))
                for name in Set(fields.map { $0.name.lowercased() }) {
                    try expectEqual(answer.fields.values(of: name), fields.values(of: name), "the field '\(name)'")
                }
            },
            HTTPLaw("nothing is added that says more than the request does") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let request = harness.request(.put, "names", fields: ["x-a": "b"], body: ByteStream([1]))
                let names = try await handler.text(request).split(separator: "\n")
                let known = ["host", "connection", "content-length", "accept-encoding", "x-a"]
                try expectEqual(Set(names.map { String($0) }).subtracting(known), [], "the fields that were added")
            },
            HTTPLaw("the length of a body is said where it is known") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let cases: [(HTTPMethod, ByteStream?, String)] = [
                    (.get, nil, "none"), (.delete, nil, "none"), (.post, nil, "0"), (.put, nil, "0"),
                    (.post, ByteStream([]), "0"), (.put, ByteStream([1, 2, 3]), "3"),
                    (.put, body([1, 2, 3], chunk: 1, hasLength: true), "3"),
                    (.put, body([1, 2, 3], chunk: 1, hasLength: false), "chunked"),
                    (.delete, ByteStream([1]), "1"),
                ]
                for (method, body, length) in cases {
                    let answer = try await handler.send(harness.request(method, "echo", body: body))
                    // A server before the server may have waited for the whole body, and say its length.
                    let said = answer.fields["x-length"]
                    let isKnown = length == "chunked" && said == "3"
                    if !isKnown { try expectEqual(said, length, "the length of a body with \(method)") }
                }
            },
            HTTPLaw("a HEAD is answered with fields and without a body") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let answer = try await handler.send(harness.request(.head, "bytes/1234"))
                try expectEqual(answer.status, 200, "the status")
                try expectEqual(answer.fields["Content-Length"], "1234", "the length that a GET would have")
                try expectEqual(try await answer.body.bytes(atMost: 0), [], "the body")
                try await handler.expectUsable(harness, "after a HEAD")
            },
            HTTPLaw("an answer is an answer whatever its status") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                for status in [200, 201, 204, 304, 400, 401, 403, 404, 409, 412, 429, 500, 503, 599] {
                    let answer = try await handler.send(harness.request(.get, "status/\(status)"))
                    try expectEqual(answer.status, status, "the status")
                    try expectEqual(answer.isSuccess, status < 300, "whether \(status) is a success")
                    let text = String(decoding: try await answer.body.bytes(atMost: 100), as: UTF8.self)
                    let hasBody = status != 204 && status != 304
                    try expectEqual(text, hasBody ? "status" : "", "the body of \(status)")
                    if hasBody { try expectEqual(answer.fields["retry-after"], "7", "a field of \(status)") }
                }
            },
            HTTPLaw("a redirect is not followed") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let answer = try await handler.send(harness.request(.get, "redirect"))
                try expectEqual(answer.status, 302, "the status")
                try expectEqual(answer.fields["location"], "/bytes/1", "where it points")
            },
            HTTPLaw("concurrent requests each have their own answer") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let answers = try await concurrently(64) { number in
                    try await handler.text(harness.request(.put, "echo/\(number)", body: ByteStream([UInt8(number)])))
                }
                let expected = (0..<64).map { String(decoding: [UInt8($0)], as: UTF8.self) }
                try expectEqual(answers, expected, "the answers of 64 requests")
            },
        ]
    }
}
