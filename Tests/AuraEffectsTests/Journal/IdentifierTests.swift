internal import AuraEffects
internal import Testing

@Suite("Names and ids")
struct IdentifierTests {
    @Test("a new entry id is a UUID of version 7 with the time in front")
    func layout() {
        let time = FixedTime(milliseconds: 0x0190_a0b0_c0d0)
        let mixed = EntryID(time: time, random: FixedRandom(value: 0x0123_4567_89ab_cdef))
        #expect(mixed.description == "0190a0b0c0d07def8123456789abcdef")
        let zeros = EntryID(time: FixedTime(milliseconds: 0), random: FixedRandom(value: 0))
        #expect(zeros.description == "00000000000070008000000000000000")
        let ones = EntryID(time: FixedTime(milliseconds: 0x0800_0000_0000), random: FixedRandom(value: .max))
        #expect(ones.description == "0800000000007fffbfffffffffffffff")
    }

    @Test("entry ids are ordered by time")
    func order() {
        let random = FixedRandom(value: .max)
        let earlier = EntryID(time: FixedTime(milliseconds: 1_000), random: random)
        let later = EntryID(time: FixedTime(milliseconds: 1_001), random: FixedRandom(value: 0))
        #expect(earlier < later)
        #expect(earlier.description < later.description)
    }

    @Test("ids survive the way through text")
    func text() throws {
        let id = EntryID(rawValue: 0xab)
        #expect(id.description == "000000000000000000000000000000ab")
        #expect(try #require(EntryID(id.description)) == id)
        #expect(try #require(OriginID("000000000000000000000000000000AB")).rawValue == 0xab)
        for wrong in [
            "", "ab", "+0000000000000000000000000000ab0", id.description + "0", "g" + id.description.dropFirst(),
        ] {
            #expect(EntryID(wrong) == nil, "\(wrong)")
            #expect(OriginID(wrong) == nil, "\(wrong)")
        }
    }

    @Test("names that look alike are distinct")
    func lookAlikes() {
        let composed = "\u{e4}"
        let decomposed = "a\u{308}"
        #expect(composed == decomposed)
        #expect(StreamName(composed) != StreamName(decomposed))
        #expect(StorageKey(composed) != StorageKey(decomposed))
        #expect(EntryKind(composed) != EntryKind(decomposed))
        #expect(Set([StreamName(composed), StreamName(decomposed)]).count == 2)
        #expect(Set([EntryKind(composed), EntryKind(decomposed)]).count == 2)
    }

    @Test("keys are ordered by their bytes")
    func byteOrder() {
        // Swift's own order of strings puts some of these elsewhere.
        let ordered: [StorageKey] = ["", "\u{0}", "Z", "a", "a\u{308}", "b", "\u{e4}", "\u{ff5e}", "\u{1f600}"]
        #expect(ordered.shuffled().sorted() == ordered)
        #expect(StorageKey("a\u{308}").hasPrefix("a"))
        #expect(!StorageKey("\u{e4}").hasPrefix("a"))
    }
}
