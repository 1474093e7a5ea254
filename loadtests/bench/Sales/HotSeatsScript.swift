import HTTPKit
import NIOCore

/// A connection of buyers who want one of a few seats, and give it back as soon as they have it: an operation is a
/// seat that was won and given back, however many attempts it took.
final class HotSeatsScript: LoadScript {
    let readsBodies = true
    private let seats: HotSeats
    private var order = 0
    private var isReleasing = false

    init(_ seats: HotSeats, connection: Int) {
        self.seats = seats
        order = connection
    }

    func begin() -> ByteBuffer {
        isReleasing = false
        order += LoadGenerator.connections
        return seats.reservation(order)
    }

    func received(_ reply: LoadReply) throws -> LoadStep {
        if isReleasing {
            try reply.expect(204)
            return .finished
        }
        if reply.status == 409 { return .send(begin()) }
        try reply.expect(201)
        isReleasing = true
        return .send(seats.release(try reply.reservationID(), order))
    }
}

/// A few seats that many buyers want.
final class HotSeats: Sendable {
    private let reserveHeads: [ByteBuffer]
    private let tokens: [String]
    private let bodies: [String]
    private let gateway: Endpoint

    init(eventID: String, seatNumbers: [String], tokens: [String], gateway: Endpoint) {
        reserveHeads = tokens.map { RequestBytes.postHead(ReservationRequests.path, of: gateway, accessToken: $0) }
        self.tokens = tokens
        bodies = seatNumbers.map { ReservationRequests.body(eventID: eventID, seats: [$0]) }
        self.gateway = gateway
    }

    /// The attempt of the next buyer at any of the seats.
    func reservation(_ order: Int) -> ByteBuffer {
        RequestBytes.complete(
            reserveHeads[order % reserveHeads.count], key: nil,
            body: bodies[Int.random(in: 0..<bodies.count)])
    }

    /// What that buyer sends to give it back.
    func release(_ reservationID: String, _ order: Int) -> ByteBuffer {
        ByteBuffer(
            string: "DELETE \(ReservationRequests.path)/\(reservationID) HTTP/1.1\r\nHost: \(gateway.authority)\r\n"
                + "Authorization: Bearer \(tokens[order % tokens.count])\r\n\r\n")
    }
}
