import Contracts
import DatabaseKit
import Foundation
import ServiceKit
import TestSupport
import Testing

@testable import booking

@Suite(.onBothDatabases) struct SagaStoreTests {
    private func begin(
        _ fixture: BookingFixture, _ reservationID: String, key: String, fingerprint: String = "f"
    ) async throws -> SagaStore.Beginning {
        let now = fixture.clock.now()
        let new = NewBooking(
            userID: "ada", reservationID: reservationID, at: now,
            lease: SagaLease(owner: "me", until: now + .seconds(10), epoch: 1))
        return try await fixture.store.begin(
            new, key: try #require(IdempotencyKey(key)), fingerprint: fingerprint)
    }

    private func started(_ fixture: BookingFixture, _ reservationID: String, key: String) async throws -> Booking {
        guard case .started(let booking) = try await begin(fixture, reservationID, key: key) else {
            throw NotStarted()
        }
        return booking
    }

    private struct NotStarted: Error {}

    private func deal(_ fixture: BookingFixture) -> Booking.Deal {
        Booking.Deal(
            eventID: "e", total: Money(minorUnits: 100, currency: .usd),
            purchase: Purchase(
                lines: [.init(ticketTypeID: "t", seatID: "s", seatNumber: "A-1-1", priceMinorUnits: 100)],
                customer: nil, notes: "aisle", reservedAt: fixture.clock.now()),
            givesUpAt: fixture.clock.now() + .seconds(120))
    }

    @Test func `key and booking come together or not at all`() async throws {
        let fixture = try await BookingFixture()
        _ = try await started(fixture, "r", key: "k1")
        #expect(try await begin(fixture, "r", key: "k1") == .inFlight)
        #expect(try await begin(fixture, "r", key: "k1", fingerprint: "other") == .mismatch)
        #expect(try await begin(fixture, "r", key: "k2") == .reservationTaken(.pending))
        // The refused key was not kept: it may be used for something else.
        guard case .started = try await begin(fixture, "r2", key: "k2", fingerprint: "other") else {
            Issue.record("the key of a refused request is still taken")
            return
        }
    }

    @Test func `a record of another phase or an older epoch changes nothing`() async throws {
        let fixture = try await BookingFixture()
        let deal = deal(fixture)
        let booking = try await started(fixture, "r", key: "k")
        fixture.clock.advance(by: .seconds(10))
        let taken = try await fixture.store.takeUp(owner: "other", lease: .seconds(10), limit: 1)
        #expect(taken.map(\.lease.epoch) == [2])
        #expect(taken.map(\.lease.owner) == ["other"])
        let until = fixture.clock.now() + .seconds(10)
        let store = fixture.store
        #expect(try await !store.recordIntent(booking, deal, reservationID: "r", leaseUntil: until))
        #expect(try await !store.drop(booking))
        #expect(try await !store.handOver(booking, until: until, acknowledged: true))
        #expect(try await !store.recordReleased(booking))
        var wrongPhase = taken[0]
        wrongPhase.phase = .charging
        #expect(try await !store.recordReleased(wrongPhase))
        #expect(try await store.recordIntent(taken[0], deal, reservationID: "r", leaseUntil: until))
    }

    @Test func `a booking reads as it was written`() async throws {
        let fixture = try await BookingFixture()
        var booking = try await started(fixture, "alias", key: "k")
        let until = fixture.clock.now() + .seconds(20)
        #expect(
            try await fixture.store.recordIntent(
                booking, deal(fixture), reservationID: "canonical", leaseUntil: until))
        booking.phase = .charging
        booking.deal = deal(fixture)
        booking.reservationID = "canonical"
        booking.lease.until = until
        let found = try #require(try await fixture.bookings.booking(booking.id, of: "ada"))
        #expect(found == BookingStore.Found(booking: booking, tickets: []))
    }

