#if os(Linux)
internal import AuraEffects
internal import AuraRuntime

/// Carries out the faults of a plan: on the links between the nodes concerned and all others, on their disks and clocks, on
/// their processes, and on what they ask of the cloud.
extension World: FaultTarget {
    /// Lets a fault begin.
    ///
    /// - Throws: Nothing of its own.
    public func apply(_ fault: PlannedFault) async throws {
        let chosen = nodes.filter { fault.nodes.contains($0.name) }
        switch fault.fault.kind.family {
        case .network: applyToNetwork(fault)
        case .clock: for node in chosen { node.clock.apply(fault.fault) }
        case .disk: for node in chosen { node.applyToDisk(fault) }
        case .process: for node in chosen { node.applyToProcess(fault.fault) }
        case .cloud: applyToCloud(fault)
        }
    }

    /// Ends a fault: what crashed or was killed starts again.
    ///
    /// - Throws: What keeps a node from starting.
    public func revert(_ fault: PlannedFault) async throws {
        let chosen = nodes.filter { fault.nodes.contains($0.name) }
        switch fault.fault.kind.family {
        case .network: endDisturbance(of: fault)
        case .clock: for node in chosen { node.clock.revert(fault.fault) }
        case .disk: for node in chosen { try await node.revertOnDisk(fault) }
        case .process: for node in chosen { try await node.revertOnProcess(fault.fault) }
        case .cloud: endCloudDisturbance(of: fault)
        }
    }

    private func applyToCloud(_ fault: PlannedFault) {
        let degradation: CloudDegradation? =
            switch fault.fault {
            case .throttling(let chance): .throttling(chance)
            case .cloudOutage: .outage
            case .lostAnswers(let chance): .lostAnswers(chance)
            case .redelivery(let chance): .redelivery(chance)
            default: nil
            }
        if let degradation { begin(fault, cloud.degrade(for: Set(fault.nodes), by: degradation)) }
    }

    private func applyToNetwork(_ fault: PlannedFault) {
        let names = nodes.map(\.name)
        let group = Set(fault.nodes.map { PeerID($0) })
        let others = Set(names.map { PeerID($0) }).subtracting(group)
        switch fault.fault {
        case .latency(let duration):
            begin(fault, network.degrade(group, and: others, by: LinkDegradation(addedLatency: duration)))
        case .slowLink(let bandwidth):
            begin(fault, network.degrade(group, and: others, by: LinkDegradation(bandwidth: bandwidth)))
        case .partition(let direction):
            begin(fault, network.partition(group, from: others, direction))
        case .disconnect:
            for name in names where !group.contains(PeerID(name)) {
                for member in fault.nodes { network.disconnect(PeerID(member), PeerID(name)) }
            }
        default: break
        }
    }
}

extension Node {
    func applyToDisk(_ fault: PlannedFault) {
        if case .tornWrite = fault.fault {
            // Soon, but not at the first operation: where, the moment of the fault decides.
            disk.crash(atOperation: 1 + Int(fault.begin.nanoseconds / 1_000_000 % 50))
        } else {
            withDiskFaults { $0.append(fault) }
        }
    }

    func revertOnDisk(_ fault: PlannedFault) async throws {
        if case .tornWrite = fault.fault {
            // A disk that was not used until now has not failed.
            crash()
            try await restart()
        } else {
            withDiskFaults { faults in
                if let index = faults.firstIndex(of: fault) { faults.remove(at: index) }
            }
        }
    }

    func applyToProcess(_ fault: Fault) {
        switch fault {
        case .crash: crash()
        case .kill: kill()
        case .pause: pause()
        default: break
        }
    }

    func revertOnProcess(_ fault: Fault) async throws {
        if case .pause = fault { resume() } else { try await restart() }
    }
}

extension SimulatedDisk {
    /// Fails as several faults together do.
    func fail(as faults: [PlannedFault]) {
        var sum = DiskFaults()
        var isFull = false
        for fault in faults {
            switch fault.fault {
            case .bitFlips(let chance): sum.flippedBit = max(sum.flippedBit, chance)
            case .diskErrors(let chance):
                sum.readError = max(sum.readError, chance)
                sum.writeError = max(sum.writeError, chance)
                sum.syncError = max(sum.syncError, chance)
            case .slowDisk(let duration):
                sum.slow = 1
                sum.slowness = fault == faults.first ? duration : max(sum.slowness, duration)
            case .diskFull: isFull = true
            default: break
            }
        }
        self.faults = sum
        capacity = isFull ? 0 : nil
    }
}
#endif
