internal import AuraEffects

extension Law where Handler == any FunctionEffects {
    private static func calling(_ harness: any ConformanceHarness<any FunctionEffects>) throws -> any FunctionHarness {
        try require(harness as? any FunctionHarness, "a harness with functions")
    }

    static var calls: [FunctionLaw] {
        [
            FunctionLaw("a function is given its payload as it is, and its answer comes back") { harness in
                let handler = try await harness.make()
                try expectEqual(handler.capabilities, harness.capabilities, "what the handler declares")
                let echo = try calling(harness).echo
                var generator = SeededGenerator(seed: 601)
                let most = min(200_000, harness.capabilities.limit(.requestBytes))
                for payload in [[], [0], Array(0...255), Array("{\"a\":\"é👩\"}".utf8), generator.bytes(most)] {
                    let answer = try await handler.invoke(echo, payload)
                    let isSame = answer == .returned(payload)
                    try expect(isSame, "the answer to \(payload.count) bytes is another one")
                }
            },
            FunctionLaw("an error of a function is its answer, and not an error of the service") { harness in
                let handler = try await harness.make()
                let failing = try calling(harness).failing
                let answer = try await expectSuccess("a call of a function that fails") {
                    try await handler.invoke(failing, Array("what went wrong".utf8))
                }
                guard case .failed(let failure) = answer else {
                    return try expect(false, "a function that fails answers as if it had not")
                }
                let saysSo = failure.message.contains("what went wrong")
                try expect(saysSo, "the failure does not say what the function says")
            },
            FunctionLaw("a function that does not exist is not found, and a name of another form refused") { harness in
                let handler = try await harness.make()
                try await expectFailure(.notFound, "a call of no function") {
                    try await handler.invoke("law-none", [1])
                }
                for name in ["", "1", "-a", "a b", "a/b", "é", String(repeating: "a", count: 65)] {
                    try await expectFailure(.invalidArgument, "a call of '\(name)'") {
                        try await handler.invoke(FunctionName(rawValue: name), [1])
                    }
                }
            },
            FunctionLaw("a payload beyond the limit is refused", .limit(.requestBytes, atMost: 1 << 24)) { harness in
                let handler = try await harness.make()
                let noting = try calling(harness).noting
                let marker = "the-payload-that-no-error-prints"
                let most = harness.capabilities.limit(.requestBytes)
                let payload = Array(marker.utf8) + Array(repeating: 7, count: most + 1 - marker.utf8.count)
                let error = try await expectFailure(.invalidArgument, "a payload of \(most + 1) bytes") {
                    try await handler.invoke(noting, payload)
                }
                try expectDiscreet(error, effect: FunctionsEffect.name, hiding: marker)
                try expect(!error.isRetryable, "'\(error)' says that trying again may help")
                try expectEqual(try await calling(harness).noted().count, 0, "how often the function ran")
            },
            FunctionLaw("concurrent calls each have their own answer") { harness in
                let handler = try await harness.make()
                let echo = try calling(harness).echo
                let answers = try await concurrently(32) { number in try await handler.invoke(echo, [UInt8(number)]) }
                try expectEqual(answers, (0..<32).map { .returned([UInt8($0)]) }, "the answers of 32 calls")
            },
            FunctionLaw("a call that has ended has run the function once") { harness in
                let handler = try await harness.make()
                let noting = try calling(harness).noting
                for number in UInt8(0)..<5 {
                    try expectEqual(try await handler.invoke(noting, [number]), .returned([]), "the answer")
                    let noted = try await calling(harness).noted()
                    try expectEqual(noted, (0...number).map { [$0] }, "what was noted after the call")
                }
            },
            FunctionLaw("a call of a cancelled task is cancelled and runs nothing") { harness in
                let handler = try await harness.make()
                let noting = try calling(harness).noting
                try await expectCancelled("a call") { try await handler.invoke(noting, [1]) }
                if harness.capabilities.contains(.invokeAsync) {
                    try await expectCancelled("a call without waiting") { try await handler.invokeAsync(noting, [2]) }
                }
                try await pause()
                try expectEqual(try await calling(harness).noted(), [], "what cancelled calls noted")
            },
        ]
    }

    static var asyncCalls: [FunctionLaw] {
        [
            FunctionLaw("a function that nobody waits for runs at least once", .capability(.invokeAsync)) { harness in
                let handler = try await harness.make()
                let noting = try calling(harness).noting
                for number in UInt8(0)..<10 { try await handler.invokeAsync(noting, [number]) }
                let expected = Set((UInt8(0)..<10).map { [$0] })
                try await within(Patience.step, "the run of ten functions") {
                    while Set(try await calling(harness).noted()) != expected { try await pause(.milliseconds(5)) }
                }
            },
            FunctionLaw("a call without waiting is refused as any other is", .capability(.invokeAsync)) { harness in
                let handler = try await harness.make()
                let noting = try calling(harness).noting
                try await expectFailure(.notFound, "a call of no function") {
                    try await handler.invokeAsync("law-none", [1])
                }
                let most = harness.capabilities.limit(.asyncPayloadBytes)
                if most < 1 << 24 {
                    try await expectFailure(.invalidArgument, "a payload of \(most + 1) bytes") {
                        try await handler.invokeAsync(noting, Array(repeating: 7, count: most + 1))
                    }
                }
                try await pause()
                try expectEqual(try await calling(harness).noted(), [], "what refused calls noted")
            },
            FunctionLaw("a call without waiting is refused", .lacks(.invokeAsync)) { harness in
                let handler = try await harness.make()
                let noting = try calling(harness).noting
                try await expectFailure(.unsupported, "a call without waiting") {
                    try await handler.invokeAsync(noting, [1])
                }
            },
        ]
    }
}
