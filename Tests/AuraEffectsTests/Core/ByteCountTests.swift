internal import AuraEffects
internal import Testing

@Suite("ByteCount")
struct ByteCountTests {
    @Test(
        "is written in the largest unit that it reaches",
        arguments: [
            (ByteCount.bytes(0), "0 B"),
            (.bytes(1023), "1023 B"),
            (.kibibytes(1), "1 KiB"),
            (.bytes(1025), "1 KiB"),
            (.kibibytes(102.4), "102.4 KiB"),
            (.kibibytes(10.24), "10.24 KiB"),
            (.mebibytes(6.4), "6.4 MiB"),
            (.mebibytes(204.8), "204.8 MiB"),
            (.gibibytes(2), "2 GiB"),
            (.bytes(-2048), "-2 KiB"),
        ]
    )
    func description(count: ByteCount, text: String) {
        #expect(count.description == text)
    }

    @Test("rates are written per second")
    func rates() {
        #expect(BytesPerSecond.mebibytes(1000).description == "1000 MiB/s")
        #expect(BytesPerSecond(512).description == "512 B/s")
        #expect(BytesPerSecond(1) < BytesPerSecond(2))
    }

    @Test("counts are compared by their bytes")
    func order() {
        #expect(ByteCount.kibibytes(1) == .bytes(1024))
        #expect(ByteCount.mebibytes(1) < .gibibytes(1))
    }
}
