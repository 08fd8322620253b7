extension PlantedBug {
    /// An actor's method goes by what it checked before it waited.
    public static let checkThenAct = PlantedBug(
        name: "check, then act",
        fault: "An actor checks that a seat is free, waits for the payment, and only then takes the seat.",
        buggy: { try await sellSeats { office, desk in await office.sellAfterPayment(at: desk) } },
        fixed: { try await sellSeats { office, desk in await office.sell(at: desk) } }
    )
}

private actor PaymentDesk {
    func charge() -> Bool { Int.random(in: 0..<8) != 0 }
}

private actor BoxOffice {
    let seats: Int
    private(set) var sold = 0

    init(seats: Int) {
        self.seats = seats
    }

    func sellAfterPayment(at desk: PaymentDesk) async {
        guard sold < seats else { return }
        guard await desk.charge() else { return }
        sold += 1
    }

    func sell(at desk: PaymentDesk) async {
        guard sold < seats else { return }
        sold += 1
        guard await desk.charge() else {
            sold -= 1
            return
        }
    }
}

private func sellSeats(_ sell: @escaping @Sendable (BoxOffice, PaymentDesk) async -> Void) async throws {
    let office = BoxOffice(seats: 2)
    let desk = PaymentDesk()
    await withTaskGroup { group in
        for _ in 0..<3 {
            group.addTask { await sell(office, desk) }
        }
    }
    let sold = await office.sold
    try require(sold <= office.seats, "\(sold) of \(office.seats) seats were sold")
}
