/// Names a part of an application's work, so that `--replay` tells its effect calls from those of others.
///
/// A recorded call is found again by its task's path: the names of the scopes around it and the name of its task. Tasks
/// that run side by side and do the same kind of work each get a name, or a scope:
///
/// ```swift
/// try await withThrowingTaskGroup { group in
///     for folder in folders {
///         group.addTask { try await withEffectScope(folder.name) { try await importFolder(folder) } }
///     }
///     try await group.waitForAll()
/// }
/// ```
///
/// It costs a task-local value and nothing else; where nothing is recorded or replayed it has no effect.
///
/// - Parameters:
///   - name: The part's name, the same on every run.
///   - body: The work; tasks that it creates, detached ones aside, belong to the scope.
/// - Returns: What `body` returns.
/// - Throws: What `body` throws.
public func withEffectScope<Result, Failure: Error>(
    _ name: String,
    _ body: () async throws(Failure) -> Result
) async throws(Failure) -> Result {
    let result: Swift.Result<Result, Failure> = await EffectScope.$current.withValue(EffectScope(named: name)) {
        do throws(Failure) {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }
    return try result.get()
}

/// Where in an application's work a call is made.
struct EffectScope: Sendable {
    @TaskLocal static var current = EffectScope(path: "", taskName: "")

    private let path: String
    /// The task that began the scope: its name is a part of the path already.
    private let taskName: String

    private init(path: String, taskName: String) {
        self.path = path
        self.taskName = taskName
    }

    /// A scope within the current one.
    init(named name: String) {
        let outer = Self.currentPath
        path = outer.isEmpty ? name : "\(outer)/\(name)"
        taskName = Self.currentTaskName
    }

    /// The path of the current task: the scopes around it from the outermost on, and the names of tasks after a `#`.
    static var currentPath: String {
        let scope = current
        let name = currentTaskName
        return name.isEmpty || name == scope.taskName ? scope.path : "\(scope.path)#\(name)"
    }

    private static var currentTaskName: String {
        guard #available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *) else { return "" }
        return Task.name ?? ""
    }
}
