#if PostgreSQL
internal import CPostgreSQL
internal import Foundation

/// What the server or libpq says is wrong.
struct PlainError: Error, CustomStringConvertible {
    var message: String
    /// The SQLSTATE; empty where the connection failed.
    var state: String

    var description: String { "\(state) \(message)" }
}

/// A connection as libpq gives it, which blocks the thread that uses it.
@safe
final class PlainConnection {
    private let handle: OpaquePointer

    init(_ parameters: [String: String]) throws {
        let text = parameters.sorted { $0.key < $1.key }
            .map { "\($0.key)='\(Self.quoted($0.value))'" }
            .joined(separator: " ")
        guard let handle = unsafe PQconnectdb(text) else {
            throw PlainError(message: "out of memory", state: "")
        }
        guard unsafe PQstatus(handle) == CONNECTION_OK else {
            defer { unsafe PQfinish(handle) }
            throw PlainError(message: unsafe String(cString: PQerrorMessage(handle)), state: "")
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe PQfinish(handle)
    }

    /// The number of the server's process for this connection.
    var backend: Int { Int(unsafe PQbackendPID(handle)) }

    /// Runs SQL and returns the rows, of the last statement where there are several and no parameters.
    @discardableResult
    func query(_ sql: String, _ parameters: [String?] = []) throws -> [[String?]] {
        let result = unsafe parameters.isEmpty ? PQexec(handle, sql) : execute(sql, parameters)
        defer { unsafe PQclear(result) }
        return try unsafe checked(result)
    }

    /// Asks for something and does not wait for the answer.
    func send(_ sql: String) throws {
        guard unsafe PQsendQuery(handle, sql) == 1 else { throw failure("") }
    }

    /// The rows of the last statement that was sent; `nil` where the answer does not come in time.
    func answer(within patience: Duration) throws -> [[String?]]? {
        let deadline = ContinuousClock.now + patience
        var rows: [[String?]] = []
        while true {
            while unsafe PQisBusy(handle) == 1 {
                let left = Int32(max(.zero, deadline - .now) / .milliseconds(1))
                var polled = unsafe pollfd(fd: PQsocket(handle), events: Int16(POLLIN), revents: 0)
                if unsafe poll(&polled, 1, left) == 0 { return nil }
                guard unsafe PQconsumeInput(handle) == 1 else { throw failure("") }
            }
            guard let result = unsafe PQgetResult(handle) else { return rows }
            defer { unsafe PQclear(result) }
            rows = try unsafe checked(result)
        }
    }

    private func checked(_ result: OpaquePointer?) throws -> [[String?]] {
        switch unsafe PQresultStatus(result) {
        case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: return unsafe rows(result)
        default:
            let state = unsafe PQresultErrorField(result, Int32(UInt8(ascii: "C")))
            throw failure(unsafe state.map { unsafe String(cString: $0) } ?? "")
        }
    }

    private func failure(_ state: String) -> PlainError {
        PlainError(message: unsafe String(cString: PQerrorMessage(handle)), state: state)
    }

    private func execute(_ sql: String, _ parameters: [String?]) -> OpaquePointer? {
        var texts = unsafe parameters.map { unsafe $0.flatMap { unsafe strdup($0) } }
        defer {
            while let text = unsafe texts.popLast() { unsafe free(text) }
        }
        let values = unsafe texts.map { unsafe UnsafePointer($0) }
        return unsafe PQexecParams(handle, sql, Int32(values.count), nil, values, nil, nil, 0)
    }

    private func rows(_ result: OpaquePointer?) -> [[String?]] {
        unsafe (0..<PQntuples(result))
            .map { row in
                unsafe (0..<PQnfields(result))
                    .map { column in
                        unsafe PQgetisnull(result, row, column) == 1
                            ? nil : String(cString: PQgetvalue(result, row, column))
                    }
            }
    }

    private static func quoted(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("'", with: "\\'")
    }
}
#endif
