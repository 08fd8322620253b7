#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

extension AppendGroup {
    /// Moves the head on where it is the one that the group was judged upon, and inserts the rows only then.
    private static let insertion = """
        WITH moved AS (
          UPDATE journal_head
          SET version = version + 1, position = $3, sequence = $4, hash = $5, clock = $6, highest_id = $7
          WHERE version = $1 AND hash = $2
          RETURNING pg_notify($8::text, ''))
        INSERT INTO journal_entries
          (position, stream, revision, origin, sequence, id, timestamp, kind, is_compacted, payload, hash, checksum)
        SELECT $9::bigint + n, r.stream, r.revision, $10::integer, $11::bigint + n, r.id, r.timestamp, r.kind, false,
          r.payload, r.hash, r.checksum
        FROM moved, unnest(
          $12::bigint[], $13::bigint[], $14::uuid[], $15::bigint[], $16::integer[], $17::bytea[], $18::bytea[], $19::bigint[])
          WITH ORDINALITY AS r(stream, revision, id, timestamp, kind, payload, hash, checksum, n)
        """

    /// Looks whether the head is still the one that the group was judged upon.
    private static let check = "SELECT 1 FROM journal_head WHERE version = $1 AND hash = $2"

    /// Adds the statement that commits the group, or, where it adds nothing, confirms what it was judged upon.
    func addStatement(to batch: inout PostgreSQLBatch, channel: String) {
        var parameters = PostgreSQLParameters(capacity: 512 + rows.reduce(0) { $0 + $1.payload.count + 160 })
        parameters.add(before.version)
        parameters.add(before.hash)
        guard !rows.isEmpty else {
            batch.add(Self.check, parameters)
            return
        }
        parameters.add(after.position)
        parameters.add(after.sequence)
        parameters.add(after.hash)
        parameters.add(after.clock.last.rawValue)
        if let id = after.highestID { parameters.add(uuid: id.rawValue) } else { parameters.addNull() }
        parameters.add(channel)
        parameters.add(before.position)
        parameters.add(Int32(after.originNumber))
        parameters.add(before.sequence)
        let rows = rows
        parameters.addArray(of: .int8, count: rows.count) { parameters in
            for row in rows { parameters.element(Int64(row.entry.stream)) }
        }
        parameters.addArray(of: .int8, count: rows.count) { parameters in
            for row in rows { parameters.element(Int64(row.entry.revision)) }
        }
        parameters.addArray(of: .uuid, count: rows.count) { parameters in
            for row in rows { parameters.element(uuid: row.entry.id.rawValue) }
        }
        parameters.addArray(of: .int8, count: rows.count) { parameters in
            for row in rows { parameters.element(Int64(row.entry.timestamp.rawValue)) }
        }
        parameters.addArray(of: .int4, count: rows.count) { parameters in
            for row in rows { parameters.element(Int32(row.entry.kind)) }
        }
        parameters.addArray(of: .bytes, count: rows.count) { parameters in
            for row in rows { parameters.element(row.payload) }
        }
        parameters.addArray(of: .bytes, count: rows.count) { parameters in
            for row in rows { parameters.element(row.entry.hash) }
        }
        parameters.addArray(of: .int8, count: rows.count) { parameters in
            for row in rows {
                parameters.element(Int64(bitPattern: row.entry.checksum(payload: row.payload)))
            }
        }
        batch.add(Self.insertion, parameters)
    }

    /// Whether the answer to the statement says that the group took effect.
    func isCommitted(_ result: PostgreSQLResult) -> Bool {
        rows.isEmpty ? result.rowCount == 1 : result.changedRows == rows.count
    }
}
#endif
