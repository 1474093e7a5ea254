import Checker
import Contracts
import Testing

/// A change to the clean world and the kind of violation that must be found afterwards.
struct Damage: Sendable, CustomTestStringConvertible {
    let kind: Violation.Kind
    let testDescription: String
    let apply: @Sendable (inout AuditWorld) -> Void

    init(_ kind: Violation.Kind, _ what: String, _ apply: @escaping @Sendable (inout AuditWorld) -> Void) {
        self.kind = kind
        self.testDescription = what
        self.apply = apply
    }
}

@Suite struct AuditTests {
    typealias World = FabricatedWorld

    @Test("a world where every promise was kept is clean")
    func cleanWorld() {
        #expect(Audit.violations(in: World.clean) == [])
        #expect(Audit.violations(in: AuditWorld()) == [])
        #expect(World.clean.isSettled)
    }

    @Test("general admission is counted by quantity, without seats")
    func generalAdmission() {
        let tickets = (1...3).map {
            BookingReconciliationEntry.Ticket(
                ticketId: "t\($0)", ticketTypeId: World.type, seatNumber: nil, priceMinorUnits: 0, status: .purchased)
        }
        let booking = BookingReconciliationEntry(
            bookingId: "g", userId: "u", eventId: "event", reservationId: "r", status: .confirmed,
            paymentStatus: .success, totalMinorUnits: 0, currency: "USD", chargeKey: "charge-g", quantity: 3,
            tickets: tickets)
        let world = AuditWorld(
            counters: [World.counters(total: 10, sold: 3, seatsSold: 0, seatsTotal: 0)],
            sales: [World.sale("g", "r", [], quantity: 3)], bookings: [booking],
            acknowledged: [AcknowledgedBooking(bookingID: "g", seatNumbers: [])])
        #expect(Audit.violations(in: world) == [])
    }

    /// The clean world after the buyer of `b1` gave the seat A-1-2 back.
    private static var partlyCancelled: AuditWorld {
        var world = World.clean
        world.bookings[0] = World.booking(
            "b1", "r1", .confirmed, .partiallyRefunded, seats: ["A-1-1", "A-1-2"], cancelled: ["A-1-2"])
        world.charges[0] = World.charge("b1", refunded: World.price)
        world.sales[0] = World.sale("b1", "r1", ["A-1-1"])
        world.counters[0] = World.counters(total: 8, sold: 3)
        world.acknowledged[0] = AcknowledgedBooking(bookingID: "b1", seatNumbers: ["A-1-1"])
        return world
    }

    /// The clean world after the buyer of `b1` gave everything back.
    private static var cancelled: AuditWorld {
        var world = World.clean
        world.bookings[0] = World.booking(
            "b1", "r1", .cancelled, .refunded, seats: ["A-1-1", "A-1-2"], tickets: .cancelled)
        world.charges[0] = World.charge("b1", refunded: 2 * World.price)
        world.sales.removeFirst()
        world.counters[0] = World.counters(total: 8, sold: 2)
        world.acknowledged[0] = AcknowledgedBooking(bookingID: "b1", seatNumbers: [], isCancelled: true)
        return world
    }

    @Test("a booking that was given back, in part or whole, is clean")
    func cancellations() {
        for world in [Self.partlyCancelled, Self.cancelled] {
            #expect(Audit.violations(in: world) == [])
            #expect(world.isSettled)
        }
    }

    @Test("a cancellation whose money or whose places are still on their way is unsettled")
    func cancellationUnderWay() {
        for world in [Self.partlyCancelled, Self.cancelled] {
            var unpaid = world
            unpaid.charges[0] = World.charge("b1")
            #expect(!unpaid.isSettled)
            #expect(Audit.violations(in: unpaid).map(\.kind).contains(.paidWithoutBooking))
            var unreleased = world
            unreleased.sales = World.clean.sales
            #expect(!unreleased.isSettled)
        }
    }

    @Test("more money back than the cancelled tickets cost, or a cancelled ticket that is good, is found")
    func wrongCancellation() {
        var world = Self.partlyCancelled
        world.charges[0] = World.charge("b1", refunded: World.price + 1)
        #expect(Audit.violations(in: world).map(\.kind).contains(.refundWithoutReason))
        world = Self.cancelled
        world.bookings[0] = World.booking("b1", "r1", .cancelled, .refunded, seats: ["A-1-1", "A-1-2"])
        #expect(Audit.violations(in: world).map(\.kind).contains(.ticketsWithoutBooking))
        world = Self.cancelled
        world.acknowledged[0] = AcknowledgedBooking(bookingID: "b1", seatNumbers: ["A-1-1", "A-1-2"])
        #expect(Audit.violations(in: world).map(\.kind) == [.acknowledgedLost])
    }

    @Test("each kind of damage is found", arguments: damages)
    func damageIsFound(_ damage: Damage) {
        var world = World.clean
        damage.apply(&world)
        let kinds = Audit.violations(in: world).map(\.kind)
        #expect(kinds.contains(damage.kind))
    }

    @Test("every kind of violation has a damage that shows it")
    func damagesAreComplete() {
        #expect(Set(Self.damages.map(\.kind)) == Set(Violation.Kind.allCases))
    }

    @Test("a violation names the ids at fault")
    func idsAreNamed() throws {
        var world = World.clean
        world.bookings[1] = World.booking("b2", "r2", seats: ["A-1-1", "A-1-4"])
        let found = try #require(Audit.violations(in: world).first { $0.kind == .seatSoldTwice })
        #expect(found.ids == ["A-1-1", "b1-A-1-1", "b2-A-1-1"])
    }

