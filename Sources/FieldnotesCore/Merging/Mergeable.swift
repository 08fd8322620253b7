/// A value that grows by merging: the states of two devices become the same one, whoever merges first and however often.
///
/// Merging is the join of a semilattice: associative, commutative and idempotent. So devices that have seen the same
/// writes hold the same state. The tests check the laws for every type that conforms.
///
/// Source: Shapiro, Preguiça, Baquero and Zawirski, "A comprehensive study of Convergent and Commutative Replicated Data
/// Types" (INRIA RR-7506, 2011), section 2.
package protocol Mergeable: Hashable, Sendable {
    /// Creates the state before any write: merging it changes nothing.
    init()

    /// Takes in what another state has seen.
    mutating func merge(_ other: Self)
}
