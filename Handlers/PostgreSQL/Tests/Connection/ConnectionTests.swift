#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Testing

@testable internal import AuraPostgreSQL

@Suite("A connection to PostgreSQL")
struct ConnectionTests {
    private func open(
        _ change: (inout PostgreSQLConfiguration) -> Void = { _ in }
    ) async throws -> RawSession {
        var configuration = try LocalServer.shared.configuration()
        change(&configuration)
        return try await RawSession(configuration)
    }

    // MARK: Values

    @Test("a parameter of every type comes back as it was sent")
    func singleValues() async throws {
        let session = try await open()
        let uuid = UInt128.max - 5
        let digest = try #require(SHA256Digest(1...32 as ClosedRange<UInt8>))
        try await session.run { connection throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters(capacity: 1)
            parameters.add(Int64.min)
            parameters.add(Int.max)
            parameters.add(UInt64.max)
            parameters.add(Int32.min)
            parameters.add(true)
            parameters.add(uuid: uuid)
            parameters.add([0, 255, 0] as [UInt8])
            parameters.add([] as [UInt8])
            parameters.add("'; DROP TABLE \u{e9}\u{1f600} --")
            parameters.add(digest)
            parameters.addNull()
            let row =
                try connection.run(
                    """
                    SELECT $1::bigint, $2::bigint, $3::bigint, $4::int, $5::bool, $6::uuid, $7::bytea, $8::bytea, $9::text,
                      $10::bytea, $11::bigint, length($7::bytea)::bigint
                    """,
                    parameters
                )
                .first
            guard let row else { throw PostgreSQLFailure(kind: .unexpectedAnswer, text: "no row") }
            #expect(row.int64(0) == .min)
            #expect(row.int(1) == .max)
            #expect(row.int64(2) == .max)
            #expect(row.int32(3) == .min)
            #expect(row.bool(4))
            #expect(row.uuid(5) == uuid)
            #expect(row.bytes(6) == [0, 255, 0])
            #expect(row.bytes(7) == [] && !row.isNull(7))
            #expect(row.text(8) == "'; DROP TABLE \u{e9}\u{1f600} --")
            #expect(row.digest(9) == digest)
            #expect(row.isNull(10))
            #expect(row.int64(11) == 3)
        }
        await session.session.close()
    }

    @Test("arrays of every type come back as they were sent", arguments: [0, 1, 10_000])
    func arrays(count: Int) async throws {
        let session = try await open()
        try await session.run { connection throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.addArray(of: .int8, count: count) { array in
                for index in 0..<count { array.element(Int64(index) - 5) }
            }
            parameters.addArray(of: .int4, count: count) { array in
                for index in 0..<count { array.element(Int32(index)) }
            }
            parameters.addArray(of: .bool, count: count) { array in
                for index in 0..<count { array.element(index % 3 == 0) }
            }
            parameters.addArray(of: .uuid, count: count) { array in
                for index in 0..<count { array.element(uuid: .max - UInt128(index)) }
            }
            parameters.addArray(of: .bytes, count: count) { array in
                for index in 0..<count { array.element([UInt8](repeating: UInt8(index % 256), count: index % 7)) }
            }
            let rows = try connection.run(
                """
                SELECT * FROM unnest($1::bigint[], $2::int[], $3::bool[], $4::uuid[], $5::bytea[])
                  WITH ORDINALITY ORDER BY ordinality
                """,
                parameters
            )
            #expect(rows.rowCount == count)
            for (index, row) in rows.rows.enumerated() {
                let isRight =
                    row.int64(0) == Int64(index) - 5 && row.int32(1) == Int32(index) && row.bool(2) == (index % 3 == 0)
                    && row.uuid(3) == .max - UInt128(index)
                    && row.bytes(4) == [UInt8](repeating: UInt8(index % 256), count: index % 7)
                #expect(isRight, "row \(index)")
            }
        }
        await session.session.close()
    }

    @Test("values of 1 MiB and 16 MiB come back as they were sent, several in one batch")
    func largeValues() async throws {
        let session = try await open()
        let lengths = try await session.run { connection throws(PostgreSQLFailure) in
            var batch = PostgreSQLBatch()
            for (byte, size) in [(UInt8(1), 1 << 20), (2, 16 << 20), (3, 1 << 20)] {
                var parameters = PostgreSQLParameters()
                parameters.add([UInt8](repeating: byte, count: size))
                batch.add("SELECT $1::bytea", parameters)
            }
            return try connection.run(batch).map { $0.first?.bytes(0) ?? [] }
        }
        #expect(lengths.map(\.count) == [1 << 20, 16 << 20, 1 << 20])
        for (index, bytes) in lengths.enumerated() {
            #expect(bytes.allSatisfy { Int($0) == index + 1 }, "value \(index)")
        }
        await session.session.close()
    }

    // MARK: Batches

    private func makeTable(_ session: RawSession) async throws {
        try await session.run { connection throws(PostgreSQLFailure) in
            _ = try connection.run("CREATE TEMPORARY TABLE numbers (n bigint PRIMARY KEY)")
        }
    }

