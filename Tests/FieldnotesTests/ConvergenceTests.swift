internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("Operations of several devices, in whatever order they arrive")
struct ConvergenceTests {
    private static let note = NoteID(rawValue: 7)
    private static let tags = ["a", "b", "c"].compactMap(NoteTag.init(exactly:))

    /// A device with a note: what it has taken in, and what it sees of it.
    private struct Device {
        let origin: UInt128
        /// Whether it knows operations of the first version only.
        let isOld: Bool
        var record = NoteRecord(ConvergenceTests.note)
        var taken: [WrittenOperation] = []

        mutating func takeIn(_ operation: WrittenOperation) {
            let change = record.takeIn(operation)
            // What the projection asks the journal for: whether the entry stands before this one.
            let arrived = Set(taken.map(\.id))
            for id in change.unseenTexts where arrived.contains(id) { record.texts.settle(id) }
            for dot in change.unseenTags where arrived.contains(dot.id) { record.tagged.settle(dot) }
            taken.append(operation)
        }

        /// What a user of this device does next, by what is seen there.
        func draw(_ number: Int, using generator: inout Generator) -> (NoteOperation, isImport: Bool) {
            let content = NoteContent.inline([UInt8(number)])
            let tag = ConvergenceTests.tags.randomElement(using: &generator).map { [$0] } ?? []
            let choice = Int.random(in: 0..<8, using: &generator)
            if record.current == nil || choice == 0 {
                // Two devices may import the same file, each with a tag of its own.
                let file = NoteContent.inline([200 + UInt8(number % 2)])
                return isOld
                    ? (.addedBlindly(file, tags: tag, source: nil), true)
                    : (.added(file, tags: tag, source: nil), true)
            }
            switch choice {
            case 1, 2, 3:
                return (isOld ? .editedBlindly(content) : .edited(content, replacing: record.seenTexts), false)
            case 4: return (isOld ? .taggedBlindly(tag) : .tagged(tag), false)
            case 5, 6: return (isOld ? .untaggedBlindly(tag) : .untagged(tag.flatMap(record.tagged.dots)), false)
            default: return (isOld ? .editedBlindly(content) : .titled(GivenTitle("title \(number)")), false)
            }
        }
    }

    /// Lets three devices write and exchange at random, and then all have everything.
    private static func run(seed: UInt64) -> (devices: [Device], written: [WrittenOperation]) {
        var generator = Generator(seed: seed)
        let hasOld = seed.isMultiple(of: 3)
        var devices = (1...3).map { Device(origin: UInt128($0), isOld: hasOld && $0 == 3) }
        var written: [WrittenOperation] = []
        for number in 0..<Int.random(in: 4..<24, using: &generator) {
            let index = devices.indices.randomElement(using: &generator) ?? 0
            let (operation, isImport) = devices[index].draw(number, using: &generator)
            // Clocks are askew: a later operation may have an earlier time.
            let time = UInt64(100 + number) + UInt64.random(in: 0..<20, using: &generator)
            let step = WrittenOperation(
                operation,
                of: note,
                id: isImport ? importID(of: operation) : randomID(number),
                time: time,
                origin: devices[index].origin
            )
            guard !devices[index].taken.contains(where: { $0.id == step.id }) else { continue }
            written.append(step)
            devices[index].takeIn(step)
            // Some of what a device has not seen arrives, in any order.
            let receiver = devices.indices.randomElement(using: &generator) ?? 0
            for operation in written.shuffled(using: &generator).prefix(Int.random(in: 0..<6, using: &generator))
            where !devices[receiver].taken.contains(operation) { devices[receiver].takeIn(operation) }
        }
        for index in devices.indices {
            for operation in written.shuffled(using: &generator) where !devices[index].taken.contains(operation) {
                devices[index].takeIn(operation)
            }
        }
        return (devices, written)
    }

    private static func randomID(_ number: Int) -> EntryID {
        EntryID(rawValue: 7 << 76 | 0b10 << 62 | UInt128(number))
    }

    private static func importID(of operation: NoteOperation) -> EntryID {
        EntryID(milliseconds: 5, "note.added") { $0.digest(operation.content?.digest ?? .zero) }
    }

    /// What the operations add up to by their definition, which knows of no order.
    private struct Meaning {
        var texts: Set<EntryID>
        var tags: Set<NoteTag>

        init(_ written: [WrittenOperation]) {
            var brought: Set<EntryID> = []
            var replaced: Set<EntryID> = []
            var added: Set<NoteTags.Dot> = []
            var removed: Set<NoteTags.Dot> = []
            var lastBlindText: Stamp?
            var lastBlindSay: [NoteTag: (stamp: Stamp, isSet: Bool)] = [:]
            func say(_ tags: [NoteTag], _ isSet: Bool, _ stamp: Stamp) {
                for tag in tags where lastBlindSay[tag].map({ $0.stamp < stamp }) ?? true {
                    lastBlindSay[tag] = (stamp, isSet)
                }
            }
            for step in written {
                let stamp = Stamp(step.entry(at: 1))
                switch step.operation {
                case .added(_, let tags, _):
                    brought.insert(step.id)
                    added.formUnion(tags.map { NoteTags.Dot(element: $0, id: step.id) })
                case .edited(_, let names):
                    brought.insert(step.id)
                    replaced.formUnion(names)
                case .tagged(let tags): added.formUnion(tags.map { NoteTags.Dot(element: $0, id: step.id) })
                case .untagged(let dots): removed.formUnion(dots)
                case .addedBlindly(_, let tags, _):
                    lastBlindText = max(lastBlindText ?? stamp, stamp)
                    say(tags, true, stamp)
                case .editedBlindly: lastBlindText = max(lastBlindText ?? stamp, stamp)
                case .taggedBlindly(let tags): say(tags, true, stamp)
                case .untaggedBlindly(let tags): say(tags, false, stamp)
                case .titled, .chunk, .attached, .detached: break
                }
            }
            if let lastBlindText { brought.insert(lastBlindText.entry) }
            for (tag, last) in lastBlindSay where last.isSet {
                added.insert(NoteTags.Dot(element: tag, id: last.stamp.entry))
            }
            texts = brought.subtracting(replaced)
            tags = Set(added.subtracting(removed).map(\.element))
        }
    }

    @Test("add up to the same on every device, and to what they mean: nothing is lost that nobody took away")
    func records() {
        var conflicts = 0
        for seed in 0..<UInt64(Soak.count(3000, soak: 30_000)) {
            let (devices, written) = Self.run(seed: seed)
            let expected = SeenNote(devices[0].record)
            let meaning = Meaning(written)
            for device in devices {
                #expect(SeenNote(device.record) == expected, "seed \(seed)")
                #expect(Set(device.record.seenTexts) == meaning.texts, "seed \(seed)")
                #expect(Set(device.record.tags) == meaning.tags, "seed \(seed)")
            }
            conflicts += expected.texts.count > 1 ? 1 : 0
        }
        #expect(conflicts > 300, "devices do not know of one another often enough")
    }

    @Test("leave no note of what was replaced and removed, but of what can come again")
    func bounded() {
        for seed in 0..<500 as Range<UInt64> where !seed.isMultiple(of: 3) {
            for device in Self.run(seed: seed).devices {
                let (texts, tags) = (device.record.texts.register.replaced, device.record.tagged.set.removed)
                #expect(texts.elements.allSatisfy { !$0.isOfOneOrigin }, "seed \(seed)")
                #expect(tags.elements.allSatisfy { !$0.id.isOfOneOrigin }, "seed \(seed)")
            }
        }
    }
}
