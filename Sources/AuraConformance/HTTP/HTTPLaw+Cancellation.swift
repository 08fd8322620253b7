internal import AuraEffects

extension Law where Handler == any HTTPEffects {
    static var cancellations: [HTTPLaw] {
        [
            HTTPLaw("a request of a cancelled task is cancelled and not sent") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let request = harness.request(.post, "note/cancelled")
                try await expectCancelled("a request") { try await handler.send(request) }
                try await pause()
                let noted = try await handler.text(harness.request(.get, "noted/cancelled"))
                try expectEqual(noted, "0", "how many cancelled requests arrived")
            },
            HTTPLaw("a request that is waiting is cancelled at once, and its outcome is unknown") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let name = freshName()
                let request = harness.request(.get, "hang/\(name)", query: "the-query-that-no-error-prints")
                let task = Task { try await handler.send(request) }
                try await within(Patience.step, "the request's arrival") {
                    while try await handler.text(harness.request(.get, "noted/\(name)")) == "0" { try await pause() }
                }
                task.cancel()
                let error = try await within(Patience.step, "the end of a cancelled request") {
                    try await expectFailure(.cancelled, "a cancelled request", outcome: .unknown) {
                        try await task.value
                    }
                }
                try expectDiscreet(error, effect: HTTPEffect.name, hiding: "the-query-that-no-error-prints")
                try await handler.expectUsable(harness, "after a request was cancelled")
            },
            HTTPLaw("a consumer that is cancelled gets no more of the body") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let task = Task {
                    let answer = try await handler.send(harness.request(.get, "bytes/50000000"))
                    var body = answer.body.makeAsyncIterator()
                    while try await body.next() != nil { try? await pause(.milliseconds(5)) }
                }
                try await pause(.milliseconds(100))
                task.cancel()
                _ = try await within(Patience.step, "the end of a cancelled consumer") {
                    try await expectFailure(.cancelled, "a cancelled consumer", outcome: nil) { try await task.value }
                }
                try await handler.expectUsable(harness, "after a consumer was cancelled")
            },
            HTTPLaw("requests cancelled at any moment leave the handler usable") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let bytes = HTTPLawServer.pattern(200_000)
                let tasks = (0..<60)
                    .map { number in
                        Task {
                            let body = body(bytes, chunk: 10_000, hasLength: number.isMultiple(of: 2))
                            let answer = try await handler.send(harness.request(.put, "echo", body: body))
                            return try await answer.body.bytes(atMost: 400_000)
                        }
                    }
                for result in try await cancellingSome(of: tasks, seed: 701) {
                    switch result {
                    case .success(let answer): try expect(answer == bytes, "an answer has other bytes: \(answer.count)")
                    case .failure(let error):
                        let isCancelled = (error as? EffectError)?.code == .cancelled
                        let cause = (error as? EffectError)?.cause.map { " (\($0))" } ?? ""
                        let told = "a request ended with another error than its cancellation: \(error)\(cause)"
                        try expect(isCancelled, told)
                    }
                }
                try await handler.expectUsable(harness, "after requests were cancelled")
            },
        ]
    }
}
