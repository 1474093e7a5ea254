import Contracts
import HTTPKit
import NIOCore
import Synchronization

/// What one measurement sells: orders that were made beforehand, each to the next of many buyers.
final class Sale: Sendable {
    /// Whole requests, made beforehand: what the generator does while it measures is taken from the services.
    private let reservations: [ByteBuffer]
    private let confirmHeads: [ByteBuffer]
    private let next = Atomic<Int>(0)

    /// - Parameters:
    ///   - bodies: the reservations, one an order
    ///   - keyed: whether reservations carry an `Idempotency-Key`
    init(bodies: [String], tokens: [String], gateway: Endpoint, keyed: Bool) {
        let heads = tokens.map { RequestBytes.postHead(ReservationRequests.path, of: gateway, accessToken: $0) }
        let series = UUIDv7.make(at: SystemClock().now())
        reservations = bodies.enumerated().map { order, body in
            RequestBytes.complete(heads[order % heads.count], key: keyed ? "\(series)-\(order)" : nil, body: body)
        }
        confirmHeads = tokens.map { RequestBytes.postHead(Self.confirmationPath, of: gateway, accessToken: $0) }
    }

    /// The number of the next order.
    func nextOrder() throws(SoldOut) -> Int {
        let order = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard order < reservations.count else { throw SoldOut(orders: reservations.count) }
        return order
    }

    /// The reservation of an order.
    func reservation(_ order: Int) -> ByteBuffer { reservations[order] }

    /// The payment of an order.
    func confirmation(_ order: Int, of reservationID: String) -> ByteBuffer {
        RequestBytes.complete(
            confirmHeads[order % confirmHeads.count], key: reservationID, body: Self.confirmation(of: reservationID))
    }

    static let confirmationPath = "/api/bookings/confirm"

    static func confirmation(of reservationID: String) -> String {
        #"{"reservationId":"\#(reservationID)","payment":{"method":"tok_visa"}}"#
    }
}

/// The requests of buyers.
enum ReservationRequests {
    static let path = "/api/inventory/reservations"

    private static let windowSize = 256

    /// Orders of neighbouring seats that sell a hall from the front, as buyers choose, but not in exact order: within a
    /// window they are shuffled, because a crowd does not queue seat by seat.
    static func bodies(eventID: String, seatNumbers: [String], seatsPerOrder: Int) -> [String] {
        var starts = Array(stride(from: 0, through: seatNumbers.count - seatsPerOrder, by: seatsPerOrder))
        for window in stride(from: 0, to: starts.count, by: windowSize) {
            starts[window..<min(window + windowSize, starts.count)].shuffle()
        }
        return starts.map { body(eventID: eventID, seats: seatNumbers[$0..<($0 + seatsPerOrder)]) }
    }

    /// A number of places of one ticket type, whichever.
    static func body(eventID: String, ticketTypeID: String, quantity: Int) -> String {
        #"{"eventId":"\#(eventID)","items":[{"ticketTypeId":"\#(ticketTypeID)","quantity":\#(quantity)}]}"#
    }

    static func body(eventID: String, seats: some Sequence<String>) -> String {
        let list = seats.map { "\"\($0)\"" }.joined(separator: ",")
        return #"{"eventId":"\#(eventID)","seatNumbers":[\#(list)]}"#
    }
}

/// The load was quicker than the hall is large: the measurement would have counted refusals.
struct SoldOut: Error, CustomStringConvertible {
    let orders: Int

    var description: String { "all \(orders) orders were sold before the time was over; use shorter --seconds" }
}