    @Test("open sagas, open charges and money on its way back are unsettled")
    func unsettled() {
        var world = World.clean
        world.bookings[2] = World.booking("b3", "r3", .pending, .pending, seats: [])
        #expect(!world.isSettled)
        world = World.clean
        world.charges[2] = World.charge("b3", .pending, captured: 0, captures: 0)
        #expect(!world.isSettled)
        world = World.clean
        world.charges[3] = World.charge("b4")
        #expect(!world.isSettled)
    }

    @Test("the report of a damaged world fails and says how much there is")
    func report() {
        var world = World.clean
        #expect(AuditReport(of: world).isClean)
        #expect(AuditReport(of: world).description.hasPrefix("audit clean: 2 confirmed bookings (2 acknowledged)"))
        world.charges.removeAll()
        let report = AuditReport(of: world)
        #expect(!report.isClean)
        #expect(report.description.hasPrefix("audit FAILED: 3 violations"))
    }

    static let damages: [Damage] = [
        Damage(.seatSoldTwice, "one seat on two tickets") {
            $0.bookings[1] = World.booking("b2", "r2", seats: ["A-1-1", "A-1-4"])
        },
        Damage(.seatSoldTwice, "one seat in two sales") { $0.sales[1] = World.sale("b2", "r2", ["A-1-2", "A-1-4"]) },
        Damage(.reservationBookedTwice, "two bookings of one reservation") {
            $0.bookings.append(World.booking("b9", "r1", seats: ["A-1-7", "A-1-8"]))
        },
        Damage(.bookingWithoutSeats, "a seat that another reservation took over") {
            $0.sales[0] = World.sale("b1", "r1", ["A-1-1"], quantity: 2)
        },
        Damage(.bookingWithoutSeats, "a booking that inventory does not know") { $0.sales.removeFirst() },
        Damage(.saleWithoutBooking, "a sale to a failed booking") {
            $0.sales.append(World.sale("b3", "r3", ["A-1-8"]))
        },
        Damage(.saleWithoutBooking, "a sale to an unknown booking") {
            $0.sales.append(World.sale("b9", "r9", ["A-1-8"]))
        },
        Damage(.ticketsMissing, "a booking with one ticket too few") {
            $0.bookings[0] = World.booking("b1", "r1", seats: ["A-1-1"])
        },
        Damage(.ticketsWithoutBooking, "good tickets of a refunded booking") {
            $0.bookings[3] = World.booking("b4", "r4", .refunded, .refunded, seats: ["A-1-5"])
        },
        Damage(.bookingWithoutCharge, "a booking that was never paid") { $0.charges.removeFirst() },
        Damage(.bookingWithoutCharge, "a cent too much") { $0.charges[0] = World.charge("b1", captured: 9901) },
        Damage(.bookingWithoutCharge, "another currency") { $0.charges[0] = World.charge("b1", currency: "EUR") },
        Damage(.chargedTwice, "two captures under one key") { $0.charges[0] = World.charge("b1", captures: 2) },
        Damage(.chargedTwice, "two charges of one booking") { $0.charges.append(World.charge("b1", key: "another")) },
        Damage(.paidWithoutBooking, "money kept from a failed booking") { $0.charges[2] = World.charge("b3") },
        Damage(.paidWithoutBooking, "money kept without any booking") { $0.charges.append(World.charge("b9")) },
        Damage(.refundWithoutReason, "money given back although the booking stands") {
            $0.charges[0] = World.charge("b1", refunded: 100)
        },
        Damage(.refundWithoutReason, "more given back than was taken") {
            $0.charges[3] = World.charge("b4", refunded: 3 * World.price)
        },
        Damage(.chargeStateWrong, "captured, says the state; not the ledger") {
            $0.charges[2] = World.charge("b3", .captured, captured: 0, captures: 0)
        },
        Damage(.acknowledgedLost, "an acknowledged booking that is gone") {
            $0.acknowledged.append(AcknowledgedBooking(bookingID: "b9", seatNumbers: ["A-1-8"]))
        },
        Damage(.acknowledgedLost, "an acknowledged booking that failed") {
            $0.acknowledged.append(AcknowledgedBooking(bookingID: "b3", seatNumbers: []))
        },
        Damage(.acknowledgedLost, "an acknowledged booking of other seats") {
            $0.acknowledged[0] = AcknowledgedBooking(bookingID: "b1", seatNumbers: ["A-1-1", "A-1-3"])
        },
        Damage(.countersWrong, "a sold seat that is not counted") {
            $0.counters[0] = World.counters(total: 8, sold: 4, seatsSold: 5)
        },
        Damage(.countersWrong, "a hold that is not counted") {
            $0.counters[0] = World.counters(total: 8, sold: 4, held: 1)
        },
        Damage(.countersWrong, "fewer seats than places") {
            $0.counters[0] = World.counters(total: 8, sold: 4, seatsTotal: 7)
        },
        Damage(.oversold, "more held and sold than there are") {
            $0.counters[0] = World.counters(total: 8, reserved: 5, sold: 4)
        },
        Damage(.oversold, "more sold and kept back than there are") {
            $0.counters[0] = World.counters(total: 8, sold: 4, blocked: 5)
        },
        Damage(.oversold, "fewer than none kept back") {
            $0.counters[0] = World.counters(total: 8, sold: 4, blocked: -1)
        },
        Damage(.moneyDoesNotAddUp, "a charge that nobody owes") { $0.charges.append(World.charge("b9")) },
        Damage(.neverEnded, "a booking that stays pending") {
            $0.bookings[2] = World.booking("b3", "r3", .pending, .pending, seats: [])
        },
        Damage(.neverEnded, "a charge that stays pending") {
            $0.charges[2] = World.charge("b3", .pending, captured: 0, captures: 0)
        },
    ]
}
