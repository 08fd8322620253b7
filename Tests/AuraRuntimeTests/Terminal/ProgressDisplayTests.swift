internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Synchronization
internal import Testing

struct ProgressDisplayTests {
    private final class Written: Sendable {
        private let texts = Mutex<[String]>([])

        func add(_ text: String) {
            texts.withLock { $0.append(text) }
        }

        var all: [String] { texts.withLock { $0 } }
    }

    private let time = ManualTimeHandler()
    private let written = Written()

    private func display(isTerminal: Bool, showsLines: Bool = true) -> ProgressDisplay {
        ProgressDisplay(time, isTerminal: isTerminal, showsLines: showsLines) { [written] in written.add($0) }
    }

    @Test("on a terminal a bar is drawn over itself ten times a second, and taken away at the end")
    func terminal() {
        let display = display(isTerminal: true)
        display.show("half", done: 1, of: 2)
        display.show("too soon", done: 2, of: 2)
        time.advance(by: .milliseconds(100))
        display.show("counting")
        display.finish()
        display.finish()
        let half = "[\(String(repeating: "#", count: 15))\(String(repeating: ".", count: 15))] half"
        #expect(written.all == ["\r\u{1b}[K\(half)", "\r\u{1b}[Kcounting", "\r\u{1b}[K"])
    }

    @Test("elsewhere a line is written every two seconds, or none at all")
    func lines() {
        let lines = display(isTerminal: false)
        let silent = display(isTerminal: false, showsLines: false)
        for _ in 0..<5 {
            time.advance(by: .seconds(1))
            lines.show("line", done: 1, of: 2)
            silent.show("silence")
        }
        lines.finish()
        silent.finish()
        #expect(written.all == ["line\n", "line\n"])
    }
}