    private static func insert(_ number: Int) -> PostgreSQLParameters {
        var parameters = PostgreSQLParameters()
        parameters.add(number)
        return parameters
    }

    @Test("a refused statement undoes its batch, and what follows works with the statements that were prepared")
    func refusedBatch() async throws {
        let session = try await open()
        try await makeTable(session)
        let insert = "INSERT INTO numbers VALUES ($1::bigint)"
        let error = await thrownError { () throws(EffectError) in
            try await session.run { connection throws(PostgreSQLFailure) in
                var batch = PostgreSQLBatch()
                batch.add(insert, Self.insert(1))
                batch.add("SELECT 1 / (n - 1) FROM numbers")
                batch.add("SELECT count(*) FROM numbers")
                _ = try connection.run(batch)
            }
        }
        #expect(error?.failure?.kind == .refused(SQLState(rawValue: "22012")))
        #expect(try await session.integer("SELECT count(*) FROM numbers") == 0)
        try await session.run { connection throws(PostgreSQLFailure) in
            for number in [5, 6] { _ = try connection.run(insert, Self.insert(number)) }
            let fresh = try connection.run("SELECT sum(n)::bigint FROM numbers").first?.int64(0)
            #expect(fresh == 11)
        }
        #expect(try await session.integer("SELECT count(*) FROM numbers") == 2)
        await session.session.close()
    }

    @Test("a statement that cannot be prepared is refused alone, and again")
    func unpreparable() async throws {
        let session = try await open()
        try await makeTable(session)
        for _ in 0..<2 {
            let error = await thrownError { () throws(EffectError) in
                try await session.run { connection throws(PostgreSQLFailure) in
                    var batch = PostgreSQLBatch()
                    batch.add("INSERT INTO numbers VALUES (1)")
                    batch.add("SELECT nothing FROM nowhere")
                    batch.add("SELECT count(*) FROM numbers WHERE n > 0")
                    _ = try connection.run(batch)
                }
            }
            #expect(error?.failure?.kind == .refused(.unknownTable))
        }
        #expect(try await session.integer("SELECT count(*) FROM numbers WHERE n > 0") == 0)
        try await session.run { connection throws(PostgreSQLFailure) in
            _ = try connection.run("INSERT INTO numbers VALUES (1)")
        }
        #expect(try await session.integer("SELECT count(*) FROM numbers WHERE n > 0") == 1)
        await session.session.close()
    }

    @Test("batches under way are answered in order, and one that is refused fails alone")
    func pipelined() async throws {
        let session = try await open()
        try await makeTable(session)
        try await session.run { connection throws(PostgreSQLFailure) in
            for number in [1, 1, 2, 3] {
                var batch = PostgreSQLBatch()
                batch.add("INSERT INTO numbers VALUES ($1::bigint)", Self.insert(number))
                // Prepared for the first time in a batch that comes after a refused one.
                if number == 2 { batch.add("SELECT n FROM numbers WHERE n = 2") }
                if number == 3 { batch.add("SELECT n FROM numbers WHERE n = 3") }
                try connection.send(batch)
            }
            #expect(connection.batchesUnderWay == 4)
            _ = try connection.receive()
            do throws(PostgreSQLFailure) {
                _ = try connection.receive()
                Issue.record("the second 1 was inserted")
            } catch {
                #expect(error.kind == .refused(.uniqueViolation))
            }
            #expect(try connection.receive()[1].first?.int64(0) == 2)
            #expect(try connection.receive()[1].first?.int64(0) == 3)
        }
        #expect(try await session.integer("SELECT count(*) FROM numbers") == 3)
        await session.session.close()
    }

    @Test("a statement first sent in a refused batch works in the batches behind it")
    func preparedBehindRefused() async throws {
        let session = try await open()
        try await makeTable(session)
        try await session.run { connection throws(PostgreSQLFailure) in
            for divisor in [0, 1, 2] {
                var batch = PostgreSQLBatch()
                batch.add("SELECT 10 / $1::bigint", Self.insert(divisor))
                batch.add("SELECT 20 / $1::bigint", Self.insert(divisor))
                if divisor == 2 { batch.add("SELECT 30 / $1::bigint", Self.insert(divisor)) }
                try connection.send(batch)
            }
            do throws(PostgreSQLFailure) {
                _ = try connection.receive()
                Issue.record("divided by zero")
            } catch {
                #expect(error.kind == .refused(SQLState(rawValue: "22012")))
            }
            #expect(try connection.receive().map { $0.first?.int64(0) } == [10, 20])
            #expect(try connection.receive().map { $0.first?.int64(0) } == [5, 10, 15])
            // New names do not meet old ones.
            for number in 40..<50 {
                #expect(try connection.run("SELECT \(number)::bigint").first?.int(0) == number)
            }
        }
        await session.session.close()
    }

