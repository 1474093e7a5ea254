import Checker
import Contracts
import TestSupport
import Testing

/// `/api/tickets/reserve`: a quantity of one ticket type for a customer.
@Suite struct TicketReservationTests {
    @Test("tickets are reserved with numbers and a reference, read and cancelled")
    func lifecycle() async throws {
        let sale = try await Sale.open(places: 10)
        let buyer = try await sale.guest()
        let reply = try await buyer.reserveTickets(sale, quantity: 2)
        #expect(reply.status == 201, "\(reply.text)")
        let reserved: TicketReservationReply = try reply.value()
        #expect(reserved.success && reserved.message == "Successfully reserved 2 ticket(s)")
        #expect(try /RES_\d{14}_[0-9A-Z]{8}/.wholeMatch(in: reserved.reservationId) != nil)
        #expect(Set(reserved.tickets.map(\.ticketNumber)).count == 2)
        #expect(reserved.totalPrice == DecimalAmount(minorUnits: 4000, decimals: 2))
        #expect(try await sale.available()["Standing"] == 8)

        let route = "/api/tickets/reservation/\(reserved.reservationId)"
        let seen: TicketReservationDocument = try await buyer.get(route)
        #expect(seen.quantity == 2 && seen.customerEmail == "ada@example.com" && !seen.isExpired)
        #expect(seen.ticketNumbers == reserved.tickets.map(\.ticketNumber))
        #expect(seen.expiresAt - seen.reservedAt == .seconds(900))
        let general: ReservationDocument = try await buyer.get(
            "/api/inventory/reservations/\(reserved.reservationId)")
        #expect(general.quantity == 2)
        expectProblem(try await sale.guest().send("GET", route), 404, "not-found")

        let cancelled = try await buyer.send("DELETE", route)
        #expect(cancelled.status == 200)
        #expect(try cancelled.value(DoneReply.self).success)
        #expect(try await sale.available()["Standing"] == 10)
        let after: TicketReservationDocument = try await buyer.get(route)
        #expect(after.timeRemaining == "00:00:00")
    }

    @Test("too many for what is left is refused with success and message")
    func soldOut() async throws {
        let sale = try await Sale.open(places: 3)
        let refused = try await sale.guest().reserveTickets(sale, quantity: 4)
        expectProblem(refused, 409, "sold-out")
        #expect(refused.problem?.success == false && refused.problem?.message?.isEmpty == false)
    }

    @Test("bad requests are told what is wrong")
    func badInput() async throws {
        let sale = try await Sale.open(places: 20)
        let buyer = try await sale.guest()
        for quantity in [0, -1, 11] {
            expectProblem(try await buyer.reserveTickets(sale, quantity: quantity), 422, "invalid-fields")
        }
        for email in ["", "nobody", "a@b", String(repeating: "a", count: 250) + "@example.com"] {
            expectProblem(try await buyer.reserveTickets(sale, quantity: 1, email: email), 422, "invalid-fields")
        }
        expectProblem(
            try await buyer.send("GET", "/api/tickets/reservation/RES_20260101000000_AAAAAAAA"), 404, "not-found")
    }

    @Test("an expired reservation is shown as expired and frees its tickets")
    func expiry() async throws {
        let options = StackOptions(services: [.inventory: ["TICKET_HOLD_SECONDS": "1"]])
        try await HoldfastStack.with(options) { stack in
            let sale = try await Sale.open(on: stack, places: 2)
            let buyer = try await sale.guest()
            let reserved: TicketReservationReply = try await buyer.reserveTickets(sale, quantity: 2).value()
            try await eventually(within: .seconds(10), "the reservation ends") {
                let seen: TicketReservationDocument = try await buyer.get(
                    "/api/tickets/reservation/\(reserved.reservationId)")
                return seen.isExpired && seen.timeRemaining == "00:00:00"
            }
            #expect(try await sale.available()["Standing"] == 2)
        }
    }
}

extension APIClient {
    func reserveTickets(
        _ sale: Sale, quantity: Int, email: String = "ada@example.com"
    ) async throws -> APIReply {
        let type = try #require(sale.event.ticketTypes.first { $0.name == "Standing" })
        return try await send(
            "POST", "/api/tickets/reserve",
            json: TicketReservationRequest(
                eventId: sale.event.id, ticketTypeId: type.id, quantity: quantity, customerName: "Ada",
                customerEmail: email, customerPhone: "+351 210 000 000", notes: "aisle, please"))
    }
}
