internal import AuraEffects

// Partitions and degradations.
extension SimulatedNetworkState {
    mutating func disturb(
        _ effect: Disturbance.Effect,
        _ group: Set<PeerID>,
        _ others: Set<PeerID>,
        _ direction: LinkDirection,
        _ now: MonotonicInstant
    ) -> UInt64 {
        let disturbance = Disturbance(
            number: nextNumber(),
            effect: effect,
            group: numbers(of: group),
            others: numbers(of: others),
            direction: direction
        )
        disturbances.append(disturbance)
        disturbAll(now)
        return disturbance.number
    }

    mutating func endDisturbance(_ number: UInt64, _ now: MonotonicInstant) {
        disturbances.removeAll { $0.number == number }
        disturbAll(now)
    }

    mutating func endDisturbances(_ now: MonotonicInstant) {
        disturbances = []
        disturbAll(now)
    }

    mutating func setConditions(_ conditions: LinkConditions, from sender: PeerID, to receiver: PeerID) {
        guard let link = link(from: number(of: sender), to: number(of: receiver)) else { return }
        links[link].conditions = conditions
        disturb(&links[link])
    }

    /// Makes of a link what all disturbances together make of it.
    func disturb(_ link: inout NetworkLink) {
        link.isBlocked = false
        link.effective = link.conditions
        for disturbance in disturbances where disturbance.concerns(link) {
            switch disturbance.effect {
            case .partition: link.isBlocked = true
            case .degradation(let degradation): link.effective = link.effective.degraded(by: degradation)
            }
        }
    }

    private mutating func disturbAll(_ now: MonotonicInstant) {
        let before = links.map(\.isBlocked)
        for link in links.indices {
            var changed = links[link]
            disturb(&changed)
            links[link] = changed
        }
        for link in links.indices where links[link].isBlocked != before[link] {
            links[link].isBlocked ? hold(link, now) : letThrough(link, now)
        }
    }

    /// What is under way stays where it is, and both ends hear nothing more: one no messages, the other no receipts.
    private mutating func hold(_ link: Int, _ now: MonotonicInstant) {
        links[link].expectedArrival = 0
        guard isWhole(link) else { return }
        beginSilence(link, now)
        beginSilence(links[link].reverse, now)
    }

    private mutating func letThrough(_ link: Int, _ now: MonotonicInstant) {
        if !links[link].frames.isEmpty {
            // The sender tries again: that takes as long as the first time.
            let delay = links[link].effective.drawLatency(&links[link].generator)
            expectArrival(link, at: now.advanced(by: delay))
        }
        guard !isBlocked(link) else { return }
        if isWhole(link) {
            links[link].silence = 0
            links[links[link].reverse].silence = 0
        } else {
            planReconnection(link, now)
        }
    }

    private mutating func numbers(of names: Set<PeerID>) -> Set<Int> {
        Set(names.sorted().map { number(of: $0) })
    }
}
