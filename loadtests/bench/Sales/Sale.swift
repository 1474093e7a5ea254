import HTTPKit
import NIOCore
import Synchronization

/// What one measurement sells: pairs of neighbouring seats, each to the next of many buyers.
///
/// Pairs are sold from the front of the hall, as buyers choose, but not in exact order: within a window they are
/// shuffled, because a crowd does not queue seat by seat.
final class Sale: Sendable {
    /// Whole requests, made beforehand: what the generator does while it measures is taken from the services.
    private let reservations: [ByteBuffer]
    private let confirmHeads: [ByteBuffer]
    private let next = Atomic<Int>(0)

    private static let seatsPerOrder = 2
    private static let windowSize = 256

    /// - Parameter keyed: whether reservations carry an `Idempotency-Key`
    init(eventID: String, seatNumbers: [String], tokens: [String], gateway: Endpoint, keyed: Bool) {
        var starts = Array(
            stride(from: 0, through: seatNumbers.count - Self.seatsPerOrder, by: Self.seatsPerOrder))
        for window in stride(from: 0, to: starts.count, by: Self.windowSize) {
            starts[window..<min(window + Self.windowSize, starts.count)].shuffle()
        }
        let heads = tokens.map { RequestBytes.postHead(ReservationRequests.path, of: gateway, accessToken: $0) }
        reservations = starts.enumerated().map { order, start in
            RequestBytes.complete(
                heads[order % heads.count], key: keyed ? "\(eventID)-\(order)" : nil,
                body: ReservationRequests.body(
                    eventID: eventID, seats: seatNumbers[start..<(start + Self.seatsPerOrder)]))
        }
        confirmHeads = tokens.map { RequestBytes.postHead("/api/bookings/confirm", of: gateway, accessToken: $0) }
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
            confirmHeads[order % confirmHeads.count], key: reservationID,
            body: #"{"reservationId":"\#(reservationID)","payment":{"method":"tok_visa"}}"#)
    }
}

/// The requests of buyers who know which seats they want.
enum ReservationRequests {
    static let path = "/api/inventory/reservations"

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
