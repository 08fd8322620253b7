#if Generator
/// What the protocol of the expansion tests expands to.
let expandedNotes = """
    // Generated from NotesEffects.swift by 'make generate'; do not edit.

    /// The operation catalogue of ``NotesEffects``.
    public enum NotesEffectsOperations {
        /// `notes.capabilities`.
        public static let capabilities = EffectOperation(
            effect: "notes",
            name: "capabilities",
            index: 0,
            kind: .synchronous,
            idempotency: .always
        )
        /// `notes.note`.
        public static let note = EffectOperation(
            effect: "notes",
            name: "note",
            index: 1,
            idempotency: .always,
            resource: "id"
        )
        /// `notes.add`.
        public static let add = EffectOperation(
            effect: "notes",
            name: "add",
            index: 2,
            idempotency: .dependsOnArguments,
            resource: "start"
        )
        /// `notes.clear`.
        public static let clear = EffectOperation(effect: "notes", name: "clear", index: 3)
        /// `notes.count`.
        public static let count = EffectOperation(effect: "notes", name: "count", index: 4, kind: .synchronous)
        /// Every operation, in the order of the protocol.
        public static let all: [EffectOperation] = [capabilities, note, add, clear, count]
    }

    /// A ``NotesEffects`` handler with interceptors around every operation.
    public struct InterceptedNotesEffects: NotesEffects, InterceptedHandler {
        /// The handler that the interceptors surround.
        public let base: any NotesEffects
        private let interceptors: InterceptorChain

        /// Puts a chain around a handler.
        public init(_ base: any NotesEffects, _ interceptors: InterceptorChain) {
            self.base = base
            self.interceptors = interceptors
        }

        /// `notes.capabilities`.
        public var capabilities: Capabilities {
            interceptors.synchronous(
                interceptors.call(NotesEffectsOperations.capabilities, isIdempotent: true),
                base.capabilities
            )
        }

        /// `notes.note`.
        @inline(__always)
        public func note(_ id: String) async throws(EffectError) -> Note? {
            let call = interceptors.call(
                NotesEffectsOperations.note,
                resource: id.effectResource,
                isIdempotent: true,
                arguments: [EffectArgument("id", id)]
            )
            guard interceptors.onlyObserves else {
                let base = base
                @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                    AnswerOf(try await base.note(id))
                }
                return try await interceptors.intercept(call, perform)
            }
            let start = interceptors.began(call)
            do throws(EffectError) {
                let answer = try await base.note(id)
                interceptors.ended(call, since: start)
                return answer
            } catch {
                interceptors.ended(call, since: start, with: error)
                throw error
            }
        }

        /// `notes.add`.
        @inline(__always)
        @discardableResult
        public func add(_ text: String, as callArgument: String?, at startArgument: StorageKey) async throws -> Int {
            let call = interceptors.call(
                NotesEffectsOperations.add,
                resource: startArgument.effectResource,
                isIdempotent: callArgument == nil,
                arguments: [
                    EffectArgument("text", text),
                    EffectArgument("call", callArgument),
                    EffectArgument("start", startArgument),
                ]
            )
            guard interceptors.onlyObserves else {
                let base = base
                @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                    do {
                        return AnswerOf(try await base.add(text, as: callArgument, at: startArgument))
                    } catch {
                        throw interceptors.foreign(error, in: call)
                    }
                }
                do throws(EffectError) {
                    return try await interceptors.intercept(call, perform)
                } catch {
                    throw error.original
                }
            }
            let start = interceptors.began(call)
            do {
                let answer = try await base.add(text, as: callArgument, at: startArgument)
                interceptors.ended(call, since: start)
                return answer
            } catch {
                interceptors.ended(call, since: start, with: interceptors.foreign(error, in: call))
                throw error
            }
        }

        /// `notes.clear`.
        @inline(__always)
        public func clear() async throws(EffectError) {
            let call = interceptors.call(NotesEffectsOperations.clear)
            guard interceptors.onlyObserves else {
                let base = base
                @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                    AnswerOf(try await base.clear())
                }
                return try await interceptors.intercept(call, perform)
            }
            let start = interceptors.began(call)
            do throws(EffectError) {
                try await base.clear()
                interceptors.ended(call, since: start)
            } catch {
                interceptors.ended(call, since: start, with: error)
                throw error
            }
        }

        /// `notes.count`.
        public var count: Int {
            interceptors.synchronous(interceptors.call(NotesEffectsOperations.count), base.count)
        }
    }

    /// A ``NotesEffects`` handler that fails by name.
    public struct UnimplementedNotesEffects: NotesEffects {
        /// Creates the handler.
        public init() {}

        /// None.
        public var capabilities: Capabilities {
            Capabilities()
        }

        /// Fails.
        public func note(_ id: String) async throws(EffectError) -> Note? {
            throw .unimplemented("notes", "note")
        }

        /// Fails.
        @discardableResult
        public func add(_ text: String, as callArgument: String?, at startArgument: StorageKey) async throws -> Int {
            throw EffectError.unimplemented("notes", "add")
        }

        /// Fails.
        public func clear() async throws(EffectError) {
            throw .unimplemented("notes", "clear")
        }

        /// Fails.
        public var count: Int {
            NotesEffectsOperations.count.unimplemented()
        }
    }

    """
#endif
