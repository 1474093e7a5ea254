import Contracts

/// What is bought and for how much: fixed before the buyer is charged, so that nothing later can change the deal.
struct Purchase: Sendable, Hashable, Codable {
    /// One place: a seat, or one admission without a number.
    struct Line: Sendable, Hashable, Codable {
        let ticketTypeID: String
        let seatID: String?
        let seatNumber: String?
        let priceMinorUnits: Int64

        enum CodingKeys: String, CodingKey {
            case ticketTypeID = "t"
            case seatID = "i"
            case seatNumber = "n"
            case priceMinorUnits = "p"
        }
    }

    let lines: [Line]
    let customer: CustomerDocument?
    var notes: String?
    let reservedAt: Timestamp
    /// The numbers that were given out with the hold, in the order of the lines; nil where the booking gives them.
    var ticketNumbers: [String]?

    /// The number of the ticket at `index`, of a booking with `reference`.
    func ticketNumber(at index: Int, reference: String) -> String {
        guard let ticketNumbers, ticketNumbers.indices.contains(index) else { return "\(reference)-\(index + 1)" }
        return ticketNumbers[index]
    }

    /// The fields of texts with the character U+0000, which no database takes: such tickets could be paid for and never
    /// written.
    var unstorableFields: [String] {
        let texts = [
            ("customer.name", customer?.name), ("customer.email", customer?.email), ("customer.phone", customer?.phone),
            ("notes", notes),
        ]
        return texts.compactMap { field, text in text?.utf8.contains(0) == true ? field : nil }
    }

    /// The sum of the lines; nil when it cannot be counted, which no real purchase comes near.
    var totalMinorUnits: Int64? {
        var total: Int64 = 0
        for line in lines {
            let (sum, overflow) = total.addingReportingOverflow(line.priceMinorUnits)
            guard !overflow, line.priceMinorUnits >= 0 else { return nil }
            total = sum
        }
        return total
    }
}