    @Test("a body that throws amid a transaction leaves none open")
    func rollBack() async throws {
        let session = try await open()
        try await makeTable(session)
        let error = await thrownError { () throws(EffectError) in
            try await session.run { connection throws(PostgreSQLFailure) in
                _ = try connection.run("BEGIN")
                _ = try connection.run("INSERT INTO numbers VALUES (1)")
                throw PostgreSQLFailure(kind: .unexpectedAnswer, text: "thrown")
            }
        }
        #expect(error?.code == .corrupted)
        #expect(try await session.integer("SELECT count(*) FROM numbers") == 0)
        await session.session.close()
    }

    // MARK: Time and cancellation

    @Test("a statement that takes too long is ended by the server, and the connection goes on")
    func statementTimeout() async throws {
        let session = try await open { $0.statementTimeout = .seconds(1) }
        let error = await thrownError { () throws(EffectError) in
            _ = try await session.integer("SELECT pg_sleep(10)")
        }
        #expect(error?.code == .deadlineExceeded)
        #expect(try await session.integer("SELECT 1::bigint") == 1)
        await session.session.close()
    }

    @Test("a lock that another transaction holds is waited for as long as the setting says")
    func lockTimeout() async throws {
        let configuration = try LocalServer.shared.configuration()
        let holder = try await RawSession(configuration)
        try await holder.run { connection throws(PostgreSQLFailure) in
            for sql in ["CREATE SCHEMA \(configuration.schema)", "CREATE TABLE t (n int)", "BEGIN", "LOCK TABLE t"] {
                _ = try connection.run(sql)
            }
        }
        var impatient = configuration
        impatient.lockTimeout = .milliseconds(100)
        let waiter = try await RawSession(impatient)
        let error = await thrownError { () throws(EffectError) in
            try await waiter.run { connection throws(PostgreSQLFailure) in _ = try connection.run("SELECT * FROM t") }
        }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(error?.failure?.kind == .refused(.lockNotAvailable))
        await holder.session.close()
        try await waiter.run { connection throws(PostgreSQLFailure) in _ = try connection.run("SELECT * FROM t") }
        await waiter.session.close()
    }

    @Test("a cancelled read is ended on the server, and the connection goes on")
    func cancelledRead() async throws {
        let session = try await open()
        let observer = try await open()
        let clock = SystemTimeHandler()
        for _ in 0..<3 {
            let start = clock.monotonicNow
            let read = Task {
                try await session.read { connection throws(PostgreSQLFailure) in
                    _ = try connection.run("SELECT pg_sleep(50), 'cancelled read'", canBeInterrupted: true)
                }
            }
            let isRunning =
                "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%cancelled read%' AND state = 'active' "
                + "AND pid <> pg_backend_pid()"
            while try await observer.integer(isRunning) == 0 { try await clock.sleep(for: .milliseconds(5)) }
            read.cancel()
            let error = await read.result.effectError
            #expect(error?.code == .cancelled)
            #expect(start.duration(to: clock.monotonicNow) < .seconds(30))
            #expect(try await observer.integer(isRunning) == 0)
            #expect(try await session.integer("SELECT 7::bigint") == 7)
        }
        await session.session.close()
        await observer.session.close()
    }

    @Test("a cancellation that comes late does not hit the next read")
    func lateCancellation() async throws {
        let session = try await open()
        for _ in 0..<50 {
            let read = Task {
                try await session.read { connection throws(PostgreSQLFailure) in
                    try connection.run("SELECT 1::bigint", canBeInterrupted: true).first?.int64(0)
                }
            }
            await Task.yield()
            read.cancel()
            let error = await read.result.effectError
            #expect(error == nil || error?.code == .cancelled)
            let next = try await session.read { connection throws(PostgreSQLFailure) in
                try connection.run("SELECT 2::bigint, pg_sleep(0.001)", canBeInterrupted: true).first?.int64(0)
            }
            #expect(next == 2)
        }
        await session.session.close()
    }

    @Test("closing ends a read that is under way, and the error says that the handler was stopped")
    func closing() async throws {
        let session = try await open()
        let clock = SystemTimeHandler()
        let start = clock.monotonicNow
        let read = Task {
            try await session.read { connection throws(PostgreSQLFailure) in
                _ = try connection.run("SELECT pg_sleep(50)", canBeInterrupted: true)
            }
        }
        try await clock.sleep(for: .milliseconds(100))
        await session.session.close()
        let error = await read.result.effectError
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == false)
        #expect(start.duration(to: clock.monotonicNow) < .seconds(30))
        let late = await thrownError { () throws(EffectError) in _ = try await session.integer("SELECT 1") }
        #expect(late?.code == .unavailable)
    }

    @Test("a session that the server ends is unusable afterwards")
    func terminated() async throws {
        let session = try await open()
        let other = try await open()
        let backend = try await session.integer("SELECT pg_backend_pid()::bigint")
        _ = try await other.integer("SELECT pg_terminate_backend(\(backend ?? 0))::int::bigint")
        let error = await thrownError { () throws(EffectError) in _ = try await session.integer("SELECT 1::bigint") }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(!session.session.isUsable)
        await session.session.close()
        await other.session.close()
    }
}
#endif
