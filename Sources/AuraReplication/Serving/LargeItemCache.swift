internal import AuraEffects
internal import Synchronization

/// The payload or snapshot whose parts a peer is asking for, so that it is not read and encoded for each part.
///
/// It holds one item, and none once the last part of it was sent; without it each part is only slower.
final class LargeItemCache: Sendable {
    struct Item: Sendable {
        var bytes: [UInt8]
        var check: UInt64
    }

    private let kept = Mutex<(subject: PartRequest.Subject, item: Item)?>(nil)

    func item(_ subject: PartRequest.Subject) -> Item? {
        kept.withLock { $0?.subject == subject ? $0?.item : nil }
    }

    func keep(_ item: Item, as subject: PartRequest.Subject) {
        kept.withLock { $0 = (subject, item) }
    }

    func forget(_ subject: PartRequest.Subject) {
        kept.withLock { kept in
            if kept?.subject == subject { kept = nil }
        }
    }
}
