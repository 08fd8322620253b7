internal import AuraCloud
internal import AuraEffects
internal import Testing

@Suite("What services write")
struct FormatTests {
    private func read(_ text: String) throws(XMLReader.Fault) -> XMLElement {
        try XMLReader.read(Array(text.utf8))
    }

    @Test("a document's elements, texts and entities are read")
    func document() throws {
        let document = try read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a list --><s3:List xmlns="http://example.com/" a='>'>
              <Key>a&amp;b &lt;c&gt; &quot;d&apos; &#x65;&#x66; é</Key><Key/><Key><![CDATA[<x>&amp;]]>y</Key>
              <Owner ><ID>7</ID ></Owner>
            </s3:List>
            <!-- the end -->
            """
        )
        #expect(document.name == "List")
        #expect(document.all("Key").map(\.text) == ["a&b <c> \"d' ef é", "", "<x>&amp;y"])
        #expect(document["Owner"]?.text("ID") == "7")
        #expect(document["None"] == nil)
    }

    @Test(
        "what is no document is refused",
        arguments: [
            "", "text", "<a>", "<a></b>", "</a>", "<a></a><b/>", "<a>&unknown;</a>", "<a>&#xD800;</a>", "<a>&amp</a>",
            "<a b=\"></a>", "<a <b/></a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a><![CDATA[</a>", "<>",
            "<a/>x",
            "<a>&#-1;</a>", "<a>&#;</a>",
        ]
    )
    func refusals(_ text: String) {
        #expect(throws: XMLReader.Fault.self) { try read(text) }
    }

    @Test("a document that is nested deeply is refused, and any bytes end")
    func hostility() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(throws: XMLReader.Fault.self) { try read(deep) }
        var generator = SystemRandomNumberGenerator()
        let pieces = [
            "<a>", "</a>", "<", ">", "&", ";", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "/", "=\"", "x", "\u{0}",
        ]
        for _ in 0..<5000 {
            let text = (0..<Int.random(in: 0..<20, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }
            var bytes = Array(text.joined().utf8)
            if !bytes.isEmpty, Bool.random(using: &generator) { bytes[bytes.count / 2] = UInt8.random(in: 0...255) }
            // Whatever it says: it comes back, and keeps to the bytes.
            _ = try? XMLReader.read(bytes)
        }
    }

    @Test("text is escaped so that it is read back")
    func escaping() throws {
        let text = "<a> & \"b\" 'c' \u{1} é 👩‍👩‍👧‍👦"
        #expect(try read("<x>\(XMLText.escape(text))</x>").text == text)
    }

    @Test("the clock of a service is taken over where it refuses ours")
    func skew() {
        let time = FixedTime()
        let skew = ClockSkew(time: time)
        #expect(skew.now == time.now)
        let ahead = WallTime(nanosecondsSinceEpoch: time.now.nanosecondsSinceEpoch + 1_200_000_000_000)
        skew.correct(to: ahead)
        #expect(skew.now == ahead)
    }

    private struct FixedTime: TimeEffects {
        var capabilities: Capabilities { Capabilities() }
        var now: WallTime { WallTime(nanosecondsSinceEpoch: 1_700_000_000_000_000_000) }
        var monotonicNow: MonotonicInstant { MonotonicInstant(nanoseconds: 0) }
        func sleep(until deadline: MonotonicInstant) async throws(EffectError) {}
    }
}
