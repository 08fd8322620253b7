public import AuraEffects

/// An operation on a storage that a ``DifferentialTest`` compares.
public enum StorageOperation: Sendable, Hashable {
    /// Reads a value.
    case read(StorageKey)
    /// Writes a value.
    case write(CountedBytes, to: StorageKey, if: Condition = .none)
    /// Removes a value.
    case remove(StorageKey, if: Condition = .none)
    /// Lists the first keys, and says whether there are more. A handler may give them in several pages.
    case list(prefix: String = "", after: StorageKey? = nil, limit: Int)
    /// Lists every key, page by page.
    case listAll(prefix: String = "", pageSize: Int)
    /// Applies several changes in a transaction.
    case transact([Mutation])
    /// Reopens the subject.
    case reopen
    /// Crashes the subject and opens what is left.
    case crash

    /// One change of a transaction.
    public enum Mutation: Sendable, Hashable {
        /// Writes a value.
        case write(CountedBytes, to: StorageKey, if: Condition = .none)
        /// Removes a value.
        case remove(StorageKey, if: Condition = .none)
    }

    /// A precondition that means the same on both storages, whose revisions differ.
    public enum Condition: Sendable, Hashable {
        /// No condition.
        case none
        /// There is no value.
        case absent
        /// The revision that was issued last for the key; one that was never issued where none was.
        case latest
        /// The revision that was issued for the key before the last; one that was never issued where none was.
        case previous
        /// The revision that was issued last for another key; one that was never issued where none was.
        case latestOf(StorageKey)
        /// A revision that was never issued.
        case neverIssued
    }
}

extension StorageOperation.Mutation {
    var key: StorageKey {
        switch self {
        case .write(_, let key, _), .remove(let key, _): key
        }
    }

    var condition: StorageOperation.Condition {
        switch self {
        case .write(_, _, let condition), .remove(_, let condition): condition
        }
    }

    /// The operation that does the same alone.
    var alone: StorageOperation {
        switch self {
        case .write(let bytes, let key, let condition): .write(bytes, to: key, if: condition)
        case .remove(let key, let condition): .remove(key, if: condition)
        }
    }

    /// The change that an operation makes; `nil` for one that makes none.
    init?(_ operation: StorageOperation) {
        switch operation {
        case .write(let bytes, let key, let condition): self = .write(bytes, to: key, if: condition)
        case .remove(let key, let condition): self = .remove(key, if: condition)
        default: return nil
        }
    }
}
