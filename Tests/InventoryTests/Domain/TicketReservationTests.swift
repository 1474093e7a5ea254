import Contracts
import Testing

@testable import inventory

@Suite struct TicketReservationTests {
    @Test("a reference tells when it was made, and there is a number for every ticket")
    func form() throws {
        let made = TicketReservation.make(quantity: 3, at: Timestamp(milliseconds: 1_800_000_000_000))
        #expect(try /RES_20270115080000_[2-9A-Z]{8}/.wholeMatch(in: made.reference) != nil)
        #expect(TicketReservation.isReference(made.reference))
        #expect(made.ticketNumbers.count == 3 && Set(made.ticketNumbers).count == 3)
    }

    @Test("a reservation's own id is no reference")
    func plainID() {
        #expect(!TicketReservation.isReference(UUIDv7.make(at: Timestamp(milliseconds: 1_800_000_000_000))))
    }
}
