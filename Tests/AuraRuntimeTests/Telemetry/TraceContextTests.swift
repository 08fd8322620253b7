internal import AuraRuntime
internal import Testing

@Suite("W3C trace context")
struct TraceContextTests {
    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    private static let parent = "00f067aa0ba902b7"

    @Test("a header is read and written again")
    func roundTrip() throws {
        let header = "00-\(Self.trace)-\(Self.parent)-01"
        let context = try #require(TraceContext(traceparent: header, tracestate: "rojo=00f067aa0ba902b7, congo=t61 rc"))
        #expect(context.traceID == Self.trace)
        #expect(context.parentID == Self.parent)
        #expect(context.isSampled)
        #expect(context.traceparent == header)
        #expect(context.state["congo"] == "t61 rc")
        #expect(context.state.header == "rojo=00f067aa0ba902b7,congo=t61 rc")
    }

    @Test("a later version's header is read as far as this one goes")
    func laterVersions() throws {
        let context = try #require(TraceContext(traceparent: "cc-\(Self.trace)-\(Self.parent)-ff-what-next"))
        #expect(context.flags == 3)
        #expect(context.traceparent == "00-\(Self.trace)-\(Self.parent)-03")
        #expect(TraceContext(traceparent: "01-\(Self.trace)-\(Self.parent)-00") != nil)
    }

    @Test(
        "a malformed parent is ignored",
        arguments: [
            "", "00", "00-\(trace)-\(parent)", "00-\(trace)-\(parent)-1", "00-\(trace)-\(parent)-01-",
            "00-\(trace)-\(parent)-01-more", "01-\(trace)-\(parent)-01more", "ff-\(trace)-\(parent)-01",
            "0g-\(trace)-\(parent)-01", "00-\(trace)-\(parent)-0G", "00_\(trace)-\(parent)-01",
            "00-\(trace.uppercased())-\(parent)-01", "00-00000000000000000000000000000000-\(parent)-01",
            "00-\(trace)-0000000000000000-01", "00-\(trace.dropLast())g-\(parent)-01", " 00-\(trace)-\(parent)-01",
        ]
    )
    func malformedParents(header: String) {
        #expect(TraceContext(traceparent: header, tracestate: "a=b") == nil)
    }

    @Test(
        "a malformed state is dropped and its parent kept",
        arguments: [
            "a", "=b", "a=", "A=b", "a b=c", "a=b=c", "a=b,a=c", "a=ü", "é=b", "@a=b",
            (0..<33).map { "k\($0)=v" }.joined(separator: ","), "\(String(repeating: "a", count: 257))=b",
            "a=\(String(repeating: "b", count: 257))",
        ]
    )
    func malformedStates(state: String) throws {
        #expect(TraceState(header: state) == nil)
        let context = try #require(
            TraceContext(traceparent: "00-\(Self.trace)-\(Self.parent)-01", tracestate: state)
        )
        #expect(context.state.members.isEmpty)
    }

    @Test(
        "white space and empty members do not make a state malformed",
        arguments: [("", 0), (" ", 0), (" a=b ,\t c=d ,, ", 2), ("1a@x-*/_=!~", 1)]
    )
    func looseStates(state: String, count: Int) throws {
        #expect(try #require(TraceState(header: state)).members.count == count)
    }

    @Test("what a system sets comes first, and the oldest member goes where there are too many")
    func settingMembers() throws {
        var state = try #require(TraceState(header: (0..<32).map { "k\($0)=v" }.joined(separator: ",")))
        let isKnownKeySet = state.set("new", for: "k5")
        #expect(isKnownKeySet)
        #expect(state.members.count == 32)
        let isNewKeySet = state.set("x", for: "mine")
        #expect(isNewKeySet)
        #expect(state.members.count == 32)
        #expect(state.members.prefix(2).map(\.key) == ["mine", "k5"])
        #expect(state["k31"] == nil)
        let isMalformedSet = state.set("a,b", for: "mine")
        #expect(!isMalformedSet)
        #expect(state["mine"] == "x")
    }
}
