#if os(Linux)
internal import CSimulation

/// What functions of the program are called, for reports.
enum FunctionName {
    /// The name of the function that holds an address; `nil` for what is the runtime's, and for what has no name.
    static func of(_ address: UnsafeRawPointer) -> String? {
        guard var name = unsafe symbol(address) else { return nil }
        // What the compiler calls the rest of a function after an `await`.
        if let end = name.firstRange(of: " partial function for ") { name.removeSubrange(..<end.upperBound) }
        return isOfTheRuntime(name) ? nil : name
    }

    /// The name of the function that a task begins with.
    static func ofBeginning(_ task: UnsafeMutableRawPointer) -> String? {
        guard let address = unsafe aura_task_resume_function(task), let name = unsafe symbol(address) else {
            return nil
        }
        let prefix = "partial apply forwarder for "
        return name.hasPrefix(prefix) ? String(name.dropFirst(prefix.count)) : name
    }

    private static func symbol(_ address: UnsafeRawPointer) -> String? {
        guard let text = unsafe aura_function_name(address) else { return nil }
        defer { unsafe aura_free(text) }
        return unsafe String(cString: text)
    }

    private static func isOfTheRuntime(_ name: String) -> Bool {
        name.hasPrefix("completeTask") || name.hasPrefix("swift::") || name.hasPrefix("reabstraction thunk")
            || name.hasPrefix("generic specialization") || name.hasPrefix("generic not re-abstracted specialization")
            || name.hasPrefix("partial apply forwarder") || name.contains("future_wait")
    }
}
#endif
