import Checker
import Contracts
import Synchronization
import TestSupport

/// A stack with an event of many seats whose services tests make die, one test after the other.
final class CrashScene: Sendable {
    let stack: HoldfastStack
    let event: EventDocument
    private let seatsTaken = Atomic<Int>(0)

    private static let seatsPerRow = 10
    private static let starting = Mutex<Task<CrashScene, any Error>?>(nil)

    private init(stack: HoldfastStack, event: EventDocument) {
        self.stack = stack
        self.event = event
    }

    /// The scene of all tests of the suite; the stack ends with the test run.
    static func shared() async throws -> CrashScene {
        let task = starting.withLock { starting in
            if let starting { return starting }
            let task = Task { try await make() }
            starting = task
            return task
        }
        return try await task.value
    }

    /// A scene of its own, for a suite that must not meet the faults of another.
    static func make() async throws -> CrashScene {
        try await make(on: try await HoldfastStack.start(FaultyRush.settings))
    }

    private static func make(on stack: HoldfastStack) async throws -> CrashScene {
        let event = try await stack.admin().createEvent(
            CreateEventRequest(
                title: "Crash night", eventDate: SystemClock().now() + .seconds(30 * 86_400), venue: "Harbour Hall",
                ticketTypes: [
                    CreateEventRequest.TicketType(
                        name: "Seat", price: DecimalAmount(minorUnits: 4950, decimals: 2), seating: .reserved,
                        sections: [SeatSection(name: "A", rows: 10, seatsPerRow: seatsPerRow)])
                ]))
        return CrashScene(stack: stack, event: event)
    }

    /// Another event on the same stack, for a story that ends it.
    func otherEvent() async throws -> CrashScene { try await Self.make(on: stack) }

    /// Cancels the scene's event.
    func cancelEvent() async throws {
        let reply = try await stack.admin().send("POST", "/api/events/\(event.id)/cancel")
        guard reply.status == 200 else { throw StackError(message: "not cancelled: \(reply.text)") }
    }

    /// How far the refunds of the scene's event have come.
    func refunds() async throws -> EventRefundsDocument { try await stack.admin().refunds(ofEvent: event.id) }

    static func key() -> String { SecureRandom.hexadecimal(bytes: 16) }

    /// A seat that no other test has.
    func nextSeat() -> String {
        let index = seatsTaken.wrappingAdd(1, ordering: .relaxed).oldValue
        return "A-\(index / Self.seatsPerRow + 1)-\(index % Self.seatsPerRow + 1)"
    }

    /// A new guest with a hold on a seat of their own.
    func holdSeat() async throws -> (buyer: APIClient, reservation: ReservationDocument) {
        let buyer = try await stack.client().signUpGuest()
        let request = ReservationRequest(eventId: event.id, seatNumbers: [nextSeat()])
        return (buyer, try await buyer.reserve(request, key: Self.key()).value())
    }

    /// Starts a service anew with faults.
    func restart(_ name: ServiceName, faults: String) async throws {
        try await stack.terminate(name)
        try await stack.start(name, faults: faults)
        try await stack.waitUntilHealthy()
    }

    func restartBooking(faults: String) async throws { try await restart(.booking, faults: faults) }

    /// Makes booking die at a place that `trigger` leads it to, and starts it again without faults.
    func crashBooking(at point: String, _ trigger: () async throws -> Void) async throws {
        try await armBooking("\(point)=die")
        try await trigger()
        // Some places are only reached by the recovery that follows.
        let end = try await stack.process(.booking).wait(within: .seconds(30))
        guard end == .signalled(9) else { throw StackError(message: "booking ended otherwise at \(point): \(end)") }
        try await stack.start(.booking)
        try await stack.waitUntilHealthy()
    }

    /// Starts booking anew with a fault. What an earlier story left to do may lead there before the trigger: then it is
    /// done without the fault first.
    private func armBooking(_ fault: String) async throws {
        for _ in 0..<5 {
            do {
                return try await restart(.booking, faults: fault)
            } catch let error as StackError {
                guard try await stack.process(.booking).wait(within: .seconds(5)) == .signalled(9) else { throw error }
                try await stack.start(.booking)
                try await stack.waitUntilHealthy()
            }
        }
        throw StackError(message: "booking always dies of \(fault) before it is asked for anything")
    }

    /// Runs `body` and, beside it, starts a service again as soon as its fault has killed it.
    func reviving(_ name: ServiceName, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [stack] in
                try await stack.process(name).wait(within: .seconds(30))
                try await stack.start(name)
            }
            group.addTask(operation: body)
            try await group.waitForAll()
        }
    }

    /// Asks with the same key until the purchase has an end, and buys with a new one where it was called off: nobody
    /// but the process that died knew the card, so a charge that was not made by then never is.
    func settle(_ buyer: APIClient, _ reservation: ReservationDocument, key: String) async throws -> BookingDocument {
        var key = key
        var booking: BookingDocument?
        try await eventually(within: .seconds(30), "the purchase ends") {
            guard let reply = try? await buyer.confirm(reservation.reservationId, key: key) else { return false }
            if reply.status == 402 { key = Self.key() }
            guard reply.status == 201 else { return false }
            booking = try reply.decode()
            return true
        }
        guard let booking else { throw StackError(message: "no booking") }
        return booking
    }

    /// Compares what all services say of the event.
    func audit(
        _ bookings: [BookingDocument], cancelled: [AcknowledgedBooking] = []
    ) async throws -> AuditReport {
        let admin = try await stack.admin()
        return try await AuditReader(admin: admin).audit(
            eventID: event.id,
            acknowledged: cancelled
                + bookings.map {
                    AcknowledgedBooking(bookingID: $0.bookingId, seatNumbers: $0.seats.map(\.seatNumber))
                }, within: .seconds(30))
    }
}
