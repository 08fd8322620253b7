extension PlantedBug {
    /// The later edit has the earlier time.
    public static let skewedLastWriter = PlantedBug(
        name: "clock-skewed last writer",
        fault: "Two devices keep the edit with the higher time of their own clocks, which differ.",
        buggy: { try await editInTurn { clock, _ in clock.now } },
        fixed: { try await editInTurn { clock, seen in max(clock.now, seen + .nanoseconds(1)) } }
    )
}

/// A device's clock, which is fast or slow by a little.
private struct DeviceClock: Sendable {
    private let start = ContinuousClock.now
    private let skew = Duration.milliseconds(.random(in: -60...60))

    /// The time since the beginning, as this device has it.
    var now: Duration { start.duration(to: .now) + skew }
}

private struct Note: Sendable {
    var text: String
    var stamp: Duration
}

private actor Device {
    private(set) var note = Note(text: "", stamp: .seconds(-1))
    private let clock = DeviceClock()
    private let stamp: @Sendable (DeviceClock, _ seen: Duration) -> Duration

    init(_ stamp: @escaping @Sendable (DeviceClock, _ seen: Duration) -> Duration) {
        self.stamp = stamp
    }

    func append(_ word: String) {
        note = Note(text: note.text + word, stamp: stamp(clock, note.stamp))
    }

    func merge(_ other: Note) {
        if other.stamp > note.stamp { note = other }
    }
}

private func editInTurn(_ stamp: @escaping @Sendable (DeviceClock, _ seen: Duration) -> Duration) async throws {
    let (phone, laptop) = (Device(stamp), Device(stamp))
    var text = ""
    for (editor, other) in [(phone, laptop), (laptop, phone), (phone, laptop)] {
        // The edit follows the other device's last one, which this device has seen.
        text += "x"
        await editor.append("x")
        await other.merge(editor.note)
        try await Task.sleep(for: .milliseconds(.random(in: 10...200)))
    }
    let texts = (await phone.note.text, await laptop.note.text)
    try require(texts == (text, text), "phone and laptop show '\(texts.0)' and '\(texts.1)' instead of '\(text)'")
}
