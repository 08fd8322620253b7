internal import AuraEffects

extension Law where Handler == any HTTPEffects {
    static var bodies: [HTTPLaw] {
        [
            HTTPLaw("a body comes whole, of known or unknown length, empty and large ones too") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                for count in [0, 1, 1000, 65_536, 65_537, 3_000_000] {
                    for route in ["bytes", "stream"] {
                        let answer = try await handler.send(harness.request(.get, "\(route)/\(count)"))
                        let isSame = try await answer.body.bytes(atMost: count) == HTTPLawServer.pattern(count)
                        try expect(isSame, "the \(count) bytes of '\(route)' are others")
                    }
                }
            },
            HTTPLaw("a body is sent whole, of known or unknown length, in chunks of any size") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                for (count, size) in [(0, 1), (10, 1), (65_536, 65_536), (300_000, 100_000), (700_000, 1000)] {
                    let bytes = HTTPLawServer.pattern(count)
                    for hasLength in [true, false] {
                        let body = body(bytes, chunk: size, hasLength: hasLength)
                        let answer = try await handler.send(harness.request(.post, "echo", body: body))
                        let isSame = try await answer.body.bytes(atMost: count) == bytes
                        try expect(isSame, "the \(count) bytes in chunks of \(size) came back as others")
                    }
                }
            },
            HTTPLaw("the chunks of a body are asked for one after the other") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let asked = Collected<Int>()
                let overlapping = Collected<Int>()
                let body = ByteStream { offset throws(EffectError) in
                    asked.add(offset)
                    for _ in 0..<3 { await Task.yield() }
                    if asked.soFar.last != offset { overlapping.add(offset) }
                    return offset < 5000 ? Array(repeating: 1, count: 500) : nil
                }
                let counted = try await handler.text(harness.request(.put, "count", body: body))
                try expectEqual(counted, "5000", "the bytes sent")
                try expectEqual(asked.soFar, Array(stride(from: 0, through: 5000, by: 500)), "the offsets asked for")
                try expectEqual(overlapping.soFar, [], "the chunks asked for while another one was awaited")
            },
            HTTPLaw("a slow consumer gets every byte, and nobody waits for it") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let count = 8_000_000
                var body = try await handler.send(harness.request(.get, "stream/\(count)")).body.makeAsyncIterator()
                var received = 0
                var isSame = true
                while let chunk = try await body.next() {
                    if chunk != HTTPLawServer.pattern(chunk.count, from: received) { isSame = false }
                    received += chunk.count
                    if received < 3_000_000 {
                        try await pause(.milliseconds(2))
                        try await handler.expectUsable(harness, "while a consumer is slow")
                    }
                }
                try expectEqual(received, count, "the bytes that came")
                try expect(isSame, "the bytes are others")
            },
            HTTPLaw("a body that is dropped stops nobody") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                for round in 0..<20 {
                    let answer = try await handler.send(harness.request(.get, "bytes/3000000"))
                    guard round.isMultiple(of: 2) else { continue }
                    var body = answer.body.makeAsyncIterator()
                    try expect(try await body.next() != nil, "a large body has no first chunk")
                }
                try await handler.expectUsable(harness, "after bodies were dropped")
            },
            HTTPLaw("a server that refuses a body before its end is heard") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let body = ByteStream { offset throws(EffectError) in
                    // A body without an end: waiting for it would be for ever.
                    await Task.yield()
                    return Array(repeating: 7, count: 10_000)
                }
                let answer = try await within(Patience.step, "the refusal") {
                    try await handler.send(harness.request(.put, "refuse", body: body))
                }
                try expectEqual(answer.status, 413, "the status")
                try expectEqual(try await answer.body.bytes(atMost: 100), Array("refused".utf8), "the body")
                try await handler.expectUsable(harness, "after a refusal")
            },
        ]
    }
}
