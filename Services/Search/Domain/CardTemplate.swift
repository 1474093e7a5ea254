import Contracts

/// The JSON of a result with openings where something is filled in later.
///
/// An opening is the byte 1, which JSON never contains, and a letter that says what belongs there.
enum CardTemplate {
    /// What fills the openings.
    struct Filling {
        /// Of each ticket type, in their order.
        let counters: [TicketTypeStock]
        let score: Double
        /// An object, as JSON.
        let highlights: [UInt8]
    }

    private enum Opening: UInt8 {
        case availableCapacity = 0x61
        case totalCapacity
        case score
        case highlights
        /// The first counter of each ticket type, in the order of keys.
        case available
        case total
        case reserved
        case sold
    }

    private static let mark: UInt8 = 1
    /// How deep an event's own fields are in its JSON, and those of its ticket types.
    private static let eventDepth = 1
    private static let typeDepth = 3

    /// The JSON of a result with openings in place of what is filled in later.
    static func make(_ json: [UInt8]) -> [UInt8] {
        var template: [UInt8] = []
        template.reserveCapacity(json.count)
        var position = 0
        var depth = 0
        while position < json.count {
            let byte = json[position]
            if byte == UInt8(ascii: "\"") {
                let end = endOfText(json, from: position)
                template += json[position..<end]
                let opening =
                    json[end...].first == UInt8(ascii: ":")
                    ? Self.opening(named: json[position + 1..<end - 1], at: depth) : nil
                position = end
                if let opening {
                    template += [UInt8(ascii: ":"), mark, opening.rawValue]
                    position = endOfValue(json, from: end + 1)
                }
                continue
            }
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") { depth += 1 }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") { depth -= 1 }
            template.append(byte)
            position += 1
        }
        return template
    }

    /// Appends the template with its openings filled.
    static func fill(_ template: Substring, _ filling: Filling, to bytes: inout [UInt8]) {
        var template = template
        template.withUTF8 { fill($0, filling, to: &bytes) }
    }

    private static func fill(
        _ template: UnsafeBufferPointer<UInt8>, _ filling: Filling, to bytes: inout [UInt8]
    ) {
        var rest = template[...]
        var type = -1
        while let place = rest.firstIndex(of: mark), place + 1 < rest.endIndex {
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: rest[..<place]))
            let opening = Opening(rawValue: rest[place + 1])
            if opening == .available { type += 1 }
            rest = rest[(place + 2)...]
            guard let opening else { continue }
            let counters = filling.counters.indices.contains(type) ? filling.counters[type] : nil
            fill(opening, filling, counters, to: &bytes)
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: rest))
    }

    private static func fill(
        _ opening: Opening, _ filling: Filling, _ counters: TicketTypeStock?, to bytes: inout [UInt8]
    ) {
        func append(_ number: Int) { bytes.append(contentsOf: String(number).utf8) }
        switch opening {
        case .availableCapacity: append(filling.counters.reduce(0) { $0 + $1.available })
        case .totalCapacity: append(filling.counters.reduce(0) { $0 + $1.total })
        case .score: Self.append(filling.score, to: &bytes)
        case .highlights: bytes.append(contentsOf: filling.highlights)
        case .available: append(counters?.available ?? 0)
        case .total: append(counters?.total ?? 0)
        case .reserved: append(counters?.reserved ?? 0)
        case .sold: append(counters?.sold ?? 0)
        }
    }

    /// Whole numbers without a fraction, as the general encoder writes them.
    private static func append(_ number: Double, to bytes: inout [UInt8]) {
        let text = number.description
        bytes.append(contentsOf: text.hasSuffix(".0") ? text.utf8.dropLast(2) : text.utf8[...])
    }

    // MARK: - Walking over JSON

    private static func opening(named name: ArraySlice<UInt8>, at depth: Int) -> Opening? {
        switch (depth, String(decoding: name, as: UTF8.self)) {
        case (eventDepth, "availableCapacity"): .availableCapacity
        case (eventDepth, "totalCapacity"): .totalCapacity
        case (eventDepth, "score"): .score
        case (eventDepth, "highlights"): .highlights
        case (typeDepth, "availableCount"): .available
        case (typeDepth, "capacity"), (typeDepth, "totalQuantity"): .total
        case (typeDepth, "reservedQuantity"): .reserved
        case (typeDepth, "soldQuantity"): .sold
        default: nil
        }
    }

    /// The place behind the text that begins at `start`.
    private static func endOfText(_ json: [UInt8], from start: Int) -> Int {
        var position = start + 1
        while position < json.count, json[position] != UInt8(ascii: "\"") {
            position += json[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(position + 1, json.count)
    }

    /// The place behind a number, or an empty object, that begins at `start`.
    private static func endOfValue(_ json: [UInt8], from start: Int) -> Int {
        if json[start...].starts(with: "{}".utf8) { return start + 2 }
        return json[start...].firstIndex { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
        } ?? json.count
    }
}
