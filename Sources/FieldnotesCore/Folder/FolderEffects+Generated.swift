// Generated from FolderEffects.swift by 'make generate'; do not edit.

package import AuraEffects

/// The operation catalogue of ``FolderEffects``.
package enum FolderEffectsOperations {
    /// `folder.capabilities`.
    package static let capabilities = EffectOperation(
        effect: "folder",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `folder.resolve`.
    package static let resolve = EffectOperation(
        effect: "folder",
        name: "resolve",
        index: 1,
        idempotency: .always,
        resource: "folder"
    )
    /// `folder.list`.
    package static let list = EffectOperation(
        effect: "folder",
        name: "list",
        index: 2,
        idempotency: .always,
        resource: "folder"
    )
    /// `folder.read`.
    package static let read = EffectOperation(
        effect: "folder",
        name: "read",
        index: 3,
        idempotency: .always,
        resource: "file"
    )
    /// `folder.replace`.
    package static let replace = EffectOperation(effect: "folder", name: "replace", index: 4, resource: "path")
    /// Every operation, in the order of the protocol.
    package static let all: [EffectOperation] = [capabilities, resolve, list, read, replace]
}

/// A ``FolderEffects`` handler with interceptors around every operation.
package struct InterceptedFolderEffects: FolderEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    package let base: any FolderEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    package init(_ base: any FolderEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `folder.capabilities`.
    package var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(FolderEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `folder.resolve`.
    @inline(__always)
    package func resolve(_ folder: String) async throws(EffectError) -> String {
        let call = interceptors.call(
            FolderEffectsOperations.resolve,
            resource: folder.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("folder", folder)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.resolve(folder))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.resolve(folder)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `folder.list`.
    @inline(__always)
    package func list(_ folder: String, after name: String?, limit: Int) async throws(EffectError) -> FolderPage {
        let call = interceptors.call(
            FolderEffectsOperations.list,
            resource: folder.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("folder", folder), EffectArgument("name", name), EffectArgument("limit", limit)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.list(folder, after: name, limit: limit))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.list(folder, after: name, limit: limit)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `folder.read`.
    @inline(__always)
    package func read(_ file: String, from offset: Int, limit: Int) async throws(EffectError) -> [UInt8] {
        let call = interceptors.call(
            FolderEffectsOperations.read,
            resource: file.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("file", file), EffectArgument("offset", offset), EffectArgument("limit", limit)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.read(file, from: offset, limit: limit))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.read(file, from: offset, limit: limit)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `folder.replace`.
    @inline(__always)
    package func replace(
        _ path: String,
        in folder: String,
        with contents: @escaping FolderContents
    ) async throws(EffectError) {
        let call = interceptors.call(
            FolderEffectsOperations.replace,
            resource: path.effectResource,
            arguments: [
                EffectArgument("path", path),
                EffectArgument("folder", folder),
                EffectArgument("contents", contents),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.replace(path, in: folder, with: contents))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.replace(path, in: folder, with: contents)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``FolderEffects`` handler that fails by name.
package struct UnimplementedFolderEffects: FolderEffects {
    /// Creates the handler.
    package init() {}

    /// None.
    package var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    package func resolve(_ folder: String) async throws(EffectError) -> String {
        throw .unimplemented("folder", "resolve")
    }

    /// Fails.
    package func list(_ folder: String, after name: String?, limit: Int) async throws(EffectError) -> FolderPage {
        throw .unimplemented("folder", "list")
    }

    /// Fails.
    package func read(_ file: String, from offset: Int, limit: Int) async throws(EffectError) -> [UInt8] {
        throw .unimplemented("folder", "read")
    }

    /// Fails.
    package func replace(
        _ path: String,
        in folder: String,
        with contents: @escaping FolderContents
    ) async throws(EffectError) {
        throw .unimplemented("folder", "replace")
    }
}
