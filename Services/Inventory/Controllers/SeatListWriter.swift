import Contracts
import Foundation
import NIOCore

/// Writes a list of seats as JSON bytes.
///
/// A hall has tens of thousands of seats and few distinct names and prices, so each of those is encoded once and the
/// rest is copied; a generic encoder takes twenty times as long.
struct SeatListWriter {
    private let event: SaleEvent
    /// The part of a seat that its ticket type decides, by the type's id.
    private let typeParts: [String: String]

    init(event: SaleEvent) throws {
        self.event = event
        var parts: [String: String] = [:]
        for type in event.ticketTypes {
            let price = try Self.json(type.price.amount)
            parts[type.id] =
                "\"seatType\":\(try Self.json(type.name)),\"ticketTypeId\":\"\(type.id)\","
                + "\"price\":\(price),\"currency\":\"\(type.price.currency)\""
        }
        typeParts = parts
    }

    func write(_ seats: some Collection<Seat>) throws -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: 2 + seats.count * 360)
        buffer.writeStaticString("[")
        var isFirst = true
        var section = (name: "", json: "\"\"")
        for seat in seats {
            if !isFirst { buffer.writeStaticString(",") }
            isFirst = false
            if seat.section != section.name { section = (seat.section, try Self.json(seat.section)) }
            let number = try Self.json(seat.number)
            buffer.writeString("{\"seatId\":\"\(event.id):")
            buffer.writeString(number.dropFirst().dropLast().description)
            buffer.writeString("\",\"eventId\":\"\(event.id)\",\"seatNumber\":\(number),\"section\":\(section.json),")
            buffer.writeString("\"rowNumber\":\(seat.row),\(typeParts[seat.ticketTypeID, default: ""]),")
            buffer.writeString("\"status\":\"\(seat.status.rawValue)\"}")
        }
        buffer.writeStaticString("]")
        return buffer
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try WireJSON.encoder.encode(value), as: UTF8.self)
    }
}
