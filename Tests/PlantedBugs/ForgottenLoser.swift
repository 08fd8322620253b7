extension PlantedBug {
    /// The slower of two requests takes effect as well.
    public static let forgottenLoser = PlantedBug(
        name: "loser of a race forgotten",
        fault: "A room is asked for at two hotels, the first confirmation is taken, and the other one stays booked.",
        buggy: { try await bookAnywhere(cancelsLoser: false) },
        fixed: { try await bookAnywhere(cancelsLoser: true) }
    )
}

private actor Hotel {
    private(set) var bookings = 0

    func book() async throws {
        try await Task.sleep(for: .milliseconds(.random(in: 1...100)))
        guard Int.random(in: 0..<4) != 0 else { throw FullyBooked() }
        bookings += 1
    }

    func cancel() {
        bookings -= 1
    }
}

private struct FullyBooked: Error {}

private func bookAnywhere(cancelsLoser: Bool) async throws {
    let hotels = [Hotel(), Hotel()]
    await withTaskGroup { group in
        for hotel in hotels {
            group.addTask { (try? await hotel.book()) == nil ? nil : hotel }
        }
        var booked: Hotel?
        for await hotel in group {
            guard let hotel else { continue }
            if booked == nil {
                booked = hotel
                if cancelsLoser { group.cancelAll() }
            } else if cancelsLoser {
                // Its confirmation was under way when it was called back.
                await hotel.cancel()
            }
        }
    }
    let bookings = await hotels[0].bookings + hotels[1].bookings
    try require(bookings <= 1, "one room was wanted, and \(bookings) are booked")
}
