package import AuraEffects
internal import Synchronization

/// Shows how far a long piece of work is: a line that is drawn over itself on a terminal, now and then a line otherwise.
package final class ProgressDisplay: Sendable {
    private static let barWidth = 30

    private let time: any TimeEffects
    private let isTerminal: Bool
    private let showsLines: Bool
    private let write: @Sendable (String) -> Void
    private let state: Mutex<State>

    private struct State {
        var next: MonotonicInstant
        var isDrawn = false
    }

    /// Creates a display.
    ///
    /// - Parameters:
    ///   - time: The clock that says when to draw again.
    ///   - isTerminal: Whether to draw over the last line.
    ///   - showsLines: Whether to write lines where there is no terminal.
    ///   - write: Writes text where messages go.
    package init(
        _ time: any TimeEffects,
        isTerminal: Bool = Terminal.showsMessages,
        showsLines: Bool = true,
        write: @escaping @Sendable (String) -> Void = Terminal.message
    ) {
        self.time = time
        self.isTerminal = isTerminal
        self.write = write
        self.showsLines = showsLines
        let start = time.monotonicNow.advanced(by: isTerminal ? .zero : Self.pause(isTerminal))
        state = Mutex(State(next: start))
    }

    /// Shows a moment of the work, unless it is too soon after the last one.
    ///
    /// - Parameters:
    ///   - line: What is being done and how far.
    ///   - done: How much of the whole is done, for a bar.
    ///   - total: The whole; `nil` where it is not known.
    package func show(_ line: @autoclosure () -> String, done: Int = 0, of total: Int? = nil) {
        guard isTerminal || showsLines else { return }
        state.withLock { state in
            let now = time.monotonicNow
            guard now >= state.next else { return }
            state.next = now.advanced(by: Self.pause(isTerminal))
            if isTerminal {
                write("\r\u{1b}[K" + Self.bar(done, of: total) + line())
                state.isDrawn = true
            } else {
                write(line() + "\n")
            }
        }
    }

    /// Takes the line on the terminal away.
    package func finish() {
        state.withLock { state in
            if state.isDrawn { write("\r\u{1b}[K") }
            state.isDrawn = false
        }
    }

    private static func pause(_ isTerminal: Bool) -> Duration {
        isTerminal ? .milliseconds(100) : .seconds(2)
    }

    private static func bar(_ done: Int, of total: Int?) -> String {
        guard let total else { return "" }
        let filled = total == 0 ? barWidth : min(barWidth, done * barWidth / total)
        return "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: barWidth - filled))] "
    }
}
