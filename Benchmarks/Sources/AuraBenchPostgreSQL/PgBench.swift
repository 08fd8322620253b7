internal import Glibc
internal import Measuring

/// The baseline of single inserts: pgbench, PostgreSQL's own load generator, with one prepared insertion a transaction.
struct PgBench {
    let server: Server
    let clients: Int

    /// The same columns and indexes as ours.
    ///
    /// What has to differ between rows is made by the server; the payload is a constant,
    /// so that pgbench has nothing to format.
    private static let insertion = """
        INSERT INTO baseline.journal_entries
        SELECT p, p % \(Workload.streamCount), p, 1, p, lpad(to_hex(p), 32, '0')::uuid, p, 1, false,
        decode(repeat('ab', \(Workload.payloadSize)), 'hex'), decode(repeat('cd', 32), 'hex'), p
        FROM nextval('baseline.positions') AS p;
        """

    /// Inserts about so many rows and returns the rows a second, as pgbench counts them, without connecting.
    func rowsPerSecond(_ rows: Int) throws -> Double {
        let script = "\(server.folder)/insert.sql"
        try write(Self.insertion.split(separator: "\n").joined(separator: " ") + "\n", to: script)
        setenv("PGPASSWORD", try read("\(server.folder)/password").filter { $0 != "\n" }, 1)
        let command =
            "pgbench --no-vacuum --protocol=prepared --client=\(clients) --jobs=\(min(clients, 2)) "
            + "--transactions=\(rows / clients) --file=\(script) '\(withoutPassword)' 2>&1"
        guard let pipe = popen(command, "r") else { throw Server.Failure(description: "Cannot start pgbench.") }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while case let count = fread(&buffer, 1, buffer.count, pipe), count > 0 { output += buffer[..<count] }
        let text = String(decoding: output, as: UTF8.self)
        guard pclose(pipe) == 0, let line = text.split(separator: "\n").first(where: { $0.hasPrefix("tps = ") }),
            let rate = Double(line.dropFirst("tps = ".count).prefix { $0 != " " })
        else { throw Server.Failure(description: "pgbench failed: \(text.suffix(400))") }
        return rate
    }

    /// The URL without its password, which pgbench takes from the environment: arguments can be seen by everybody.
    private var withoutPassword: String {
        let url = server.url
        guard let at = url.lastIndex(of: "@"), let scheme = url.firstRange(of: "://") else { return url }
        let user = url[scheme.upperBound..<at].prefix { $0 != ":" }
        return "\(url[..<scheme.upperBound])\(user)\(url[at...])"
    }
}
