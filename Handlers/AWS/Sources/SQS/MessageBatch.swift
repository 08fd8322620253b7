#if AWS
/// What is sent together, where a request has a largest size.
enum MessageBatch {
    /// Splits messages into batches, in their order.
    ///
    /// - Parameters:
    ///   - sizes: The messages' sizes, in bytes.
    ///   - most: The largest batch, in bytes; a message that is larger is alone.
    /// - Returns: The messages' indices, batch by batch.
    static func indices(of sizes: [Int], atMost most: Int) -> [[Int]] {
        var batches: [[Int]] = []
        var bytes = most
        for (index, size) in sizes.enumerated() {
            bytes += size
            if bytes > most || batches.isEmpty {
                batches.append([])
                bytes = size
            }
            batches[batches.count - 1].append(index)
        }
        return batches
    }
}
#endif
