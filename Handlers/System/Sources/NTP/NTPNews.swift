internal import Logging

/// What an operator should hear of: servers that are believed or no longer are.
struct NTPNews: Sendable, Hashable {
    var level: Logger.Level
    var message: String
    /// The server in question; `nil` for all.
    var server: Int?

    /// What has changed between two states.
    static func between(_ before: NTPState, _ after: NTPState) -> [NTPNews] {
        var news = after.servers.indices.compactMap { between(before, after, ofServer: $0) }
        if after.isSynchronized, before.selection.survivors != after.selection.survivors {
            news.append(NTPNews(level: .info, message: "The clock follows time servers", server: nil))
        }
        if before.isSynchronized, !after.isSynchronized {
            let message = "No majority of the time servers agrees any more: the clock goes on alone, ever less certain"
            news.append(NTPNews(level: .warning, message: message, server: nil))
        }
        return news
    }

    private static func between(_ before: NTPState, _ after: NTPState, ofServer index: Int) -> NTPNews? {
        let (old, new) = (before.servers[index], after.servers[index])
        if old.denial == nil, let denial = new.denial {
            let message = "A time server does not want to be asked (\(denial)): choose another one"
            return NTPNews(level: .error, message: message, server: index)
        }
        if new.jumps > old.jumps {
            return NTPNews(level: .warning, message: "A time server's clock has jumped", server: index)
        }
        if after.selection.falsetickers.contains(index), !before.selection.falsetickers.contains(index) {
            let message = "A time server contradicts the majority: it is not believed"
            return NTPNews(level: .warning, message: message, server: index)
        }
        if old.refusal == nil, let refusal = new.refusal {
            return NTPNews(level: .notice, message: "A time server \(refusal.rawValue)", server: index)
        }
        if old.schedule.reach != 0, new.schedule.reach == 0 {
            return NTPNews(level: .notice, message: "A time server does not answer", server: index)
        }
        return nil
    }

    /// The figures beside the message.
    func metadata(_ synchronization: TimeSynchronization) -> Logger.Metadata {
        guard let server else {
            let used = synchronization.servers.filter { $0.state == .used }.map(\.name)
            return [
                "servers": "\(used.joined(separator: ", "))",
                "offset": "\(Self.text(synchronization.offset))",
                "uncertainty": "\(Self.text(synchronization.uncertainty))",
            ]
        }
        let found = synchronization.servers[server]
        return ["server": "\(found.name)", "offset": "\(Self.text(found.offset))"]
    }

    private static func text(_ duration: Duration?) -> String {
        duration.map { "\($0)" } ?? "unknown"
    }
}
