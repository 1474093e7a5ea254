import Contracts
import NIOCore

/// All seats of an event as a picture: sections in seat order, rows of one character a seat.
struct SeatMap: Sendable {
    private struct Block: Sendable {
        let section: EventRules.Section
        let ticketTypeID: String
        /// Row by row.
        var marks: [UInt8]
    }

    let eventID: String
    let version: Int64
    private var blocks: [Block]

    /// A map of seats that are all available.
    ///
    /// - Parameter sections: with the ticket type of each, in seat order
    init(eventID: String, version: Int64, sections: [(section: EventRules.Section, ticketTypeID: String)]) {
        self.eventID = eventID
        self.version = version
        blocks = sections.map { section, ticketTypeID in
            Block(
                section: section, ticketTypeID: ticketTypeID,
                marks: Array(repeating: SeatStatus.available.mark, count: section.seats))
        }
    }

    /// Notes what has become of a seat; one that no section has is left out.
    mutating func mark(_ ordinal: Int64, _ status: SeatStatus) {
        // The last section that begins at or before the seat.
        var low = 0
        var high = blocks.count
        while low < high {
            let middle = (low + high) / 2
            if blocks[middle].section.firstOrdinal <= ordinal { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return }
        let place = Int(ordinal - blocks[low - 1].section.firstOrdinal)
        guard place < blocks[low - 1].marks.count else { return }
        blocks[low - 1].marks[place] = status.mark
    }

    /// The map as JSON: `{eventId, version, statuses, sections: [{name, ticketTypeId, rows: ["AARS…"]}]}`.
    func json() throws -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.reserveCapacity(blocks.reduce(256) { $0 + $1.marks.count + 3 * $1.section.rows + 160 })
        buffer.writeString("{\"eventId\":\"\(eventID)\",\"version\":\(version),\"statuses\":{")
        let statuses = SeatStatus.allCases.map { "\"\(Character(UnicodeScalar($0.mark)))\":\"\($0.rawValue)\"" }
        buffer.writeString("\(statuses.joined(separator: ","))},\"sections\":[")
        for (index, block) in blocks.enumerated() {
            if index > 0 { buffer.writeStaticString(",") }
            buffer.writeStaticString("{\"name\":")
            buffer.writeImmutableBuffer(try WireJSON.encode(block.section.name))
            buffer.writeString(",\"ticketTypeId\":\"\(block.ticketTypeID)\",\"rows\":[")
            let width = block.section.seatsPerRow
            for row in 0..<block.section.rows {
                buffer.writeStaticString(row == 0 ? "\"" : ",\"")
                buffer.writeBytes(block.marks[row * width..<(row + 1) * width])
                buffer.writeStaticString("\"")
            }
            buffer.writeStaticString("]}")
        }
        buffer.writeStaticString("]}")
        return buffer
    }
}

extension SeatStatus {
    /// The character that stands for it in a seat map.
    var mark: UInt8 {
        switch self {
        case .available: UInt8(ascii: "A")
        case .reserved: UInt8(ascii: "R")
        case .sold: UInt8(ascii: "S")
        case .blocked: UInt8(ascii: "B")
        }
    }
}