    @Test func `the schema refuses a second active booking of a reservation and a second ticket of a seat`()
        async throws
    {
        let fixture = try await BookingFixture()
        _ = try await fixture.confirm(fixture.hold(seats: ["A-1-1"]), key: "k")
        for copy in [
            """
            INSERT INTO bookings SELECT 'copy', 'HF-COPY', user_id, reservation_id, idempotency_key, claim, phase,
                'Pending', payment_status, event_id, currency, total_minor, purchase, gives_up_at, failure,
                acknowledged, created_at, confirmed_at, cancelled_at, lease_owner, lease_until, lease_epoch,
                recoveries, cancellations, refunded_minor FROM bookings
            """,
            """
            INSERT INTO tickets SELECT 'copy', ticket_number, 2, booking_id, user_id, event_id, ticket_type_id,
                seat_number, price_minor, currency, 'Used', customer_name, customer_email, customer_phone, notes,
                reserved_at, purchased_at, cancelled_at, used_at, code_version FROM tickets
            """,
        ] {
            let refusal = await #expect(throws: DatabaseError.self) {
                try await fixture.database.write { try $0.execute(copy) }
            }
            #expect(refusal?.isUniqueViolation == true)
        }
    }

    @Test func `tickets without a seat do not get in each other's way`() async throws {
        let fixture = try await BookingFixture()
        for key in ["k1", "k2"] {
            let answer = try await fixture.confirm(fixture.hold(seats: [], places: 3), key: key)
            #expect(answer.reply.status == 201)
        }
        try await fixture.expectPromisesKept()
    }

    @Test func `a confirmation that meets a ticketed seat leaves no trace of itself`() async throws {
        let fixture = try await BookingFixture()
        _ = try await fixture.confirm(fixture.hold(seats: ["A-1-2"]), key: "k")
        let second = fixture.hold(seats: ["A-1-1", "A-1-2"], by: "bob")
        fixture.stop(at: .refundDueRecorded)
        _ = try? await fixture.confirm(second, key: "k", userID: "bob")
        let found = try #require(try await fixture.found(second).first)
        #expect(found.tickets.isEmpty)
        #expect(found.booking.status == .pending)
        #expect(found.booking.phase == .refunding)
        #expect(found.booking.failure == .seatTaken)
        #expect(try await fixture.auditActions(of: found.booking.id) == ["refund-due"])
    }

    @Test func `answers are forgotten after their time, the bookings stay`() async throws {
        let fixture = try await BookingFixture()
        let id = fixture.hold()
        _ = try await fixture.confirm(id, key: "k")
        #expect(try await fixture.store.purgeAnswers(limit: 10) == 0)
        fixture.clock.advance(by: IdempotencyStore.retention + .seconds(1))
        #expect(try await fixture.store.purgeAnswers(limit: 10) == 1)
        let refusal = await #expect(throws: Problem.self) { try await fixture.confirm(id, key: "k") }
        #expect(refusal?.code == "reservation-confirmed")
    }

    @Test func `every change of money or tickets is in the audit trail with its author`() async throws {
        let fixture = try await BookingFixture()
        _ = try await fixture.confirm(fixture.hold(seats: ["A-1-1"]), key: "k1")
        _ = try await fixture.confirm(fixture.hold(seats: ["A-1-2"]), key: "k2", payment: .token("tok_declined"))
        fixture.stop(at: .afterCharge)
        _ = try? await fixture.confirm(fixture.hold(seats: ["A-1-3"]), key: "k3")
        try await fixture.recoverAll()
        let rows = try await fixture.database.read { session in
            try session.query("SELECT actor, action, before, after FROM audit_trail ORDER BY actor, action")
        }
        #expect(try rows.map { try $0.string("actor") } == ["recovery:worker", "user:ada", "user:ada"])
        #expect(try rows.map { try $0.string("action") } == ["confirmed", "confirmed", "failed"])
        for row in rows {
            for column in ["before", "after"] {
                let json = try JSONSerialization.jsonObject(with: Data(try row.string(column).utf8))
                #expect((json as? [String: Any])?["status"] is String)
            }
        }
    }
}
