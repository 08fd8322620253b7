internal import AuraEffects

/// Shows where an import is: a bar that is drawn over itself on a terminal, now and then a line otherwise.
final class ProgressDisplay {
    private static let barWidth = 30

    private let time: any TimeEffects
    private let isTerminal: Bool
    private let write: (String) -> Void
    private var next: MonotonicInstant
    private var isDrawn = false

    /// Creates a display.
    ///
    /// - Parameters:
    ///   - time: The clock that says when to draw again.
    ///   - isTerminal: Whether to draw a bar.
    ///   - write: Writes text where messages go.
    init(
        _ time: any TimeEffects,
        isTerminal: Bool = Terminal.showsMessages,
        write: @escaping (String) -> Void = Terminal.message
    ) {
        self.time = time
        self.isTerminal = isTerminal
        self.write = write
        next = time.monotonicNow.advanced(by: isTerminal ? .zero : Self.pause(isTerminal))
    }

    /// Shows a moment of an import, unless it is too soon after the last one.
    func show(_ progress: ImportProgress) {
        let now = time.monotonicNow
        guard now >= next else { return }
        next = now.advanced(by: Self.pause(isTerminal))
        if isTerminal {
            write("\r\u{1b}[K" + Self.bar(progress))
            isDrawn = true
        } else {
            write(Self.line(progress) + "\n")
        }
    }

    /// Takes the bar away.
    func finish() {
        if isDrawn { write("\r\u{1b}[K") }
        isDrawn = false
    }

    private static func pause(_ isTerminal: Bool) -> Duration {
        isTerminal ? .milliseconds(100) : .seconds(2)
    }

    private static func bar(_ progress: ImportProgress) -> String {
        guard case .reading(_, _, let bytes, let total) = progress else { return line(progress) }
        let filled = total == 0 ? barWidth : min(barWidth, bytes * barWidth / total)
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: barWidth - filled)
        return "[\(bar)] \(line(progress))"
    }

    private static func line(_ progress: ImportProgress) -> String {
        switch progress {
        case .counting(let files): "counting: \(files) files"
        case .reading(let files, let total, let bytes, _):
            "importing: \(files) of \(total) files, \(ByteCount(bytes: bytes))"
        case .indexing(let entries): "indexing: \(entries) entries"
        }
    }
}
