internal import AuraEffects

extension Law where Handler == any TimeEffects {
    static var sleeping: [TimeLaw] {
        [
            TimeLaw("a sleep does not end early") { harness in
                let time = try await harness.make()
                for duration in [Duration.nanoseconds(1), .milliseconds(1), .milliseconds(30), .milliseconds(200)] {
                    let (deadline, woke) = try await harness.whileTimePasses(on: time) {
                        let deadline = time.monotonicNow.advanced(by: duration)
                        try await time.sleep(until: deadline)
                        return (deadline, time.monotonicNow)
                    }
                    try expect(woke >= deadline, "a sleep of \(duration) ended early")
                }
            },
            TimeLaw("a sleep until a moment that is past ends at once") { harness in
                let time = try await harness.make()
                try await within(Patience.step, "sleeps until the past") {
                    let now = time.monotonicNow
                    for duration: Duration in [.zero, .nanoseconds(-1), .seconds(-3600)] {
                        try await time.sleep(until: now.advanced(by: duration))
                        try await time.sleep(for: duration)
                    }
                }
            },
            TimeLaw("a cancelled sleep ends with cancelled") { harness in
                let time = try await harness.make()
                let sleepers = [Duration.seconds(3600), .seconds(100 * 365 * 86_400)]
                    .map { duration in
                        begun { try await time.sleep(for: duration) }
                    }
                try await pause()
                for sleeper in sleepers {
                    sleeper.cancel()
                    _ = try await within(Patience.step, "a cancelled sleep") {
                        try await expectFailure(.cancelled, "a cancelled sleep", outcome: nil) {
                            try await sleeper.value
                        }
                    }
                }
            },
            TimeLaw("a sleep of a task that is cancelled already is cancelled, also until the past") { harness in
                let time = try await harness.make()
                let now = time.monotonicNow
                try await expectCancelled("a sleep") { try await time.sleep(until: now.advanced(by: .seconds(3600))) }
                try await expectCancelled("a sleep until the past") { try await time.sleep(until: now) }
            },
            TimeLaw("sleepers wake in the order of their deadlines") { harness in
                let time = try await harness.make()
                var orders: [[Int]] = []
                // A busy machine may start or wake tasks late, and then in another order: it gets more time.
                for attempt in 0..<7 {
                    let order = try await harness.wakeOrder(on: time, step: .milliseconds(25 << attempt))
                    if order == order.sorted() { return }
                    orders.append(order)
                }
                try expect(false, "they woke in the orders \(orders)")
            },
            TimeLaw("many tasks sleep at once") { harness in
                let time = try await harness.make()
                let deadline = time.monotonicNow.advanced(by: .milliseconds(150))
                let sleepers = (0..<500)
                    .map { _ in
                        begun {
                            try await time.sleep(until: deadline)
                            return time.monotonicNow
                        }
                    }
                try await harness.timePasses(.milliseconds(160), on: time)
                for sleeper in sleepers {
                    let woke = try await within(Patience.step, "a sleeper") { try await sleeper.value }
                    try expect(woke >= deadline, "a sleeper woke early")
                }
            },
        ]
    }
}
