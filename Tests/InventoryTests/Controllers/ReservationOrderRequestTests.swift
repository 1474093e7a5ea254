import Contracts
import Foundation
import ServiceKit
import Testing

@testable import inventory

@Suite struct ReservationOrderRequestTests {
    private static let eventID = UUIDv7.make(at: Timestamp(milliseconds: 1_800_000_000_000))

    private func order(_ members: String) throws -> ReservationOrder {
        let json = "{\"eventId\":\"\(Self.eventID)\",\(members)}"
        return try ReservationOrder(
            try WireJSON.decoder.decode(ReservationRequest.self, from: Data(json.utf8)), userID: "ada")
    }

    @Test("seats are sorted and folded, so that two orders for them lock in one order")
    func seats() throws {
        #expect(try order(#""seatNumbers":["B-1-1","A-1-2","B-1-1"]"#).selection == .seats(["A-1-2", "B-1-1"]))
    }

    @Test("places by ticket type and the best available are understood")
    func others() throws {
        #expect(
            try order(#""items":[{"ticketTypeId":"t","quantity":2}]"#).selection
                == .items([.init(ticketTypeID: "t", quantity: 2)]))
        #expect(
            try order(#""bestAvailable":{"quantity":4,"section":"A"}"#).selection
                == .bestAvailable(ticketTypeID: nil, section: "A", quantity: 4))
    }

    @Test(
        "what cannot be an order names the field at fault",
        arguments: [
            (#""notes":"x""#, "seatNumbers"), (#""seatNumbers":[]"#, "seatNumbers"),
            (#""seatNumbers":["A-1-1"],"items":[]"#, "seatNumbers"), (#""seatNumbers":[""]"#, "seatNumbers[0]"),
            (#""seatNumbers":["A-1-1","A-1-{2}"]"#, "seatNumbers[1]"),
            (#""seatNumbers":["A-1-1","A-1-\n2"]"#, "seatNumbers[1]"),
            (#""items":[]"#, "items"), (#""items":[{"ticketTypeId":"t","quantity":0}]"#, "items[0].quantity"),
            (#""items":[{"ticketTypeId":"t","quantity":-1}]"#, "items[0].quantity"),
            (#""items":[{"ticketTypeId":"t","quantity":1},{"ticketTypeId":"t","quantity":1}]"#, "items"),
            (#""bestAvailable":{"quantity":1000000}"#, "bestAvailable.quantity"),
            (#""seatNumbers":["A-1-1"],"waitMs":-1"#, "waitMs"),
            (#""seatNumbers":["A-1-1"],"waitMs":60000"#, "waitMs"),
        ])
    func invalid(members: String, field: String) throws {
        do {
            _ = try order(members)
            Issue.record("accepted \(members)")
        } catch let problem as Problem {
            #expect(problem.document(instance: nil).status == 422)
            #expect(problem.fieldErrors.contains { $0.field == field })
        }
    }

    @Test("of many faulty seats some are named")
    func many() throws {
        let seats = repeatElement(#""""#, count: 10_000).joined(separator: ",")
        do {
            _ = try order("\"seatNumbers\":[\(seats)]")
            Issue.record("accepted")
        } catch let problem as Problem {
            #expect(problem.fieldErrors.count == Problem.fieldErrorsMax)
        }
    }

    @Test("customers and notes have limits")
    func limits() throws {
        let long = String(repeating: "x", count: 501)
        do {
            _ = try order(
                #""seatNumbers":["A-1-1"],"notes":"\#(long)","customer":{"name":"\#(long)","phone":"\#(long)"}"#)
            Issue.record("accepted")
        } catch let problem as Problem {
            #expect(problem.fieldErrors.map(\.field) == ["notes", "customer.name", "customer.phone"])
        }
    }
}
